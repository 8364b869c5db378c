"""How fast are articles filed into stories and groups of copies, and what does an article cost to keep?"""
