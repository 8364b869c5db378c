"""What Scrapy fetches for us, one file a kind of page; found by Scrapy, imported by nobody."""
