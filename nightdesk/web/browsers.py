"""What is a browser called, in words that its owner knows it by?"""

from __future__ import annotations

#: What a browser says of itself → what people call it; the first that fits.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Mac OS X", "a Mac"),
    ("Windows", "Windows"),
    ("Linux", "Linux"),
)


def name_of_browser(said: str) -> str:
    """Return "Firefox on Linux"; the words are ours, never what was sent."""
    browser = next((name for mark, name in BROWSERS if mark in said), "a browser")
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    return f"{browser} on {system}" if system else browser
