"""What do the pages load? Our own files, which a browser keeps until their address changes."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from nightdesk.web.page import Page
from nightdesk.web.rendering import TYPES, static_files

FOR_EVER = "public, max-age=31536000, immutable"


async def static(request: Request) -> Response:
    """Hand out a file."""
    stamp, content = static_files().get(request.path_params["name"], ("", b""))
    if not stamp or request.path_params["stamp"] != stamp:
        raise HTTPException(404)
    ending = "." + request.path_params["name"].rpartition(".")[2]
    return Response(content, media_type=TYPES[ending], headers={"Cache-Control": FOR_EVER})


ROUTES = (Page(path="/static/{stamp}/{name}", answer=static, role=None),)
