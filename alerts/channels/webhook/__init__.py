"""A program of the newsroom's own that is told by signed messages."""
