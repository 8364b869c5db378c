"""Tests of the benches: a wrong measure is worse than none."""
