"""What do `nightdesk --help` and `nightdesk check` cost?"""
