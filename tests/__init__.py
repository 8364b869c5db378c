"""What Nightdesk promises, said as tests; the folders mirror the rooms."""
