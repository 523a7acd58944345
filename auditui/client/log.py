"""A site's audit log as an endpoint: one page for one question, asked again where that helps, at the address that takes
the token. Knows the endpoint's parameters and routes; not what a page holds, nor how pages follow each other.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, TypeVar, overload
from urllib.parse import urlsplit

from auditui.client import refusals, retry
from auditui.client.auth import GATEWAY, Basic, Route, gateway_route, site_route
from auditui.client.faults import Fault
from auditui.client.http import Http, Limits
from auditui.client.retention import read_retention
from auditui.client.retry import Kind
from auditui.client.spared import Spared
from auditui.model.errors import (
    AnswerTooBig,
    AudituiError,
    NotConfluence,
    Refused,
    ScopedTokenRefused,
    TokenRefused,
    Unreachable,
    UnreadableAnswer,
)
from auditui.model.site import is_loopback

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    import httpx

    from auditui.model.account import Account, Credential
    from auditui.model.retention import Retention
    from auditui.model.site import Site

Page = TypeVar("Page")

_RANDOM = SystemRandom().random

MOST_AT_ONCE = 4
"""Requests under way at the same time, whoever asks. Atlassian names no number ("Rate limiting")."""

SMALLEST_PAGE = 25
"""Records; an answer that is too big is asked for again with half the `limit`, down to this."""

_GROWS_AFTER = 4
"""Smaller pages that came, one after the other, before twice as many records are asked for again: where all records are
large, no more than one answer in five is thrown away."""


_LONGEST_TENANT = 10_000  # bytes of what tells a site's cloud id; a real answer has some sixty


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait that is about to begin: how many seconds, after what, and how many tries have been made."""

    seconds: float
    why: str
    attempt: int


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of the log."""

    params: dict[str, str | int]
    below: str = ""
    """The path below the log's own address."""
    quiet: bool = False
    """Whether nobody is told of waits."""
    patient: bool = True
    """Whether it is asked again where that helps."""


_RETENTION = _Question({}, "/retention", quiet=True)


class AuditLog:
    """The audit log of one site, read with one credential. Close it with `aclose`.

    The site's own address is asked first. Where it refuses the token, the gateway for tokens with scopes is asked; the
    address that accepts is kept for the rest of the run.
    """

    def __init__(
        self,
        credential: Credential,
        *,
        gateway: Site = GATEWAY,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
        on_wait: Callable[[Wait | None], None] | None = None,
        cloud_id: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = _RANDOM,
    ) -> None:
        """Takes some 50 ms for an `https` site, for reading the system's certificates; no network.

        Args:
            credential: goes to its own site or to the gateway, nowhere else.
            gateway: asked for a loopback site only if it is on loopback itself.
            transport: in place of the network (`client/in_process.py`).
            limits: of each exchange.
            on_wait: told before each automatic wait, and with None when it is over, also by cancellation.
            cloud_id: of an earlier run's `cloud_id`: the token is known to have scopes, so only the gateway is asked.
            sleep, random: how waits pass and vary.

        Raises:
            ProxyFailed: a proxy or certificate variable of the environment cannot be used.
            ValueError: the cloud id is not one.
        """
        self._account = credential.account
        self._auth = Basic(credential)
        self._gateway = gateway
        self.on_wait = on_wait
        """Told before each automatic wait, and with None when it is over."""
        self._sleep = sleep
        self._random = random
        self._cloud_id = cloud_id
        self._route = gateway_route(gateway, cloud_id) if cloud_id else None
        self._read_from: Route | None = None
        self._largest: int | None = None
        self._came = 0
        self._spared = Spared()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._server_date: datetime | None = None
        origins = (credential.account.site.origin, gateway.origin)
        self._http = Http(origins, transport=transport, limits=limits)

    @property
    def cloud_id(self) -> str | None:
        """The site's id at the gateway, once the gateway has accepted the token; None on the site's own address."""
        return self._cloud_id

    @property
    def gateway(self) -> str:
        """What takes tokens with scopes, in words."""
        return "Atlassian’s gateway" if self._gateway == GATEWAY else f"the gateway {self._gateway.host}"

    @property
    def server_date(self) -> datetime | None:
        """The server's clock as of its last answer, in UTC."""
        return self._server_date

    @overload
    async def fetch(self, start_date: int, end_date: int, search: str, start: int, limit: int) -> bytes: ...
    @overload
    async def fetch(
        self,
        start_date: int,
        end_date: int,
        search: str,
        start: int,
        limit: int,
        *,
        parse: Callable[[bytes], Page],
        patient: bool = True,
    ) -> Page: ...
    async def fetch(
        self,
        start_date: int,
        end_date: int,
        search: str,
        start: int,
        limit: int,
        *,
        parse: Callable[[bytes], Page] | None = None,
        patient: bool = True,
    ) -> Page | bytes:
        """One page: its body, or what `parse` makes of it.

        Args:
            start_date, end_date: milliseconds since the epoch, both inclusive, always sent.
            search: `searchString`; not sent when empty.
            start: offset of the first record.
            limit: records at most; fewer are asked for when the answer is too big.
            parse: called in a thread. An `UnreadableAnswer` that it raises has the page asked for once more.
            patient: False for a page that is asked for ahead of its turn: it is asked for once, and where the site says that
                this was too often, the next patient question waits as long as it said.

        Raises:
            Refused: this credential may not read the log; the class says why.
            Unreachable: no answer came, after every try.
            BadAnswer: an answer came that is no page.
        """
        size = min(limit, self._largest or limit)
        while True:
            params = _params(start_date, end_date, search, start, size)
            try:
                page: Page | bytes = await self._answer(
                    _Question(params, patient=patient), parse or _as_it_is
                )
            except AnswerTooBig:
                if size <= SMALLEST_PAGE:
                    raise
                size = self._largest = max(SMALLEST_PAGE, size // 2)
                self._came = 0
            else:
                self._grow(size)
                return page

    def _grow(self, size: int) -> None:
        """A page of so many records at most came: where it was a small one, the next ones may be larger again."""
        if size == self._largest:
            self._came += 1
            if self._came >= _GROWS_AFTER:
                self._largest, self._came = 2 * size, 0

    async def retention(self) -> Retention:
        """How long the site keeps records. Asked for like a page, but nobody is told of waits.

        Raises:
            Refused, Unreachable, BadAnswer: as for `fetch`; the words speak of the log.
        """
        return await self._answer(_RETENTION, read_retention)

    async def reach(self) -> None:
        """Ask the site for what any Confluence Cloud site tells anybody; no credential is sent.

        Raises:
            Unreachable: no answer came, after every try.
            BadAnswer: an answer came that no Confluence Cloud site gives.
        """
        try:
            await self._patiently(self._tenant)
        except Refused:
            # its words speak of a token, and none was sent
            raise NotConfluence(
                f"{self._account.site.host} answers, but not as a Confluence Cloud site."
            ) from None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _answer(self, question: _Question, parse: Callable[[bytes], Page]) -> Page:
        if self._route is not None:
            return await self._ask(self._route, question, parse)
        route = site_route(self._account.site)
        refusal: TokenRefused | ScopedTokenRefused
        try:
            page = await self._ask(route, question, parse)
        except (TokenRefused, ScopedTokenRefused) as error:
            refusal = error
        else:
            self._route = route
            return page
        if not self._gateway_is_near_enough():
            raise refusal
        return await self._through_gateway(refusal, question, parse)

    def _gateway_is_near_enough(self) -> bool:
        # What is tried out on this machine stays on this machine.
        return not _is_local(self._account.site) or _is_local(self._gateway)

    async def _through_gateway(
        self,
        refusal: TokenRefused | ScopedTokenRefused,
        question: _Question,
        parse: Callable[[bytes], Page],
    ) -> Page:
        """Which token it is cannot always be told from the site's 401, so the gateway has the last word."""
        cloud_id = await self._find_cloud_id(refusal, quiet=question.quiet)
        route = gateway_route(self._gateway, cloud_id)
        try:
            page = await self._ask(route, question, parse)
        except TokenRefused:
            raise _token_refused(refusal, self._account) from None
        except (Unreachable, NotConfluence) as error:
            raise _gateway_unknown(refusal, error) from None
        self._route, self._cloud_id = route, cloud_id
        return page

    async def _find_cloud_id(self, refusal: Refused, *, quiet: bool) -> str:
        """The site's id at the gateway, from a page that needs no sign-in (atlassian-python-api 1546)."""
        try:
            return await self._patiently(self._tenant, quiet=quiet)
        except AudituiError as error:
            raise _gateway_unknown(refusal, error) from None

    async def _tenant(self) -> str:
        answer = await self._http.get(f"{self._account.site.origin}/_edge/tenant_info")
        fault = refusals.of_answer(answer, self._account, gateway=False)
        if fault:
            raise fault
        try:
            cloud_id = json.loads(answer.body[:_LONGEST_TENANT])["cloudId"]
            gateway_route(self._gateway, cloud_id)
        except (ValueError, RecursionError, TypeError, KeyError):
            raise Fault(UnreadableAnswer(f"{answer.host} does not tell its cloud id.")) from None
        return str(cloud_id)

    async def _ask(self, route: Route, question: _Question, parse: Callable[[bytes], Page]) -> Page:
        ask = partial(self._ask_once, route, question, parse)
        return (
            await self._patiently(ask, quiet=question.quiet)
            if question.patient
            else await self._hurriedly(ask)
        )

    async def _hurriedly(self, ask: Callable[[], Awaitable[Page]]) -> Page:
        if (failed := self._spared.by) is None:
            try:
                return await ask()
            except Fault as fault:
                failed = fault.with_traceback(None)
            self._spared.heard(failed)
        raise failed.error

    async def _wait_for_others(self, tell: Callable[[Wait | None], None]) -> None:
        """Wait as long as the site said when it was asked ahead; where that is too long, a person decides."""
        failed, seconds = self._spared.take()
        if failed is None:
            return
        if seconds > retry.MOST_WAITING:
            raise failed.error
        await self._wait(Wait(seconds, failed.error.happened, 1), tell)

    async def _ask_once(self, route: Route, question: _Question, parse: Callable[[bytes], Page]) -> Page:
        async with self._room:
            answer = await self._http.get(route.audit + question.below, question.params, auth=self._auth)
        self._server_date = answer.date or self._server_date
        fault = refusals.of_answer(
            answer, self._account, gateway=route.gateway, was_read=route == self._read_from
        )
        if fault:
            raise fault
        try:
            page = await asyncio.to_thread(parse, answer.body)
        except UnreadableAnswer as error:
            raise Fault(error, Kind.GARBLED) from None
        self._read_from = route
        return page

    async def _patiently(self, ask: Callable[[], Awaitable[Page]], *, quiet: bool = False) -> Page:
        """What `ask` gives, asked as often as `client/retry.py` allows; nobody is told where it is done quietly.

        Raises:
            AudituiError: of the last fault, without a chain: the exceptions below it know the request.
        """
        tell = _tell_nobody if quiet else self.on_wait or _tell_nobody
        await self._wait_for_others(tell)
        attempt, waited = 1, 0.0
        while True:
            try:
                return await ask()
            except Fault as fault:
                failed = fault.with_traceback(None)  # its frames hold what came of the answer
            seconds = retry.delay(
                failed.kind, attempt, asked=failed.asked, waited=waited, random=self._random
            )
            if seconds is None:
                raise failed.error
            await self._wait(Wait(seconds, failed.error.happened, attempt), tell)
            attempt, waited = attempt + 1, waited + seconds

    async def _wait(self, wait: Wait, tell: Callable[[Wait | None], None]) -> None:
        if wait.seconds <= 0:
            return
        tell(wait)
        try:
            await self._sleep(wait.seconds)
        finally:
            tell(None)


def _params(start_date: int, end_date: int, search: str, start: int, limit: int) -> dict[str, str | int]:
    dates: dict[str, str | int] = {"startDate": start_date, "endDate": end_date}
    return dates | ({"searchString": search} if search else {}) | {"start": start, "limit": limit}


def _as_it_is(body: bytes) -> bytes:
    return body


def _tell_nobody(wait: Wait | None) -> None:
    pass


def _is_local(site: Site) -> bool:
    return is_loopback(urlsplit(site.origin).hostname or "")


def _token_refused(refusal: Refused, account: Account) -> TokenRefused:
    return refusal if isinstance(refusal, TokenRefused) else refusals.token_refused(account)


def _gateway_unknown(refusal: Refused, error: AudituiError) -> Refused:
    """The site's refusal, with the reason why the gateway could not be asked."""
    why = f"{refusal.why} The gateway for tokens with scopes could not be asked: {error.happened}".strip()
    return type(refusal)(refusal.happened, why=why, remedy=refusal.remedy)
