"""The watchlist language."""
