"""A proxy gets neither the token nor a request of a site on this machine; its own password is shown nowhere."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI
from tests.token.planted import account, assert_not_in
from tests.token.site import PlantedSite, serve

PASSWORD = "pl4nted-pr0xy"
QUOTED = "pl4nted%2Dpr0xy"
LOGIN = base64.b64encode(f"ann:{PASSWORD}".encode())


@contextmanager
def proxy() -> Iterator[tuple[str, list[bytes]]]:
    """One that lets nobody through, and repeats what it was told; its address with a user, and what it heard."""
    heard: list[bytes] = []

    class Refuse(StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                head += line
            heard.append(head)
            reason = b"Not " + head.partition(b"Basic ")[2].split(b"\r\n")[0]
            self.wfile.write(b"HTTP/1.1 407 " + reason + b"\r\nContent-Length: 0\r\n\r\n")

    class Server(ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Refuse) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://ann:{QUOTED}@127.0.0.1:{server.server_address[1]}", heard
        finally:
            server.shutdown()


def assert_no_password(shown: bytes) -> None:
    assert shown
    for secret in (PASSWORD.encode(), QUOTED.encode(), LOGIN):
        assert secret not in shown


def test_it_is_asked_for_a_connection_and_told_no_more(watched: Any) -> None:
    with proxy() as (address, heard):
        environ = watched.with_variables(HTTPS_PROXY=address, **account("acme.invalid"))
        with PtyTerminal(AUDITUI, environ, columns=120, rows=36) as terminal:
            terminal.until("did not let the request through")
            terminal.send("\x11")
            assert terminal.exit_status() == 0
        assert {head.split(b"\r\n")[0] for head in heard} == {b"CONNECT acme.invalid:443 HTTP/1.1"}
        assert all(LOGIN in head for head in heard)
        assert_not_in(b"".join(heard), "what the proxy heard")
        words = [sys.executable, "-m", "auditui", "doctor"]
        told = subprocess.run(words, env=environ, capture_output=True, timeout=60, check=False)
    for shown in (bytes(terminal.raw), told.stdout + told.stderr):
        assert_no_password(shown)
        assert_not_in(shown, "the terminal")
    assert b"127.0.0.1:" in told.stdout


def test_a_site_on_this_machine_is_asked_without_it(watched: Any) -> None:
    with proxy() as (address, heard), serve(PlantedSite(3)) as origin:
        proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"), address)
        environ = watched.with_variables(**proxies, **account(origin))
        with PtyTerminal(AUDITUI, environ, columns=120, rows=36) as terminal:
            terminal.until("all 3 loaded")
            terminal.send("q")
            assert terminal.exit_status() == 0
        assert heard == []
