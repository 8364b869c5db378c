"""The newsroom's folder: read, judged, explained, changed."""
