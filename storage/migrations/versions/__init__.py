"""One file a step, oldest first. Never change one that was released."""
