"""A proxy that cannot be used, or that refuses, as it is told on the screen: it is named, and not the site blamed."""

from __future__ import annotations

import pytest

from tests.ui.driving import Open, exploring, options, screen_text, until
from tests.wire.answers import HTML, answer
from tests.wire.server import Server, listening

ACME = "https://acme.invalid"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("407 Proxy Authentication Required", "It asks for a user and password."),
        ("502 Bad Gateway", "did not let the request through (502 Bad Gateway)."),
    ],
)
async def test_what_a_proxy_refuses_is_the_proxys_and_r_asks_it_again(
    status: str, words: str, open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Server(lambda _: (answer(status, b"<html>Confluence</html>", HTML), "close"))
    async with listening(proxy):
        monkeypatch.setenv("HTTPS_PROXY", proxy.origin)
        async with open_app(options(ACME)) as (app, pilot):
            await until(pilot, lambda: exploring(app).error is not None)
            await pilot.pause()
            assert f"The proxy {proxy.host} did not let the request through" in screen_text(app)
            assert words in screen_text(app)
            assert "r tries again" in screen_text(app)
            asked = len(proxy.requests)
            await pilot.press("r")
            await until(pilot, lambda: len(proxy.requests) > asked and not exploring(app).loading)
            assert {request.method for request in proxy.requests} == {"CONNECT"}
            assert not any("authorization" in request.headers for request in proxy.requests)


async def test_a_proxy_variable_that_cannot_be_used_is_named(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "junk://ann:hunter2@127.0.0.1")
    async with open_app(options(ACME)) as (app, pilot):
        await until(pilot, lambda: exploring(app).error is not None)
        await pilot.pause()
        assert "The environment variable HTTPS_PROXY cannot be used." in screen_text(app)
        assert "hunter2" not in screen_text(app)
