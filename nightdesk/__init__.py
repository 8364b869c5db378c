"""The program: nothing imports it."""
