"""The checks that ./do check adds to the linters, and their own tests."""
