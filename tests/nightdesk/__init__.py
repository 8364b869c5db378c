"""Tests of the program: its commands, as somebody would type them."""
