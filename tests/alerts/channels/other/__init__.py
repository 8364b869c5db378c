"""Slack, against the fake one."""
