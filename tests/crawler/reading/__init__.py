"""News in: what the crawler promises."""
