"""Tests that start the real program as a process, drive its clock, kill it, and look at what arrived."""
