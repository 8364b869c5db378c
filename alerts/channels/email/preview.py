"""How do the mails that were sent look, side by side?

One page for `preview` and the demo: who wrote to whom about what, the mail on a desk and on a telephone, by
day and in the dark, without its styles, and its plain text. Nothing in a mail runs and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from alerts.channels.email.layout import TEMPLATES
from news.text import clean_line

#: Style sheets, and styles on elements.
STYLES = re.compile(r"<style.*?</style>| (?:style|class|bgcolor|width|align|valign)=\"[^\"]*\"", re.DOTALL)
#: When a mail's dark colors hold: by its reader's room, and in a picture of it.
IN_THE_DARK, ALWAYS, NEVER = "@media (prefers-color-scheme: dark)", "@media all", "@media not all"
#: The headers that are shown, in order.
SHOWN = ("From", "To", "Reply-To", "Subject", "Date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A mail as the page shows it."""

    # Names and values.
    headers: tuple[tuple[str, str], ...]
    html: str
    dark: str
    # The same page in a mail program that takes all styles away.
    bare: str
    text: str


def mail_page(mails: Sequence[bytes]) -> str:
    """Return a page that shows these mails (the bytes of .eml files), in order."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("preview.html").render(mails=[_shown(raw) for raw in mails])


def _shown(raw: bytes) -> Shown:
    mail = message_from_bytes(raw, policy=policy.default)
    headers = ((name, clean_line(str(mail[name]))) for name in SHOWN if mail[name] is not None)
    html = _body(mail, "html")
    bright, dark = (html.replace(IN_THE_DARK, when) for when in (NEVER, ALWAYS))
    return Shown(headers=tuple(headers), html=bright, dark=dark, bare=_bare(html), text=_body(mail, "plain"))


def _bare(html: str) -> str:
    """Return a page without its styles."""
    return STYLES.sub("", html)


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
