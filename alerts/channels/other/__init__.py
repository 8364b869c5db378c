"""Everything that Apprise reaches and Nightdesk has no channel of its own for."""
