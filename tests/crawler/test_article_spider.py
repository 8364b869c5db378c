"""The spider reads one page by itself, behind the same fence as the program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.crawler.desk import START, an_outlet, printed
from tests.fakes.clock import FakeClock
from tests.fakes.web import OutletSite

ROOT = Path(__file__).resolve().parents[2]


def crawled(folder: Path, url: str, *allow: str) -> list[dict[str, Any]]:
    """Return what `scrapy crawl article` writes for an address."""
    out = folder / "page.json"
    command = [sys.executable, "-m", "scrapy", "crawl", "article", "-a", f"url={url}", "-O", str(out)]
    settings = ["-s", f"FENCE_ALLOW_ADDRESSES={','.join(allow)}", "-s", "LOG_LEVEL=CRITICAL"]
    subprocess.run([*command, *settings], cwd=ROOT, check=True, timeout=60, capture_output=True)
    text = out.read_text(encoding="utf-8") if out.exists() else ""
    found: list[dict[str, Any]] = json.loads(text or "[]")
    return found


def test_one_page_is_read_from_the_command_line(tmp_path: Path) -> None:
    article = printed("Mayor skips meeting")
    with OutletSite(an_outlet(), [article], clock=FakeClock(START)) as site:
        (page,) = crawled(tmp_path, site.article_url(article.slug), site.address)
    assert page["title"] == "Mayor skips meeting"
    assert page["text"] == "\n".join(article.paragraphs)


def test_the_command_line_stands_behind_the_fence_too(tmp_path: Path) -> None:
    article = printed("Mayor skips meeting")
    with OutletSite(an_outlet(), [article], clock=FakeClock(START)) as site:
        assert crawled(tmp_path, site.article_url(article.slug)) == []
        assert site.requests == ()


def test_the_command_line_asks_robots_txt_too(tmp_path: Path) -> None:
    article = printed("Mayor skips meeting")
    with OutletSite(an_outlet(disallow=("/",)), [article], clock=FakeClock(START)) as site:
        assert crawled(tmp_path, site.article_url(article.slug), site.address) == []
        assert [request.path for request in site.requests] == ["/robots.txt"]
