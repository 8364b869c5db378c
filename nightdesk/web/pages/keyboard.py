"""Which keys does the console know, and does this person want single ones?"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from nightdesk.web.page import Page, console_of, form_of, now_of, person, render, see_other

#: Keys that every page knows, and what they do.
KEYS = (
    ("j", "to the next story or line"),
    ("k", "to the one before"),
    ("o", "open it"),
    ("/", "search"),
    ("z", "undo what was done last"),
    ("Escape", "leave a field"),
    ("?", "this page"),
)


async def keyboard(request: Request) -> Response:
    """Show the keys."""
    return render(request, "keyboard.html", keys=KEYS)


async def choose(request: Request) -> Response:
    """Turn single keys on or off for this person."""
    form, reader, now = await form_of(request), person(request), now_of(request)
    off = None if form.on("single_keys") else "off"
    await console_of(request).store.write(
        lambda store: store.choose(f"single keys off: {reader.id}", off, now=now)
    )
    return see_other(request, "/keyboard", say=f"Single keys are {'off' if off else 'on'} for you now.")


ROUTES = (
    Page(path="/keyboard", answer=keyboard),
    Page(path="/keyboard", answer=choose, methods=("POST",)),
)
