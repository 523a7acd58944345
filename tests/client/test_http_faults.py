"""What goes wrong between auditui and a site, and what the user is told, after how many requests."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest

from auditui.client.http import Limits
from auditui.model.errors import (
    AddressNotAllowed,
    AnswerTooBig,
    AudituiError,
    ConnectionFailed,
    FreePlan,
    HostNotFound,
    NoConfluenceAccess,
    NotAdministrator,
    NotConfluence,
    ProxyFailed,
    QueryRefused,
    RateLimited,
    ScopedTokenRefused,
    ServerFailed,
    TimedOut,
    TokenRefused,
    UnreadableAnswer,
)

SHORT = Limits(connect=0.3, read=0.3, exchange=0.5, wire=100_000, decoded=3_000_000)
PAGE = b'{"results":[],"_links":{}}'
PACKED = gzip.compress(PAGE)
BOMB = gzip.compress(bytes(20_000_000))


def answer(status: int | str, body: bytes = b"", *headers: str) -> bytes:
    """An answer on the wire, whole and well formed."""
    first = status if isinstance(status, str) else f"{status} Reason"
    lines = [f"HTTP/1.1 {first}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def says(text: str) -> bytes:
    return json.dumps({"message": text, "statusCode": 403}).encode()


GOOD = (answer(200, PAGE, "Content-Type: application/json"),)
GZIPPED = "Content-Encoding: gzip"
ALLOWLIST = {
    "errorMessages": [
        "The IP address has been rejected because it is not on the allowed list. See your admin."
    ],
    "errors": {},
}
LACKS = "The request has not been applied to the target resource because it lacks valid authentication credentials for that resource."


async def ask(reading: Any, **options: Any) -> Any:
    """One page, within a time that no fault may exceed."""
    async with asyncio.timeout(8):
        return await reading.log.fetch(1_000, 2_000, "", 0, 1_000, **options)


async def failure(reading: Any, **options: Any) -> AudituiError:
    with pytest.raises(AudituiError) as raised:
        await ask(reading, **options)
    return raised.value


# Faults that pass: what the site does first, then it is well. (script, waits announced)
PASSING = {
    "reset before the headers": (("reset",), [1.0]),
    "reset in the middle of the body": ((b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "reset"), [1.0]),
    "shorter than it said": ((b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "close"), [1.0]),
    "closed without an answer": (("close",), []),
    "headers that never end": ((b"HTTP/1.1 200 OK\r\n", "drip"), [1.0]),
    "headers that never come": (("hang",), [1.0]),
    "a body that drips": ((b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "drip"), [1.0]),
    "gzip that ends early": ((answer(200, PACKED[:-6], GZIPPED),), [1.0]),
    "gzip that is damaged": ((answer(200, b"\x1f\x8b" + PACKED[5:], GZIPPED),), [1.0]),
    "429 that asks for 5 seconds": ((answer(429, b"", "Retry-After: 5"),), [5.0]),
    "429 that names a moment": (
        (
            answer(
                429,
                b"",
                "Date: Mon, 23 Nov 2026 10:00:00 GMT",
                "Retry-After: Mon, 23 Nov 2026 10:00:07 GMT",
            ),
        ),
        [7.0],
    ),
    "429 without a time": ((answer(429),), [1.0]),
    "429 with 0": ((answer(429, b"", "Retry-After: 0"),), [1.0]),
    "429 with nonsense": ((answer(429, b"", "Retry-After: 5, 10"),), [1.0]),
    "500": ((answer(500, b"<html>oops"),), [1.0]),
    "502": ((answer(502),), [1.0]),
    "503 that asks for 9 seconds": ((answer(503, b"", "Retry-After: 9"),), [9.0]),
    "504": ((answer(504),), [1.0]),
}


@pytest.mark.parametrize("name", PASSING)
async def test_a_fault_that_passes_is_waited_out(name: str, serve: Any, read: Any) -> None:
    script, waits = PASSING[name]
    site = await serve(script, GOOD)
    reading = read(site.origin, limits=SHORT)
    assert await ask(reading) == PAGE
    assert len(site.requests) == 2
    assert reading.naps == waits
    told = [wait for wait in reading.announced if wait]
    assert [wait.seconds for wait in told] == waits
    assert all(site.origin.partition("//")[2] in wait.why and wait.attempt == 1 for wait in told)
    assert reading.announced[1::2] == [None] * len(waits)


# Faults that stay: (script, error, words, requests).
LASTING: dict[str, tuple[tuple[bytes | str, ...], type[AudituiError], str, int]] = {
    "reset": (("reset",), ConnectionFailed, "reset the connection", 4),
    "closed": (("close",), ConnectionFailed, "closed the connection without an answer", 4),
    "cut off": (
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "close"),
        ConnectionFailed,
        "broke in the middle of the answer",
        4,
    ),
    "silent": (("hang",), TimedOut, "stopped answering", 4),
    "dripping": (
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "drip"),
        TimedOut,
        "not answered completely after 0.5 seconds",
        4,
    ),
    "garbage": ((b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "close"), NotConfluence, "not answer as a web server", 1),
    "a malformed new address": (
        (answer(302, b"", "Location: https://x:port/"),),
        NotConfluence,
        "not answer as a web server",
        1,
    ),
    "an unreadable new address": ((answer(302, b"", "Location: https://[x"),), ServerFailed, "status 302", 1),
    "empty": ((answer(200),), UnreadableAnswer, "empty answer", 1),
    "204": ((b"HTTP/1.1 204 No Content\r\n\r\n",), UnreadableAnswer, "empty answer", 1),
    "html": (
        (answer(200, b"\n <!doctype html>"),),
        NotConfluence,
        "This is not Confluence (got HTML from 127",
        1,
    ),
    "html by its type": (
        (answer(200, b"Please log in", "Content-Type: text/html"),),
        NotConfluence,
        "This is not Confluence (got HTML from 127",
        1,
    ),
    "gzip bomb": ((answer(200, BOMB, GZIPPED),), AnswerTooBig, "more than a page of records", 7),
    "endless": (
        (b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + bytes(200_000),),
        AnswerTooBig,
        "more than a page of records",
        7,
    ),
    "gzip that ends early": ((answer(200, PACKED[:-6], GZIPPED),), UnreadableAnswer, "truncated", 2),
    "brotli": ((answer(200, b"x", "Content-Encoding: br"),), UnreadableAnswer, "“br”", 1),
    "gzip within gzip": (
        (answer(200, gzip.compress(PACKED), "Content-Encoding: gzip, gzip"),),
        UnreadableAnswer,
        "“gzip, gzip”",
        1,
    ),
    "moved": (
        (answer(301, b"", "Location: /new/place?searchString=x"),),
        NotConfluence,
        "/new/place.",
        1,
    ),
    "moved elsewhere": (
        (answer(302, b"", "Location: https://user@elsewhere.invalid/wiki"),),
        NotConfluence,
        "https://elsewhere.invalid/wiki.",
        1,
    ),
    "moved to nowhere": ((answer(302),), ServerFailed, "status 302", 1),
    "login": (
        (answer(302, b"", "Location: https://id.atlassian.com/login?continue=x"),),
        TokenRefused,
        "You are not signed in",
        1,
    ),
    "its own login": (
        (answer(302, b"", "Location: /login?dest=x"),),
        TokenRefused,
        "You are not signed in",
        1,
    ),
    "400": ((answer(400, says("Bad date: ‹x›")),), QueryRefused, "It says: “Bad date: ‹x›”.", 1),
    "401": ((answer(401, b"<html>no"),), TokenRefused, "rejected the token for ann@example.com", 1),
    "401 with a reason": (
        (answer(401, b"", "X-Seraph-LoginReason: AUTHENTICATION_DENIED"),),
        TokenRefused,
        "AUTHENTICATION_DENIED",
        1,
    ),
    "401 for a password": (
        (answer(401, b"<p>Basic authentication with passwords is deprecated</p>"),),
        TokenRefused,
        "an API token here, not a password",
        1,
    ),
    "401 for a scoped token": ((answer(401, says(LACKS)),), ScopedTokenRefused, "api.atlassian.com", 1),
    "403": ((answer(403, says("No.")),), NotAdministrator, "counted as anonymous. The site says: “No.”.", 1),
    "403, no Confluence": (
        (answer(403, says("Current user not permitted to use Confluence")),),
        NoConfluenceAccess,
        "ann@example.com may not use Confluence",
        1,
    ),
    "403, Free": (
        (answer(403, says("Cannot make this request because you are on Free edition. Please upgrade.")),),
        FreePlan,
        "Free plan",
        1,
    ),
    "403, address": (
        (answer(403, json.dumps(ALLOWLIST).encode()),),
        AddressNotAllowed,
        "this machine's address",
        1,
    ),
    "401, address": (
        (answer(401, json.dumps(ALLOWLIST).encode()),),
        AddressNotAllowed,
        "this machine's address",
        1,
    ),
    "404": ((answer(404, b"<html>"),), NotConfluence, "There is no Confluence at 127", 1),
    "407": ((answer(407),), ProxyFailed, "proxy", 1),
    "410": ((answer(410),), NotConfluence, "Update auditui", 1),
    "413": ((answer(413),), QueryRefused, "Shorten", 1),
    "414": ((answer(414),), QueryRefused, "Shorten", 1),
    "418": ((answer(418, b"teapot"),), ServerFailed, "status 418. It says: “teapot”.", 1),
    "599": ((answer(599),), ServerFailed, "status 599", 1),
    "500 for ever": ((answer(500),), ServerFailed, "status 500", 4),
    "429 for ever": ((answer(429),), RateLimited, "fewer requests", 4),
    "a refusal that is damaged itself": (
        (answer(403, b"no gzip", GZIPPED),),
        NotAdministrator,
        "Confluence Administrator",
        1,
    ),
    "a refusal that nests deeply": ((answer(400, b"[" * 50_000),), QueryRefused, "did not understand", 1),
}


@pytest.mark.parametrize("name", LASTING)
async def test_a_fault_that_stays_is_told_in_its_own_words(name: str, serve: Any, read: Any) -> None:
    script, kind, words, requests = LASTING[name]
    site = await serve(script)
    error = await failure(read(site.origin, limits=SHORT))
    assert type(error) is kind
    assert words in error.sentences()
    assert len(site.requests) == requests


async def test_a_port_where_nobody_listens(closed_port: str, read: Any) -> None:
    reading = read(closed_port)
    error = await failure(reading)
    assert type(error) is ConnectionFailed
    assert "refused the connection" in error.happened
    assert reading.naps == [1.0, 2.0, 4.0]


async def test_a_name_without_an_address(read: Any) -> None:
    reading = read("https://nothing.invalid")
    error = await failure(reading)
    assert type(error) is HostNotFound
    assert error.sentences() == "Cannot find nothing.invalid. Check the site address or your network."
    assert reading.naps == [1.0, 2.0]


async def test_a_kept_connection_that_the_site_closed_is_replaced_in_silence(serve: Any, read: Any) -> None:
    site = await serve((*GOOD, "close while idle"), GOOD)
    reading = read(site.origin)
    assert await ask(reading) == PAGE
    assert await ask(reading) == PAGE
    assert (site.connections, len(site.requests), reading.announced) == (2, 2, [])


async def test_truncated_json_is_asked_for_once_more(serve: Any, read: Any) -> None:
    def parse(body: bytes) -> Any:
        try:
            return json.loads(body)
        except ValueError:
            raise UnreadableAnswer("cut off") from None

    cut = (answer(200, PAGE[:9]),)
    site = await serve(cut, GOOD, cut, cut)
    reading = read(site.origin)
    assert await ask(reading, parse=parse) == {"results": [], "_links": {}}
    assert type(await failure(reading, parse=parse)) is UnreadableAnswer
    assert len(site.requests) == 4


async def test_a_bug_in_the_parser_is_not_hidden(serve: Any, read: Any) -> None:
    site = await serve(GOOD)

    def parse(body: bytes) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(read(site.origin), parse=parse)
