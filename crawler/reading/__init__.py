"""From bytes to clippings and pages. Nothing here fetches; it runs in a fenced child process."""
