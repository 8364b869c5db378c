"""Tests of sameness: one story or two, what is new, what an outlet changed."""
