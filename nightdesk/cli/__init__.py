"""The command line, one file per command; `root.py` imports the one that is asked for."""
