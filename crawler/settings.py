"""What differs from Scrapy's defaults, and why?

Scrapy reads this module (`scrapy.cfg`), for the engine and for `python -m scrapy crawl article -a url=...`
alike. The engine puts the newsroom's own choices (user agent, time-out, robots) on top. Scrapy 2.19 is open
by default: certificates unverified, bodies of 1 GiB, 180 seconds, readers for files and FTP, a telnet
console. All of that is shut here.
"""

from __future__ import annotations

BOT_NAME = "nightdesk"
SPIDER_MODULES = ["crawler.spiders"]

# ── Who we are on other people's servers ────────────────────────────────────────────────────────────────────
USER_AGENT = "Nightdesk"
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False  # nobody is followed, and nothing is asked for twice because of a cookie
REFERRER_POLICY = "no-referrer"  # which source led us to a page is nobody's business
DEFAULT_REQUEST_HEADERS = {
    "Accept": "application/rss+xml,application/atom+xml,application/feed+json,text/html,*/*;q=0.8",
}

# ── The fence ───────────────────────────────────────────────────────────────────────────────────────────────
DOWNLOAD_HANDLERS = {
    "http": "crawler.downloader.FencedHandler",
    "https": "crawler.downloader.FencedHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.fence.FencedResolver"  # for `scrapy crawl`; the engine installs it itself
FENCE_ALLOW_ADDRESSES: list[str] = []  # "address:port" pairs that may be private
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 20  # seconds for a whole answer, connecting included
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes, before and after decompression; feeds get 5 MiB
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a feed that was cut off still holds entries; `Fetched.complete` tells
HTTPPROXY_ENABLED = False  # behind a proxy the address that was really asked could not be checked
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# ── Pace ────────────────────────────────────────────────────────────────────────────────────────────────────
DOWNLOADER = "crawler.downloader.PoliteDownloader"
CONCURRENT_REQUESTS = 32  # for `scrapy crawl`; the engine has its own count
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0
RETRY_ENABLED = False  # `news.timing` decides when to ask again, and it knows Retry-After
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
HTTPCACHE_ENABLED = False  # ETag, Last-Modified and the body's hash are columns of the source

DOWNLOADER_MIDDLEWARES = {
    "crawler.items.Witness": 10,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.downloader.Unpacking": 590,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}

ITEM_PIPELINES = {"crawler.items.PrintItems": 900}

# ── Nothing that grows while the program runs for weeks ─────────────────────────────────────────────────────
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
DOWNLOADER_STATS = False
STATS_DUMP = False
LOG_FORMATTER = "crawler.downloader.QuietLog"
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
