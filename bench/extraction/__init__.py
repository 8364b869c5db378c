"""Is the text of articles found as well as trafilatura finds it, at no more cost?"""
