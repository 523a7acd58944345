"""Any answer of a server: read by the real client and a real search, up to counts and rows, or refused in words."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx

from auditui.client.log import AuditLog
from auditui.model.account import Account, Credential
from auditui.model.errors import AudituiError
from auditui.model.filter_parse import FilterFault, parse_filter
from auditui.model.query import Pinned, Query
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.model.text import inert
from auditui.model.view import Order
from auditui.model.when import Zone
from auditui.session.rows import Rows
from auditui.session.search import Search
from auditui.session.tally import Tally
from auditui.store.records import RecordStore
from tests.fuzz.bodies import body, expected, page
from tests.fuzz.chance import Chance
from tests.fuzz.filtering import typed
from tests.fuzz.rendering import require_inert
from tests.fuzz.target import Target, Watch
from tests.model.records import NOW

_TOKEN = "ATATT-what-nobody-else-may-see"
_CREDENTIAL = Credential(Account(Site("https://acme.atlassian.net"), "ana@example.com"), Secret(_TOKEN))
_ANSWERS_MOST = 40  # after which no further page is wanted
_QUESTIONS_MOST = 400  # finding a lost place and asking again have their own bounds


class Answer(NamedTuple):
    """What a server says."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


_NAMES = (
    b"content-type content-encoding retry-after date location www-authenticate server via x-failure-category "
    b"x-seraph-loginreason x-ratelimit-reset set-cookie"
).split()
_VALUES = (
    b"application/json|text/html|gzip|br|identity|5|0|-5|1.5|99999999999|Thu, 26 Nov 2026 12:00:00 GMT|"
    b"Wed, 31 Dec 9999 23:59:59 GMT|Mon, 01 Jan 0001 00:00:00|https://evil.example/|//evil/x|/login|"
    b"FAILURE_CLIENT_SCOPE_CHECK|OAuth"
).split(b"|")
_STATUSES = (200, 204, 206, 301, 302, 400, 401, 403, 404, 410, 414, 418, 429, 500, 503, 599)


def _header(chance: Chance) -> tuple[bytes, bytes]:
    if chance.below(3):
        return chance.of(_NAMES), chance.of(_VALUES)
    return chance.of(_NAMES), bytes(0x20 + chance.below(0xE0) for _ in range(chance.below(12)))


def _packed(chance: Chance) -> Answer:
    packed = gzip.compress(body(chance), 1)
    at = chance.below(len(packed))
    match chance.below(4):
        case 1:
            packed = packed[:at]
        case 2:
            packed = packed[:at] + bytes([packed[at] ^ 4]) + packed[at + 1 :]
        case 3:
            packed = gzip.compress(packed)
    return Answer(200, ((b"content-encoding", b"gzip"),), packed)


def answer(chance: Chance) -> Answer:
    """One answer."""
    match chance.below(6):
        case 3:
            return Answer(200, (), body(chance))
        case 4:
            return Answer(chance.of(_STATUSES), tuple(chance.several(_header, 4)), body(chance))
        case 5:
            return _packed(chance)
    return Answer(200, (), page(chance).encode())


class _Server(httpx.AsyncBaseTransport):
    """Says one after the other, and the last one for ever."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = answers
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "GET"
        assert request.url.host in ("acme.atlassian.net", "api.atlassian.com")
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return httpx.Response(answer.status, headers=list(answer.headers), stream=_Body(answer.body))


class _Body(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        middle = len(self._body) // 2
        yield self._body[:middle]
        yield self._body[middle:]


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


def _check(case: tuple[list[Answer], str], watch: Watch) -> None:
    answers, text = case
    with TemporaryDirectory(prefix="auditui-fuzz-") as folder, watch.timed("a search"):
        asyncio.run(_searched(answers, text, Path(folder) / "rows"))


async def _searched(answers: Sequence[Answer], text: str, path: Path) -> None:
    server = _Server(answers)
    log = AuditLog(_CREDENTIAL, transport=server, sleep=_at_once, random=lambda: 0.5)
    store = RecordStore(path)
    search = Search(Query(), Pinned(0, NOW, "", 1000), log, store)
    try:
        await _load(search, server)
        await _look(search, text)
        _require_nothing_lost(search, answers[0], server)
    finally:
        search.close()
        await log.aclose()


async def _load(search: Search, server: _Server) -> None:
    while search.progress.more and server.asked < _ANSWERS_MOST:
        try:
            await search.next_page()
        except AudituiError as error:
            _require_kind_words(error)
            return


def _require_kind_words(error: AudituiError) -> None:
    assert error.happened
    assert _TOKEN not in error.sentences()
    require_inert(inert(error.sentences()))


async def _look(search: Search, text: str) -> None:
    try:
        wanted = parse_filter(text, now=NOW, zone=Zone("UTC"))
    except FilterFault:
        wanted = parse_filter("", now=NOW, zone=Zone("UTC"))
    with closing(Tally(search, wanted)) as tally, closing(Rows(search, wanted, Order("author"))) as rows:
        await tally.follow(lambda: None)
        await rows.follow(lambda: None)
        assert tally.covers == rows.covers == search.progress.loaded
        assert tally.matched == rows.count
        for facet in tally.facets:
            top = await tally.top(facet, 5)
            assert sum(count for _, count in top.values) + top.other_count == tally.matched


def _require_nothing_lost(search: Search, first: Answer, server: _Server) -> None:
    """What the first answer held is there, each record once, where it was a page."""
    loaded = search.progress.loaded
    assert len(search.window(0, loaded)) == loaded
    if first.status == 200 and not first.headers and (held := expected(first.body)) is not None:
        assert loaded >= len(held)
    assert server.asked < _QUESTIONS_MOST


def _make(chance: Chance) -> tuple[list[Answer], str]:
    return [answer(chance) for _ in range(chance.below(4) + 1)], typed(chance)


ANSWERING = Target(
    "answering", "any answers of a server: client, search, facets, rows", _make, _check, quick=60
)
