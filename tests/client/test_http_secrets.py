"""Where the token goes, and where neither it nor anything else goes."""

from __future__ import annotations

import base64
import logging
import subprocess
import sys
import traceback
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from auditui.client.auth import Basic
from auditui.client.faults import Fault
from auditui.client.http import Http
from auditui.model.account import Account, Credential
from auditui.model.errors import AudituiError, UsageError
from auditui.model.secret import Secret
from auditui.model.site import Site

TOKEN = "ATATT-very-secret-token"
PAIR = base64.b64encode(f"ann@example.com:{TOKEN}".encode()).decode()
CLOUD = b'{"cloudId":"11111111-2222-3333-4444-555555555555"}'


def answer(status: int, body: bytes = b"{}", *headers: str) -> tuple[bytes]:
    lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body)}", *headers, "", ""]
    return ("\r\n".join(lines).encode() + body,)


async def fetch(reading: Any, search: str = "") -> Any:
    return await reading.log.fetch(1_700_000_000_000, 1_700_000_100_000, search, 40, 100)


def shown(error: BaseException) -> str:
    """All that a careless handler could print of an error: its chain, and the locals of every frame."""
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def assert_no_secret(text: str) -> None:
    assert text
    assert TOKEN not in text
    assert PAIR not in text


async def test_what_a_request_looks_like(serve: Any, read: Any) -> None:
    site = await serve(answer(200))
    await fetch(read(site.origin), "Zürich & [x] + y%20")
    (request,) = site.requests
    assert (request.method, request.path) == ("GET", "/wiki/rest/api/audit")
    assert request.query == {
        "startDate": "1700000000000",
        "endDate": "1700000100000",
        "searchString": "Zürich & [x] + y%20",
        "start": "40",
        "limit": "100",
    }
    assert request.headers.pop("host") == site.origin.partition("//")[2]
    assert request.headers.pop("user-agent").startswith("auditui/")
    assert request.headers == {
        "accept": "application/json",
        "accept-encoding": "gzip",
        "connection": "keep-alive",
        "authorization": f"Basic {PAIR}",
    }


async def test_an_empty_search_is_not_sent_and_every_request_is_a_dated_get(serve: Any, read: Any) -> None:
    site = await serve(answer(503), answer(401), answer(200, CLOUD), answer(200))
    gateway = await serve(answer(500), answer(200))
    await fetch(read(site.origin, gateway=gateway.origin))
    requests = [*site.requests, *gateway.requests]
    assert [request.method for request in requests] == ["GET"] * 5
    asked = [request.query for request in requests if request.path.endswith("/audit")]
    assert (
        asked
        == [{"startDate": "1700000000000", "endDate": "1700000100000", "start": "40", "limit": "100"}] * 4
    )


async def test_nothing_but_get_can_be_sent() -> None:
    offered = {name for name in dir(Http) if not name.startswith("_")}
    assert offered == {"get", "aclose"}


async def test_the_page_that_tells_the_cloud_id_gets_no_token(serve: Any, read: Any) -> None:
    site = await serve(answer(401), answer(200, CLOUD))
    gateway = await serve(answer(200))
    await fetch(read(site.origin, gateway=gateway.origin))
    told = [(request.path, "authorization" in request.headers) for request in site.requests]
    assert told == [("/wiki/rest/api/audit", True), ("/_edge/tenant_info", False)]
    assert gateway.requests[0].headers["authorization"] == f"Basic {PAIR}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_leads_nowhere(status: int, serve: Any, read: Any) -> None:
    elsewhere = await serve(answer(200))
    site = await serve(answer(status, b"", f"Location: {elsewhere.origin}/wiki/rest/api/audit"))
    with pytest.raises(AudituiError, match="has moved"):
        await fetch(read(site.origin))
    assert (elsewhere.connections, len(site.requests)) == (0, 1)


async def test_cookies_are_not_sent_back(serve: Any, read: Any) -> None:
    site = await serve(answer(200, b"{}", "Set-Cookie: session=1; Path=/"), answer(200))
    reading = read(site.origin)
    await fetch(reading)
    await fetch(reading)
    assert len(site.requests) == 2
    assert all("cookie" not in request.headers for request in site.requests)


@pytest.mark.parametrize(
    "address",
    ["{other}/x", "http://user:pass@{host}/x", "https://{host}/x", "http://127.0.0.1/x", "//{host}/x", "/x"],
)
async def test_no_other_origin_can_be_asked(address: str, serve: Any) -> None:
    site, other = await serve(answer(200)), await serve(answer(200))
    http = Http((site.origin,))
    url = address.format(other=other.origin, host=site.origin.partition("//")[2])
    with pytest.raises(ValueError, match="foreign address"):
        await http.get(url, auth=Basic(CREDENTIAL))
    await http.aclose()
    assert site.connections + other.connections == 0


def test_a_user_in_the_site_address_is_refused(read: Any) -> None:
    with pytest.raises(UsageError, match="user name"):
        read("https://ann:pass@acme.atlassian.net")


CREDENTIAL = Credential(Account(Site.parse("http://127.0.0.1:1"), "ann@example.com"), Secret(TOKEN))


def test_no_repr_shows_the_token(read: Any) -> None:
    log = read("http://127.0.0.1:1").log
    for thing in (log, log._http, log._http._client, log._auth, Basic(CREDENTIAL), CREDENTIAL, vars(log)):
        assert_no_secret(repr(thing) + str(thing))


@pytest.mark.parametrize(
    "script",
    [
        answer(401, b"<html>"),
        answer(403),
        answer(404),
        answer(429, b"", "Retry-After: 99"),
        answer(500),
        answer(302, b"", "Location: /x"),
        answer(200, b"<html>"),
        answer(200, b"x", "Content-Encoding: gzip"),
        (b"no http at all\r\n\r\n", "close"),
        ("reset",),
        ("close",),
    ],
)
async def test_no_error_shows_the_token(script: Any, serve: Any, read: Any) -> None:
    site = await serve(script)
    with pytest.raises(AudituiError) as raised:
        await fetch(read(site.origin))
    assert_no_secret(shown(raised.value))
    assert_no_secret(repr(raised.value) + str(raised.value) + raised.value.sentences())
    seen: BaseException | None = raised.value
    while seen is not None:
        assert not isinstance(seen, httpx.HTTPError | Fault)
        seen = seen.__cause__ or seen.__context__


async def test_the_libraries_log_no_address(serve: Any, read: Any, caplog: pytest.LogCaptureFixture) -> None:
    site = await serve(answer(200))
    with caplog.at_level(logging.DEBUG):
        await fetch(read(site.origin), "who-was-looked-for")
    assert len(site.requests) == 1
    assert "who-was-looked-for" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]


def test_the_package_alone_brings_no_http_library() -> None:
    program = "import sys, auditui.client; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def escaped(text: str) -> str:
    """As some servers write JSON: every sign that is no letter by its number."""
    return "".join(sign if sign.isalnum() else f"\\u{ord(sign):04X}" for sign in text)


def spelled(text: str) -> str:
    """As no server writes JSON, but may: every letter by its number."""
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def said(status: int, words: str) -> tuple[bytes]:
    return answer(status, f'{{"message": "You sent {words}"}}'.encode(), "Content-Type: application/json")


BASIC = f"Authorization: Basic {PAIR}"
REPEATED = {
    "the header": said(403, BASIC),
    "the header without its end": said(403, BASIC.rstrip("=")),
    "the token": said(400, TOKEN),
    "the token twice, in capitals besides": said(418, f"{TOKEN.upper()} {TOKEN} {TOKEN}"),
    "quoted for a URL": said(403, quote(f"{PAIR} {TOKEN}", safe="")),
    "quoted in small letters": said(403, quote(PAIR, safe="").replace("%3D", "%3d")),
    "escaped": said(403, escaped(f"{PAIR} {TOKEN}")),
    "every letter escaped": said(403, spelled(f"{PAIR} {TOKEN}")),
    "at the end of what is quoted": said(403, "x" * 280 + TOKEN),
    "as plain text": answer(418, f"Refused: {BASIC} {TOKEN}".encode(), "Content-Type: text/plain"),
    "in base64 for a URL": said(403, base64.urlsafe_b64encode(f"ann:{TOKEN}".encode()).decode()),
    "as the pair of somebody else": said(403, base64.b64encode(f"x:{TOKEN}".encode()).decode()),
    "as the reason of the log-in": answer(401, b"{}", f"X-Seraph-Loginreason: {BASIC}"),
    "as the reason of a prohibition": answer(403, b"{}", f"X-Seraph-Loginreason: {TOKEN}"),
    "in the address of a redirect": answer(302, b"", f"Location: https://{TOKEN}.example/{PAIR}?{TOKEN}"),
    "as the compression": answer(200, b"{}", f"Content-Encoding: {TOKEN}"),
    "in no HTTP at all": (f"{TOKEN} {BASIC}\r\n\r\n".encode(), "close"),
}


@pytest.mark.parametrize("how", REPEATED)
async def test_words_of_a_server_that_repeats_the_credential_show_it_not(
    how: str, serve: Any, read: Any
) -> None:
    site = await serve(REPEATED[how])
    with pytest.raises(AudituiError) as raised:
        await fetch(read(site.origin))
    told = raised.value.sentences()
    assert "(hidden)" in told
    assert_no_secret(told)
    assert PAIR.rstrip("=")[-16:] not in told
    assert TOKEN[:7].lower() not in told.lower()
    assert TOKEN[-12:].lower() not in told.lower()
