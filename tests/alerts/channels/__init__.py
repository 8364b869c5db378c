"""The ways out, each against a fake of what it reaches."""
