"""Slack, by bot token (threads, edits, look-up) or by webhook (messages only)."""
