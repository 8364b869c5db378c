"""Do two articles tell the same story, what is new in the second, and what did an outlet change?

`window.py` places articles in stories; `changes.py` finds corrections between two versions of one article.
"""
