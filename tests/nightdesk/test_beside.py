"""What runs beside the watch: does it begin with it, end with it, and never stop it?"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from pathlib import Path
from time import monotonic

import pytest
from cryptography.hazmat.primitives import serialization

from nightdesk.doctor import look_at_heartbeat
from nightdesk.heartbeat import HEARTBEAT, beat_once, failing, last_beat
from nightdesk.service import Beside, Service
from nightdesk.watchdog import HANGS, beat, hanging, keep_watchdog
from nightdesk.web.server import closed_because, console_of_service
from tests.crawler.test_trust import Authority
from tests.fakes.clock import real_time
from tests.fakes.serving import Answer, Listener, Received
from tests.nightdesk.desk import Desk
from tests.nightdesk.serving import ON_THE_CONSOLE, Serving, serving
from tests.web.living import free_port

PATIENCE = 20.0


def test_what_fails_beside_the_watch_is_told_once_and_begun_again(
    new_desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    begun: list[int] = []

    async def fails(service: Service) -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            raise RuntimeError("no such thing")
        service.nudge("nobody")

    async def script(here: Serving) -> None:
        await here.until(lambda: len(begun) == 3)
        assert await here.warnings() == ["The buttons stopped working"]
        assert await here.files("Sanctuary city vote")

    serving(new_desk(sources=[], **ON_THE_CONSOLE), script, beside=(Beside(name="buttons", keep=fails),))
    said = [record for record in caplog.records if "beside the watch failed" in record.message]
    assert len(said) == 2


def test_what_does_not_end_beside_the_watch_is_ended_with_it(new_desk: Callable[..., Desk]) -> None:
    ended: list[str] = []

    async def goes_on(_service: Service) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    async def script(_here: Serving) -> None:
        await asyncio.sleep(0)

    serving(new_desk(sources=[], **ON_THE_CONSOLE), script, beside=(Beside(name="line", keep=goes_on),))
    assert ended == ["ended"]


def test_a_port_that_is_taken_keeps_the_console_away_and_not_the_watch(
    new_desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    desk = new_desk(sources=[], **{**ON_THE_CONSOLE, "console": {"address": f"127.0.0.1:{port}"}})
    said: list[str] = []

    async def script(here: Serving) -> None:
        assert await here.files("Sanctuary city vote")
        await here.until(lambda: any("console not opened" in each.message for each in caplog.records))

    with socket.create_server(("127.0.0.1", port)):
        serving(desk, script, beside=(console_of_service(said.append, always=True),))
    assert said == []


def test_others_reach_the_console_only_when_somebody_has_a_password(
    new_desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    console = {
        "address": f"0.0.0.0:{free_port()}",
        "public_url": "https://desk.newsroom.test",
        "trusted_proxy": "127.0.0.1",
    }
    desk = new_desk(sources=[], **{**ON_THE_CONSOLE, "console": console})

    async def script(here: Serving) -> None:
        await here.until(lambda: any("console not opened" in each.message for each in caplog.records))

    serving(desk, script, beside=(console_of_service(lambda _: None, always=False),))
    (closed,) = [each for each in caplog.records if "console not opened" in each.message]
    assert "nobody has a password" in str(getattr(closed, "why", ""))


def test_systemd_hears_that_the_watch_goes_on(new_desk: Callable[..., Desk], tmp_path: Path) -> None:
    where = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(where))
        door.settimeout(PATIENCE)
        heard: list[str] = []

        async def script(_here: Serving) -> None:
            while "WATCHDOG=1" not in heard:
                heard.append((await asyncio.to_thread(door.recv, 100)).decode())

        environment = {"NOTIFY_SOCKET": str(where), "WATCHDOG_USEC": "200000"}
        desk = new_desk(sources=[], environment=environment, **ON_THE_CONSOLE)
        serving(desk, script, beside=(Beside(name="watchdog", keep=keep_watchdog),))
        assert heard[0] == "READY=1"
    assert beat({}) == 0.0
    assert hanging({"poll": 0.0, "tell": 900.0}, now=1000.0) == ["poll"]


def test_somebody_elsewhere_hears_that_it_lives_or_what_hangs_and_no_log_names_the_address(
    new_desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    asked: list[str] = []

    def respond(request: Received) -> Answer:
        asked.append(request.path)
        return Answer(status=500 if request.path.endswith("/fail") else 200, body=b"OK")

    watcher = Listener(respond, clock=real_time)
    health = {"to": "console", "heartbeat": "${HEARTBEAT_URL}"}
    desk = new_desk(
        sources=[],
        environment={"HEARTBEAT_URL": f"{watcher.url}/ping/5f3a91"},
        fetch={"allow_addresses": [f"127.0.0.1:{watcher.port}"]},
        **{**ON_THE_CONSOLE, "health": health},
    )

    async def script(here: Serving) -> None:
        await here.until(lambda: bool(asked))
        address, now = here.rooms.settings.health.heartbeat, desk.clock()
        assert address is not None
        here.service.visited["poll"] = monotonic() - 2 * HANGS
        ill = await beat_once(here.service, address, None, began=now)
        assert (ill.unwell, ill.reached) == ("poll hangs", None)
        assert ill.trouble == "has trouble of its own"
        assert await here.rooms.store.read(last_beat) == ill
        settings, hour = here.rooms.settings, timedelta(hours=1)
        for last, state in ((None, "warning"), (ill, "warning"), (replace(ill, reached=now), "error")):
            (found,) = look_at_heartbeat(settings, last, now=now)
            assert (found.state, bool(found.fixes)) == (state, True)
        well = replace(ill, reached=now, trouble="", unwell="")
        assert [each.state for each in look_at_heartbeat(settings, well, now=now)] == ["ok"]
        assert [each.state for each in look_at_heartbeat(settings, well, now=now + hour)] == ["error"]

    serving(desk, script, beside=(HEARTBEAT,))
    watcher.close()
    assert asked == ["/ping/5f3a91", "/ping/5f3a91/fail"]
    assert not [record for record in caplog.records if "5f3a91" in f"{record.getMessage()}{vars(record)}"]
    assert failing("https://watcher.test/ping/a?b=c") == "https://watcher.test/ping/a/fail?b=c"


def headers_of(console: HTTPConnection) -> HTTPMessage:
    """Return what stands over the page where one signs in."""
    with closing(console):
        console.request("GET", "/sign-in")
        answer = console.getresponse()
        assert answer.status == 200
        return answer.headers


def test_the_console_speaks_https_by_itself_and_says_which_file_keeps_it_from_it(
    new_desk: Callable[..., Desk],
) -> None:
    port, authority = free_port(), Authority("Nightdesk test authority")
    files = {"tls_certificate": "localhost.pem", "tls_key": "localhost.pem"}
    console = {"address": f"127.0.0.1:{port}", **files}
    desk = new_desk(sources=[], **{**ON_THE_CONSOLE, "console": console})
    authority.write(desk.folder, "localhost")
    other = authority.write(desk.folder, "elsewhere")
    trusted = ssl.create_default_context(
        cadata=authority.certificate.public_bytes(serialization.Encoding.PEM).decode()
    )

    async def script(here: Serving) -> None:
        await here.until(lambda: any("sign in" in each for each in said))
        headers = await asyncio.to_thread(headers_of, HTTPSConnection("localhost", port, context=trusted))
        cookie = headers["Set-Cookie"]
        assert cookie.startswith("__Host-nightdesk_visitor=")
        assert "Secure" in cookie
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        with pytest.raises(ConnectionError):
            await asyncio.to_thread(headers_of, HTTPConnection("127.0.0.1", port))
        wrong = replace(here.rooms.settings.console, tls_key=str(other))
        assert "does not belong to the certificate" in await closed_because(here.service, wrong)

    said: list[str] = []
    serving(desk, script, beside=(console_of_service(said.append, always=True),))
    assert f"https://127.0.0.1:{port}/come-in/" in said[0]
