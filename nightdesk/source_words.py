"""What are the ways to read a source called?"""

from __future__ import annotations

NEWEST = 5  # items that are shown of what is found
#: What a way of reading is called.
WAYS = {
    "feed": "feed",
    "google-news": "feed",
    "news-sitemap": "news sitemap",
    "page-list": "list on the page",
    "page-watch": "additions to the page",
    "json": "answer for programs (JSON)",
    "legistar": "council calendar",
    "spider": "spider",
}
