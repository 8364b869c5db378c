"""How quickly does the desk in Slack answer while the crawler is busy?"""
