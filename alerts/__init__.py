"""News out: from a story that changed to a message that arrived, once."""
