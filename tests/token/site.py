"""The demo site for one account with a real-looking token, over HTTP or TLS; it repeats the credential when it is asked to."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from auditui.demo import server
from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.site import DemoSite
from tests.token.planted import EMAIL, TOKEN

NOW = 1_795_423_911_962
_DEMO = "Basic " + base64.b64encode(b"demo@example.com:demo").decode()


def basic(email: str = EMAIL, token: str = TOKEN) -> str:
    """The header of an account."""
    return "Basic " + base64.b64encode(f"{email}:{token}".encode()).decode()


class PlantedSite(DemoSite):
    """Lets one account in. A search for `repeat 403` is answered so, with the credential in body and headers."""

    def __init__(
        self,
        records: int = 60,
        *,
        takes: str = basic(),
        elsewhere: str = "",
        scoped: bool = False,
    ) -> None:
        """Take the header that is let in, where redirects and `next` lead, and whether only the gateway takes the token."""
        super().__init__(Corpus(records, NOW))
        self._takes = takes
        self._elsewhere = elsewhere
        self._scoped = scoped
        self._lock = Lock()
        self.heard: list[dict[str, str]] = []
        """The headers of each request, names in small letters, with `target`."""
        self.going_on = Event()
        """Requests that came are answered while it is set."""
        self.going_on.set()

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """As the demo site, to the one who is let in."""
        asked = {name.lower(): value for name, value in headers.items()}
        with self._lock:
            self.heard.append(asked | {"target": target})
        self.going_on.wait(60)
        search = parse_qs(urlsplit(target).query).get("searchString", [""])[0]
        given = asked.get("authorization", "")
        if search.startswith("repeat "):
            return self._repeated(int(search.split()[1]), given)
        gateway = target.startswith("/ex/")
        if given == self._takes and self._scoped is gateway:
            asked["authorization"] = _DEMO
        found = super().answer(method, target, asked)
        session = ("Set-Cookie", "tenant.session.token=planted-cookie; Path=/")
        return replace(found, headers=(*found.headers, session), body=self._led_away(found.body))

    def _led_away(self, body: bytes) -> bytes:
        """The page, with a `next` that leads to somebody else."""
        if self._elsewhere and b'"next"' in body:
            page = json.loads(body)
            page["_links"] |= {"next": f"{self._elsewhere}/next", "base": self._elsewhere}
            return json.dumps(page).encode()
        return body

    def _repeated(self, status: int, given: str) -> Answer:
        told = {"message": f"You sent {given} {TOKEN}", "errorMessages": [TOKEN]}
        headers = [("Content-Type", "application/json"), ("X-Seraph-Loginreason", f"{given} {TOKEN}")]
        if status in (301, 302, 307):
            headers.append(("Location", f"{self._elsewhere}/{TOKEN}?{given.split()[-1]}"))
        return Answer(status, tuple(headers), json.dumps(told).encode())

    @property
    def credentials(self) -> set[str]:
        """The Authorization headers that came."""
        return {asked["authorization"] for asked in self.heard if "authorization" in asked}


@contextmanager
def serve(site: DemoSite, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Its origin on loopback."""
    if tls is None:
        with server.serve(site) as served:
            yield served.url
        return
    with _over_tls(site, tls) as origin:
        yield origin


@contextmanager
def _over_tls(site: DemoSite, tls: ssl.SSLContext) -> Iterator[str]:
    class Wrapping(server._Server):
        def get_request(self) -> tuple[Any, Any]:
            connection, address = super().get_request()
            return tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    with Wrapping(site, 0) as served:
        Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"https://127.0.0.1:{served.server_port}"
        finally:
            served.shutdown()
