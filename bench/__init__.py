"""Numbers with floors: how fast it is, and how well it judges."""
