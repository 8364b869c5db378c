"""Does somebody who never finishes asking keep a line?"""

from __future__ import annotations

import asyncio

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from nightdesk.web.patience import Impatient
from tests.web.serving import WebDesk

ASKED = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PATIENCE = 10.0


class Hasty(Impatient):
    """As the console's, with less patience."""

    patience = 0.05


@pytest.mark.parametrize(
    "sent", [b"", ASKED[:20], ASKED + ASKED[:20]], ids=["nothing", "a part", "a part of the next"]
)
def test_a_line_on_which_no_whole_request_comes_is_hung_up(web_desk: WebDesk, sent: bytes) -> None:
    config = Config(web_desk.app, log_config=None, lifespan="off", ws="none")
    config.load()

    async def ask() -> bytes:
        server = await asyncio.get_running_loop().create_server(
            lambda: Hasty(config=config, server_state=ServerState(), app_state={}), "127.0.0.1", 0
        )
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(sent)
            answered = await asyncio.wait_for(reader.read(), PATIENCE)
            writer.close()
        return answered

    answered = asyncio.run(ask())
    assert answered.count(b"200 OK") == sent.count(ASKED)
