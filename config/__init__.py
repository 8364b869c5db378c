"""What the newsroom decides: files and environment in, settings out."""
