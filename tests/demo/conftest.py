"""A corpus of a fixed day, and a way to ask a demo site as somebody."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest

from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import EMAIL, TOKEN, DemoSite

NOW = 1_795_430_523_217
"""Monday, 23 November 2026, 10:02 UTC."""
AUDIT = "/wiki/rest/api/audit"


def basic(email: str = EMAIL, token: str = TOKEN) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{email}:{token}".encode()).decode()}


class Asking:
    """Asks a site directly, without HTTP, as the demo's own account unless told otherwise."""

    now = NOW
    audit = AUDIT
    basic = staticmethod(basic)

    def answer(
        self, site: DemoSite, path: str = AUDIT, headers: Mapping[str, str] | None = None, **params: Any
    ) -> Answer:
        target = f"{path}?{urlencode(params)}" if params else path
        return site.answer("GET", target, basic() if headers is None else headers)

    def page(self, site: DemoSite, **params: Any) -> Any:
        answer = self.answer(site, **params)
        assert answer.status == 200
        return json.loads(answer.body)


class Caller:
    """Asks a site over one kept-alive HTTP connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def send(
        self, method: str, target: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        self._connection.request(method, target, body, dict(basic() if headers is None else headers))
        answer = self._connection.getresponse()
        return answer, answer.read()

    def page(self, **params: Any) -> Any:
        answer, body = self.send("GET", f"{AUDIT}?{urlencode(params)}")
        assert answer.status == 200
        return json.loads(body)

    def walk(self, *, limit: int = 1000, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """The pages of a reader who trusts nothing but the number of records received."""
        position = 0
        while True:
            page = self.page(start=position, limit=limit, **params)
            yield page["results"]
            position += len(page["results"])
            if not page["results"] or "next" not in page["_links"]:
                return

    def close(self) -> None:
        self._connection.close()


@contextmanager
def calling(site: DemoSite) -> Iterator[Caller]:
    with serve(site) as served:
        caller = Caller(served.port)
        try:
            yield caller
        finally:
            caller.close()


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return Corpus(20_000, NOW)


@pytest.fixture(scope="session")
def records(corpus: Corpus) -> tuple[dict[str, Any], ...]:
    """The whole log, newest first; not to be changed."""
    return tuple(map(corpus.record, range(len(corpus))))


@pytest.fixture
def ask() -> Asking:
    return Asking()


@pytest.fixture(name="calling")
def _calling() -> Any:
    return calling
