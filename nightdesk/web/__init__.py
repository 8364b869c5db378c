"""The console: pages for people who never open a terminal. `page.py` says how one is made."""
