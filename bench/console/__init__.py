"""Is the console quick on a large archive?"""
