"""News out."""
