"""Small real servers and one invented day: what tests, the demo and authors of channels talk to."""
