"""The desk in Slack: what people click, choose and type there, and what comes of it."""
