"""Where does somebody begin? At the stories; whoever starts Nightdesk the first time, at setting it up."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config.settings import Role
from nightdesk.web.page import Page, console_of, person, settings_of
from nightdesk.web.setup import CHOICE, is_open


async def home(request: Request) -> Response:
    """Send the reader on."""
    settings = settings_of(request)
    chosen = await console_of(request).store.read(lambda store: store.chosen(CHOICE))
    if person(request).role is Role.ADMIN and is_open(settings, chosen):
        return RedirectResponse("/setup", status_code=303)
    first = next((door.path for door in request.app.state.nav), "/status")
    return RedirectResponse(first, status_code=303)


ROUTES = (Page(path="/", answer=home),)
