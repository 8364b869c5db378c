"""Mail: how a message looks as a mail, and how one is handed to a mail server."""
