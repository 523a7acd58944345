"""All of an answer but its records: the line of its status, its headers, its certificate, the page of the cloud id, a proxy."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from tests.hostile.payloads import ALL_KINDS, HEADER, MARK
from tests.hostile.places import hostile_home, on_a_terminal
from tests.started import account
from tests.wire.certificates import Authority
from tests.wire.server import Request, Server, in_turn, listening
from tests.wire.steps import Script

NAME = "[@click=app.quit]\x1b]0;PWNED\x07[/x][link=' \x1b[31;1337H"
"""What of it a certificate's name can."""
HEADERS = (
    "Server Date WWW-Authenticate Set-Cookie Content-Type X-Seraph-LoginReason X-Failure-Category Retry-After Via Link Vary"
    " Location Content-Language X-RateLimit-Reset"
).split()
RECORDS = json.dumps({"results": [], ALL_KINDS: ALL_KINDS, "_links": {"base": HEADER}})
TENANT = json.dumps({"cloudId": ALL_KINDS})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose name is an attack."""
    return hostile_home(tmp_path)


@contextmanager
def serving(answer: Callable[[Request], Script], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that a program can ask while a test waits for it."""
    server = Server(answer)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(listening(server, tls)):
        yield server


def says(status: int, body: str, line: str = HEADER) -> Script:
    """An answer of which every header is an attack."""
    sent = body.encode("utf-8", "backslashreplace")
    headers = "".join(f"{name}: {HEADER}\r\n" for name in HEADERS)
    return (
        f"HTTP/1.1 {status} {line}\r\n{headers}Content-Length: {len(sent)}\r\n\r\n".encode("latin-1") + sent,
    )


@pytest.mark.parametrize(
    ("status", "words", "ends_with"),
    [
        (200, "Wrote 0 records", 3),
        (302, "Invalid URL in location header", 1),
        (403, "‹ESC›]0;PWNED", 4),
        (418, "‹ESC›]0;PWNED", 1),
    ],
)
def test_headers_and_the_line_of_the_status(home: Path, status: int, words: str, ends_with: int) -> None:
    body = RECORDS if status == 200 else json.dumps({"message": ALL_KINDS})
    with serving(in_turn(says(status, body))) as site:
        told, ended_with = on_a_terminal(home, account(site.origin), "export", "--format", "jsonl")
    assert words in told
    assert ended_with == ends_with


@pytest.mark.parametrize(
    "answer",
    [f"HTTP/1.1 200{HEADER}\r\n\r\n", f"HTTP/1.1 200 OK\r\n{HEADER}: x\r\n\r\n", f"{HEADER}\r\n\r\n"],
)
def test_what_is_no_answer(home: Path, answer: str) -> None:
    with serving(in_turn((answer.encode("latin-1"), "close"))) as site:
        told, status = on_a_terminal(home, account(site.origin), "export", "-q", "--format", "jsonl")
    assert "does not answer as a web server does" in told
    assert "PWNED" in told
    assert status == 1


def test_headers_and_a_cloud_id_that_the_doctor_looks_at(home: Path) -> None:
    with serving(in_turn(says(200, TENANT), says(200, RECORDS))) as site:
        told, _status = on_a_terminal(home, account(site.origin), "doctor")
    assert "does not tell its cloud id" in told
    assert "can be read, at the site" in told
    assert "does not tell how long it keeps records" in told


def test_a_cloud_id_that_a_token_with_scopes_needs(home: Path) -> None:
    def answer(request: Request) -> Script:
        return says(200, TENANT) if request.path == "/_edge/tenant_info" else says(401, "")

    with serving(answer) as site:
        gateway = {"AUDITUI_GATEWAY": site.origin}
        told, status = on_a_terminal(
            home, account(site.origin) | gateway, "export", "-q", "--format", "jsonl"
        )
    assert {request.path for request in site.requests} == {"/wiki/rest/api/audit", "/_edge/tenant_info"}
    assert "does not tell its cloud id" in told
    assert "‹ESC›]0;PWNED" in told
    assert status == 4


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("good", f"certificate by {MARK}***@click=app.quit]‹ESC›]0;PWNED"),
        ("unknown authority", "The issuer of 127.0.0.1:"),
        ("wrong host", "belongs to another host"),
    ],
)
def test_names_in_a_certificate(home: Path, tmp_path: Path, kind: str, words: str) -> None:
    authority = Authority(tmp_path, name=f"{MARK}{NAME}", subject=NAME)
    with serving(in_turn(says(200, RECORDS)), tls=authority.server(kind)) as site:
        told, _status = on_a_terminal(
            home, account(site.origin) | {"SSL_CERT_FILE": str(authority.file)}, "doctor"
        )
    assert words in " ".join(told.split())


@pytest.mark.parametrize("status", [407, 502])
def test_what_a_proxy_says(home: Path, status: int) -> None:
    with serving(in_turn(says(status, ALL_KINDS))) as proxy:
        told, ended_with = on_a_terminal(
            home,
            account("https://acme.invalid") | {"HTTPS_PROXY": proxy.origin},
            "export", "-q", "--format", "jsonl",
        )  # fmt: skip
    assert "PWNED" in told
    assert "proxy" in told
    assert ended_with == 1
