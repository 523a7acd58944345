"""The demo site: answers requests as a Confluence Cloud site would. Knows nothing of sockets and never sleeps.

Paths, with GET only:

    /wiki/rest/api/audit                                    the audit log
    /wiki/rest/api/audit/retention                          how long its records are kept
    /ex/confluence/{cloudId}/wiki/rest/api/audit            the same at the gateway, for scoped tokens
    /_edge/tenant_info                                      the cloud id, for anybody

Who may read it, and which e-mail and token to try: `visitors`. Paging, dates and search as in the specification and
as others found them: newest first, both dates included, `size` is the number of records sent, `next` stands there
until the end is reached, the end is 200 without records.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from auditui.demo import answers, visitors
from auditui.demo.answers import Answer
from auditui.demo.chance import mix
from auditui.demo.corpus import Corpus
from auditui.demo.log import Log

CLOUD_ID: Final = "6d3f0c52-8a1e-4b7f-9c24-d0e5b1a7f318"
EMAIL: Final = "demo@example.com"
TOKEN: Final = "demo"  # noqa: S105  # no secret: it opens the demo site
_AUDIT: Final = "/wiki/rest/api/audit"
_RETENTION: Final = f"{_AUDIT}/retention"
_GATEWAY: Final = f"/ex/confluence/{CLOUD_ID}"
_DEFAULT_LIMIT: Final = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was remembered; never with its credentials."""

    method: str
    path: str
    params: dict[str, str]


class _Unacceptable(ValueError):
    """A parameter that the server does not take."""


@dataclass(frozen=True, slots=True)
class _Question:
    start_date: int | None
    end_date: int | None
    search: str
    start: int
    limit: int


class DemoSite:
    """A site with one audit log. `answer` may be called from several threads at once."""

    def __init__(
        self,
        corpus: Corpus,
        *,
        page_cap: int = 1000,
        latency: float = 0.0,
        rate_limit_every: int = 0,
        retry_after: str = "1",
        growth_per_request: int = 0,
        late_per_request: int = 0,
        late_depth: int = 12,
        short_pages: bool = False,
        remember: int = 0,
    ) -> None:
        """Set how the site behaves.

        Args:
            corpus: what the log holds at the start.
            page_cap: the greatest number of records in a page, whatever `limit` says.
            latency: seconds that each answer is to be waited for.
            rate_limit_every: of the audit requests every so many-th gets a 429; 0 for none.
            retry_after: what a 429 says in `Retry-After`.
            growth_per_request: records that enter at the head after each page.
            late_per_request: records that enter inside the log after each page.
            late_depth: the record of the corpus that they enter right before.
            short_pages: pages hold fewer records than they could, which means nothing.
            remember: requests to keep in `requests`, the newest ones.
        """
        self.corpus = corpus
        self.requests: deque[Asked] = deque(maxlen=remember)
        self._log = Log(corpus)
        self._page_cap = page_cap
        self._latency = latency
        self._rate_limit_every = rate_limit_every
        self._retry_after = retry_after
        self._growth = growth_per_request
        self._late = (late_per_request, late_depth)
        self._short_pages = short_pages
        self._counter: Iterator[int] = itertools.count(1)

    def grow(self, count: int) -> None:
        """Let `count` records enter at the head, created after the corpus's `now`."""
        self._log.grow(count)

    def arrive_late(self, count: int, depth: int = 12) -> None:
        """Let `count` records enter inside the log, right before the corpus's record `depth`."""
        self._log.arrive_late(count, depth)

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """Answer a request for `target` (`/path?query`). Header names in any case."""
        path, _, query = target.partition("?")
        params = dict(parse_qsl(query, keep_blank_values=True))
        self.requests.append(Asked(method, path, params))
        return replace(self._routed(method, path, params, headers), delay=self._latency)

    def _routed(self, method: str, path: str, params: dict[str, str], headers: Mapping[str, str]) -> Answer:
        if path == "/_edge/tenant_info":
            return answers.json_answer(200, {"cloudId": CLOUD_ID}) if method == "GET" else _only_get()
        gateway = path.startswith(f"{_GATEWAY}/")
        local = path.removeprefix(_GATEWAY) if gateway else path
        if local.rstrip("/") == _AUDIT:
            return self._audit(params, headers, gateway=gateway) if method == "GET" else _only_get()
        if local.rstrip("/") == _RETENTION:
            return self._retention(headers, gateway=gateway) if method == "GET" else _only_get()
        if local.startswith("/wiki/rest/") or path.startswith("/ex/confluence/"):
            return answers.fault(404, f"No resource at {path}")
        return answers.html_answer(404, "Page not found", "Your Atlassian Cloud site has no such page.")

    def _audit(self, params: dict[str, str], headers: Mapping[str, str], *, gateway: bool) -> Answer:
        if self._rate_limit_every and next(self._counter) % self._rate_limit_every == 0:
            return answers.slow_down(self._retry_after)
        pair = visitors.visitor(headers)
        refused = visitors.refusal(pair, gateway=gateway, retry_after=self._retry_after)
        if refused is not None:
            return refused
        try:
            question = _question(params)
        except _Unacceptable as problem:
            return answers.fault(400, str(problem))
        answer = self._page(question, params, _base(headers))
        self._let_time_pass()
        return (
            replace(answer, body=answer.body[: len(answer.body) * 2 // 3])
            if visitors.garbles(pair)
            else answer
        )

    def _retention(self, headers: Mapping[str, str], *, gateway: bool) -> Answer:
        pair = visitors.visitor(headers)
        refused = visitors.refusal(pair, gateway=gateway, retry_after=self._retry_after)
        return refused or answers.retention()

    def _page(self, question: _Question, params: dict[str, str], base: str) -> Answer:
        limit = min(question.limit, self._page_cap)
        count = self._shortened(limit, question.start) if self._short_pages else limit
        records, more = self._log.page(
            question.start_date, question.end_date, question.search, question.start, count
        )
        links = {"base": base, "context": "/wiki", "self": f"{base}/rest/api/audit?{urlencode(params)}"}
        if more and records:
            follow = {
                "next": "true",
                **params,
                "limit": str(limit),
                "start": str(question.start + len(records)),
            }
            links["next"] = f"/rest/api/audit?{urlencode(follow)}"
        envelope = {
            "results": records,
            "start": question.start,
            "limit": limit,
            "size": len(records),
            "_links": links,
        }
        return answers.json_answer(200, envelope)

    @staticmethod
    def _shortened(limit: int, start: int) -> int:
        return max(1, limit - mix(start) % (limit // 2 + 1)) if limit else 0

    def _let_time_pass(self) -> None:
        if self._growth:
            self._log.grow(self._growth)
        if self._late[0]:
            self._log.arrive_late(*self._late)


def _question(params: dict[str, str]) -> _Question:
    start = _whole(params, "start")
    limit = _whole(params, "limit")
    return _Question(
        _whole(params, "startDate"),
        _whole(params, "endDate"),
        params.get("searchString", ""),
        0 if start is None else start,
        _DEFAULT_LIMIT if limit is None else limit,
    )


def _whole(params: dict[str, str], name: str) -> int | None:
    text = params.get(name, "")
    if not text:
        return None
    # At most 18 digits, so that a hostile number costs nothing; `isdecimal` alone would let other scripts' digits in.
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise _Unacceptable(f"The value of {name} must be a whole number: {text[:40]}")
    return int(text)


def _base(headers: Mapping[str, str]) -> str:
    host = next((value for name, value in headers.items() if name.lower() == "host"), "demo.atlassian.net")
    scheme = "http" if host.startswith(("127.", "localhost", "[::1]")) else "https"
    return f"{scheme}://{host}/wiki"


def _only_get() -> Answer:
    return replace(
        answers.fault(405, "Method Not Allowed"),
        headers=(("Content-Type", answers.JSON_TYPE), ("Allow", "GET")),
    )
