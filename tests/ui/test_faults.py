"""Every fault a site can have, and the words it becomes on the screen: on the way, where no row may be lost, and at once."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from textual import events
from textual.pilot import Pilot

from auditui.account.given import Given
from auditui.account.settings import Settings
from auditui.demo import answers
from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.site import EMAIL, TOKEN, DemoSite
from auditui.model.query import Query
from auditui.model.site import Site
from auditui.model.when import Zone
from auditui.session.run import Options, Run
from auditui.ui.app import AudituiApp
from tests.client.conftest import Authority
from tests.ui.driving import NOW, Opened, exploring, screen_text, shown_raws, until

RECORDS = 600
"""Three pages of 250, which overlap."""
SIZE = (320, 20)
"""Wide enough for every sentence."""
HOST = "{host}"
_TOKENS = "id.atlassian.com/manage-profile/security/api-tokens"
_TEXT = ("Content-Type", "application/json")


@dataclass(frozen=True)
class Fault:
    """What the site does, and the words that the user then reads."""

    does: Answer | str
    """An answer; or "reset", "refuse", or the kind of its certificate."""
    happened: str
    why: str = ""
    remedy: str = ""
    token: str = TOKEN
    tries: int = 1


def says(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    return answers.json_answer(status, {"message": text}, *headers)


def body(text: bytes) -> Answer:
    return Answer(200, (_TEXT,), text)


def moved(to: str) -> Answer:
    return Answer(302, (("Location", to),), b"")


_NEW_TOKEN = f"Check the e-mail address, or create a new token at {_TOKENS}."
_ANONYMOUS = "or the token was not recognised and the request counted as anonymous."

FAULTS = {
    "401, the token": Fault(
        answers.wrong_pair(),
        f"Atlassian rejected the token for {EMAIL}.",
        "Tokens expire after at most one year, and a token with scopes needs the api.atlassian.com address.",
        _NEW_TOKEN,
    ),
    "401 of the gateway, the scope": Fault(
        answers.scope_missing(),
        "The API token is good, but lacks the scope to read the audit log.",
        "",
        f"Create one with the scope read:audit-log:confluence at {_TOKENS}.",
        token="demo-scoped",
    ),
    "401, a token with scopes at the site": Fault(
        answers.scoped_at_site(),
        f"{HOST} does not take this token at its own address.",
        "A token with scopes needs the api.atlassian.com address.",
        f"Check the e-mail address {EMAIL}, or create a new token at {_TOKENS}.",
    ),
    "403, no administrator": Fault(
        answers.not_administrator(),
        f"Reading the audit log of {HOST} needs Confluence Administrator permission.",
        f"{EMAIL} seems to lack it, {_ANONYMOUS} The site says: “User is not authorized to view the audit log”.",
        "Ask a site administrator for the permission, or check the e-mail address and the token.",
    ),
    "403, the Free plan": Fault(
        answers.free_plan(),
        "The Free plan of Confluence has no audit log.",
        f"{HOST} says: “Cannot make this request because you are on Free edition."
        " Please upgrade to standard or premium.”.",
        "A site administrator can change the plan.",
    ),
    "403, the address of this machine": Fault(
        answers.address_blocked(),
        f"{HOST} does not accept requests from this machine's address.",
        "The site has a list of allowed IP addresses.",
        "Connect through an allowed network, or ask an administrator to add this address.",
    ),
    "403, no Confluence for this account": Fault(
        answers.no_access(),
        f"{EMAIL} may not use Confluence at {HOST}.",
        f"The account has no Confluence there, {_ANONYMOUS}",
        "Check the e-mail address and the token; then ask a site administrator for access.",
    ),
    "404": Fault(
        answers.html_answer(404, "Page not found", "No such page."),
        f"There is no Confluence at {HOST}.",
        "The audit log was not found.",
        "Check the site address.",
    ),
    "410": Fault(
        says(410, "Gone"), f"{HOST} no longer offers this way to its audit log.", "", "Update auditui."
    ),
    "413": Fault(says(413, ""), f"The search is too long for {HOST}.", "", "Shorten the search text."),
    "429, a wait that is too long": Fault(
        says(429, "", ("Retry-After", "3600"), ("Date", "Mon, 23 Nov 2026 10:00:00 GMT")),
        f"{HOST} asks for fewer requests.",
        "It asks to wait until 2026-11-23 11:00:00 UTC.",
        "Wait a little, then try again.",
    ),
    "500 for ever": Fault(
        says(500, "oops"),
        f"{HOST} has a fault of its own (status 500).",
        "",
        "Try again later; status.atlassian.com tells of known faults.",
        tries=4,
    ),
    "503 for ever": Fault(
        answers.unavailable(),
        f"{HOST} has a fault of its own (status 503).",
        "",
        "Try again later; status.atlassian.com tells of known faults.",
        tries=4,
    ),
    "418": Fault(
        says(418, "I am a teapot"),
        f"{HOST} answered with the unexpected status 418.",
        "It says: “I am a teapot”.",
        "Try again later.",
    ),
    "a redirect to another host": Fault(
        moved("https://elsewhere.invalid/wiki?x=y"),
        f"{HOST} says that this address has moved to https://elsewhere.invalid/wiki.",
        "auditui does not follow, so that the token goes to no other place.",
        "If you trust the new address, give it as the site.",
    ),
    "a redirect to the login page": Fault(
        answers.sign_in_redirect(),
        f"You are not signed in: {HOST} sends {EMAIL} to a login page.",
        "",
        f"Check the e-mail address and the token, or create a new token at {_TOKENS}.",
    ),
    "HTML with 200": Fault(
        answers.portal(),
        f"This is not Confluence (got HTML from {HOST}).",
        "A sign-in page, a network portal or a proxy seems to answer in its place.",
        "Check the site address, or sign in to the network first.",
    ),
    "an empty 200": Fault(body(b""), f"{HOST} sent an empty answer."),
    "JSON that is cut off": Fault(
        body(b'{"results":[{"summary":"a"},'),
        "The answer is not JSON: expecting value at character 28 of 28.",
        "It was cut off on the way, or something between here and the site wrote it.",
        tries=2,
    ),
    "no results": Fault(
        body(b'{"start":0,"_links":{}}'),
        "The answer has no “results”, so it is not a page of audit records.",
        "Another service may have answered in place of Confluence.",
        "Check the site address.",
        tries=2,
    ),
    "NaN": Fault(
        body(b'{"results":[{"creationDate":NaN}]}'),
        "The answer is not JSON: it holds NaN.",
        tries=2,
    ),
    "hostile words in a 400": Fault(
        says(400, "[/x] [@click=app.quit]\x1b[31m\u202egnp"),
        f"{HOST} did not understand the search.",
        "It says: “[/x] [@click=app.quit]‹ESC›[31m‹U+202E›gnp”.",
        "Change the search text or the dates.",
    ),
    "hostile words in a redirect": Fault(
        moved("https://elsewhere.invalid/[/x][@click=app.quit]\x9b31m\u202e"),
        f"{HOST} says that this address has moved to"
        " https://elsewhere.invalid/[/x][@click=app.quit]‹U+009B›31m‹U+202E›.",
        "auditui does not follow, so that the token goes to no other place.",
        "If you trust the new address, give it as the site.",
    ),
    "a connection that is reset": Fault("reset", f"{HOST} reset the connection.", tries=4),
    "nobody who listens": Fault(
        "refuse",
        f"{HOST} refused the connection.",
        "Nothing listens at this address, or a firewall turned us away.",
        "Check the site address and your network.",
        tries=0,
    ),
    "a certificate that has expired": Fault(
        "expired",
        f"The certificate of {HOST} has expired.",
        "The token was not sent.",
        "Check this machine's clock first; if it is right, tell the people who run the network.",
        tries=0,
    ),
    "a certificate that nobody vouches for": Fault(
        "self-signed",
        f"The certificate of {HOST} is self-signed; nobody vouches for it.",
        "The token was not sent.",
        "If a company proxy looks into TLS here, set SSL_CERT_FILE to its certificate.",
        tries=0,
    ),
}
_CERTIFICATES = ("expired", "self-signed")
_AT_THE_DOOR = ("refuse", *_CERTIFICATES)


@dataclass
class Faulty:
    """A good site on a port of its own, until it is told to have a fault."""

    authority: Authority | None = None
    fault: Fault | None = None
    asked: list[int] = field(default_factory=list)
    """The offset of each question for records that arrived where the log is read."""
    port: int = 0
    _site: DemoSite = field(default_factory=lambda: DemoSite(Corpus(RECORDS, NOW), page_cap=250))
    _server: asyncio.Server | None = None
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    async def opened(cls, authority: Authority | None = None) -> Faulty:
        """Listening, and good."""
        site = cls(authority)
        await site.open()
        return site

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"{'https' if self.authority else 'http'}://{self.host}"

    async def open(self, certificate: str = "good") -> None:
        tls: ssl.SSLContext | None = self.authority.server(certificate) if self.authority else None
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        self._talks.clear()

    async def begin(self, fault: Fault) -> None:
        """Have a fault from the next question on."""
        self.fault = fault
        if fault.does in _AT_THE_DOOR:
            await self.close()
        if fault.does in _CERTIFICATES:
            await self.open(str(fault.does))

    async def mend(self) -> None:
        """Be good again."""
        if self.fault is not None and self.fault.does in _AT_THE_DOOR:
            await self.close()
            await self.open()
        self.fault = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._talk(await reader.readuntil(b"\r\n\r\n"), writer):
                await writer.drain()
        writer.close()

    async def _talk(self, head: bytes, writer: asyncio.StreamWriter) -> bool:
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        method, target, _ = first.split(" ")
        answer: Answer | str = self._site.answer(method, target, dict(line.split(": ", 1) for line in lines))
        if self._is_the_log(target):
            self.asked.append(int(parse_qs(urlsplit(target).query)["start"][0]))
            answer = self.fault.does if self.fault else answer
        if not isinstance(answer, Answer):
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
            return False
        writer.write(_on_the_wire(answer))
        return True

    def _is_the_log(self, target: str) -> bool:
        path = urlsplit(target).path
        gateway = self.fault is not None and self.fault.token == "demo-scoped"
        return path.endswith("/audit") and path.startswith("/ex/" if gateway else "/")


def _on_the_wire(answer: Answer) -> bytes:
    headers = (*answer.headers, ("Content-Length", str(len(answer.body))))
    lines = [f"HTTP/1.1 {answer.status} Reason", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode() + answer.body


async def at_once(seconds: float) -> None:
    """A wait that does not really pass."""
    await asyncio.sleep(0)


Sleep = Callable[[float], Awaitable[None]]


@asynccontextmanager
async def opened(
    site: Faulty, token: str = TOKEN, sleep: Sleep = at_once, size: tuple[int, int] = SIZE
) -> AsyncIterator[Opened]:
    environ = {"AUDITUI_SITE": site.origin, "AUDITUI_EMAIL": EMAIL, "AUDITUI_TOKEN": token}
    gateway = Site.parse(site.origin) if token != TOKEN else None
    chosen = Options(Given(), Zone("UTC"), Query(), gateway=gateway, environ=environ)
    run = Run(chosen, Settings(), clock=lambda: NOW, sleep=sleep)
    app = AudituiApp(run)
    try:
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            yield app, pilot
    finally:
        run.close()
        await site.close()


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> Fault:
    return FAULTS[request.param]


@pytest.fixture
def authority(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority | None:
    """Only for a fault of the certificate; the others are seen over plain HTTP."""
    if fault.does not in _CERTIFICATES:
        return None
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def status(app: AudituiApp) -> str:
    """The lines above the footer: an error takes as many as it needs."""
    lines = [re.sub(r" +record [\d,]+$", "", line).strip() for line in screen_text(app).splitlines()]
    return " ".join(lines[-8:-1])


def in_the_table(app: AudituiApp) -> str:
    """What stands in the table's place, however it is wrapped."""
    lines = [line.partition("│")[0].strip() for line in screen_text(app).splitlines()]
    return " ".join(line for line in lines if line)


def type_keys(app: AudituiApp, *keys: str) -> None:
    """As a terminal sends them, one upon the other; a pilot waits a while after each."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


def under_the_cursor(app: AudituiApp) -> list[str]:
    return [line.partition("│")[0] for line in screen_text(app).splitlines() if line.startswith(">")]


async def read_on_until_it_fails(site: Faulty, fault: Fault, app: AudituiApp, pilot: Pilot[Any]) -> None:
    """The first page comes; then L meets the fault."""
    await until(pilot, lambda: exploring(app).loaded == 250)
    await site.begin(fault)
    type_keys(app, "L")
    await until(pilot, lambda: exploring(app).error is not None)
    await pilot.pause()


async def test_a_fault_on_the_way_keeps_every_row_and_r_goes_on(
    fault: Fault, authority: Authority | None
) -> None:
    site = await Faulty.opened(authority)
    happened = fault.happened.replace(HOST, site.host)
    async with opened(site, fault.token) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded == 250)
        type_keys(app, "pagedown", "pagedown", "j", "j")
        await pilot.pause()
        rows, line, asked = shown_raws(app), under_the_cursor(app), list(site.asked)
        assert len(line) == 1
        await read_on_until_it_fails(site, fault, app, pilot)
        assert site.asked == asked + [247] * fault.tries
        assert (shown_raws(app), under_the_cursor(app)) == (rows, line)
        told = [text.replace(HOST, site.host) for text in (fault.happened, fault.why, fault.remedy) if text]
        assert f"250 loaded · more below · ✗ {' '.join(told)} r tries again" in status(app)
        asked = list(site.asked)
        type_keys(app, "j", "pagedown", "g", "G", "k", "G")
        await pilot.pause()
        assert "✗ more could not be loaded: r tries again" in screen_text(app)
        assert site.asked == asked
        await site.mend()
        type_keys(app, "r")
        await until(pilot, lambda: exploring(app).loaded > 250)
        assert site.asked[: len(asked) + 1] == [*asked, 247]
        await until(pilot, lambda: f"all {RECORDS} loaded" in status(app))
        assert happened not in screen_text(app)
        assert shown_raws(app)[:250] == rows
        assert len(set(shown_raws(app))) == len(shown_raws(app)) == RECORDS


async def test_a_fault_at_once_says_what_why_and_what_to_do_in_the_tables_place(
    fault: Fault, authority: Authority | None
) -> None:
    site = await Faulty.opened(authority)
    await site.begin(fault)
    async with opened(site, fault.token) as (app, pilot):
        await until(pilot, lambda: exploring(app).error is not None)
        await pilot.pause()
        words = [text.replace(HOST, site.host) for text in (fault.happened, fault.why, fault.remedy) if text]
        assert f"{' '.join(words)} r tries again   s another search   P accounts" in in_the_table(app)
        assert "loaded" not in status(app)
        asked = list(site.asked)
        type_keys(app, "j", "pagedown", "G", "g", "enter")
        await pilot.pause()
        assert site.asked == asked
        await site.mend()
        type_keys(app, "r")
        await until(pilot, lambda: "250 loaded · more below" in status(app))
        assert words[0] not in screen_text(app)


BUSY = Fault(answers.slow_down("9"), f"{HOST} asks for fewer requests.")


async def test_a_short_wait_is_counted_down_and_esc_cancels_it() -> None:
    site = await Faulty.opened()
    for_ever = asyncio.Event()

    async def wait(seconds: float) -> None:
        assert seconds == 9.0
        await for_ever.wait()

    async with opened(site, sleep=wait) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded == 250)
        rows = shown_raws(app)
        await site.begin(BUSY)
        type_keys(app, "L")
        told = f"Asking again in {{}} s (esc cancels): {site.host} asks for fewer requests. · 250 loaded · more below"
        for seconds in (9, 8):
            await until(pilot, lambda seconds=seconds: told.format(seconds) in status(app))  # type: ignore[misc]
        type_keys(app, "escape")
        await until(pilot, lambda: not exploring(app).loading)
        await pilot.pause()
        assert "cancelled: r goes on · 250 loaded · more below" in status(app)
        type_keys(app, "G", "pagedown", "k", "j")
        await pilot.pause()
        assert (shown_raws(app), site.asked) == (rows, [0, 247])
        await site.mend()
        type_keys(app, "L")
        await until(pilot, lambda: f"all {RECORDS} loaded" in status(app))
        assert len(set(shown_raws(app))) == RECORDS


async def test_after_a_short_wait_the_walk_goes_on_by_itself() -> None:
    site = await Faulty.opened()
    over = asyncio.Event()

    async def wait(seconds: float) -> None:
        await over.wait()

    async with opened(site, sleep=wait) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded == 250)
        await site.begin(BUSY)
        type_keys(app, "L")
        await until(pilot, lambda: "Asking again in" in status(app))
        await site.mend()
        over.set()
        await until(pilot, lambda: f"all {RECORDS} loaded" in status(app))
        assert "Asking again" not in status(app)
        assert len(set(shown_raws(app))) == RECORDS
