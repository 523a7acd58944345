"""Serves the demo site over HTTP on this machine. Knows nothing of what the site says."""

from __future__ import annotations

import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, ClassVar

from auditui.demo.site import DemoSite
from auditui.model.text import inert_text


@dataclass(frozen=True, slots=True)
class Served:
    """A demo site that can be asked."""

    url: str
    """`http://127.0.0.1:{port}`, without a slash at the end."""
    port: int


@contextmanager
def serve(site: DemoSite, port: int = 0) -> Iterator[Served]:
    """Serve the site in a thread of its own until the block ends; port 0 takes any that is free.

    Raises:
        OSError: the port is taken.
    """
    with _Server(site, port) as server:
        # A short poll interval, as it is the time that ending takes.
        thread = Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="demo site", daemon=True
        )
        thread.start()
        try:
            yield Served(server.url, server.server_port)
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()


def serve_until_interrupted(site: DemoSite, port: int, ready: Callable[[Served], None]) -> None:
    """Serve the site in this thread until Ctrl+C; `ready` is called once, when it can be asked.

    Raises:
        OSError: the port is taken.
    """
    with _Server(site, port) as server:
        ready(Served(server.url, server.server_port))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.hang_up()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: DemoSite, port: int) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def server_bind(self) -> None:
        """Bind without asking the resolver for this machine's name, which may take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.socket.getsockname()[:2]

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection, and remember it: kept alive, it would outlive the server."""
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Forget a connection and close it."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that are still open."""
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # its other end was quicker

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a peer that went away in the middle of an answer; everything else is a bug and is shown, inert, as a
        peer's words may be in it."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            sys.stderr.write(inert_text("".join(traceback.format_exception(error))).text)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "AtlassianEdge"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize: ClassVar[int] = -1  # headers and body leave together

    def _answer(self) -> None:
        answer = self.server.site.answer(self.command, self.path, dict(self.headers.items()))
        if answer.delay:
            time.sleep(answer.delay)
        if self.command != "GET":
            self.close_connection = True  # whatever body was sent along is not read
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: there may be a screen on this terminal."""
