"""The site and its log, step by step, each with a limit: the way there, the site, the log, its clock, its retention.

A step is left out where one before it failed. The token goes where `client/log.py` sends it, and the log is asked for one
record, which is not kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from auditui.client.http import Limits
from auditui.client.page import read_page
from auditui.model.errors import AudituiError, BadAnswer, TimedOut
from auditui.session.checkup.breakage import broken, instead
from auditui.session.checkup.finding import Finding, Verdict, note, of_error, ok, skipped, warning
from auditui.session.checkup.way import Ground, connected, name, since
from auditui.session.kept import kept

if TYPE_CHECKING:
    from auditui.client.log import Wait

T = TypeVar("T")

LIMITS = Limits(connect=4.0, read=5.0, pool=1.0, exchange=6.0)
"""Of each exchange: an explorer waits longer than somebody who wants to know what is wrong."""

_ANSWER = 8.0  # seconds
_DAY = 24 * 60 * 60 * 1000  # milliseconds; what is asked for does not matter, only whether it may be
_CLOCKS_DIFFER = 60  # seconds

Step = Callable[[Ground], Awaitable[tuple[Finding, ...]]]


async def go(ground: Ground, tell: Callable[[Finding], None]) -> None:
    """Go the way as far as it leads, and tell of each step."""
    failed = ""
    for topic, step in (_THERE if ground.in_process else _WAY | _THERE).items():
        for finding in await _gone(topic, step, ground, failed):
            failed = finding.topic if finding.verdict is Verdict.FAILED else failed
            tell(finding)


async def _gone(topic: str, step: Step, ground: Ground, failed: str) -> tuple[Finding, ...]:
    if failed:
        return (skipped(topic, f"not tried, as “{failed}” failed"),)
    return await instead(step(ground), lambda error: (broken(topic, error),))


async def _answering(ground: Ground) -> tuple[Finding, ...]:
    topic, began = "Site", time.monotonic()
    try:
        await _asked(ground, ground.connection.reach())
    except BadAnswer as error:  # it may answer better to whoever is signed in
        return (of_error(topic, error, Verdict.WARNING),)
    except AudituiError as error:
        return (of_error(topic, error),)
    through = f", through the proxy {ground.proxy}" if ground.proxy else ""
    return (ok(topic, f"answers as a Confluence Cloud site{through} ({since(began)})"),)


async def _readable(ground: Ground) -> tuple[Finding, ...]:
    topic, connection, began = "Audit log", ground.connection, time.monotonic()
    if not ground.signed_in:
        return (skipped(topic, "not asked, as there is no token"),)
    end = connection.now()
    try:
        await _asked(ground, connection.fetch(end - _DAY, end, "", 0, 1, parse=read_page))
    except AudituiError as error:
        # a refusal tells the time, too
        return of_error(topic, error), *_clock(ground)
    way = (
        f"by {connection.gateway}, as the token has scopes"
        if connection.cloud_id
        else "at the site’s own address"
    )
    return ok(topic, f"can be read, {way} ({since(began)})"), *_clock(ground)


def _clock(ground: Ground) -> tuple[Finding, ...]:
    """How far this machine's clock is from the site's, which tells whole seconds."""
    date = ground.server_date()
    if date is None:
        return ()
    ahead = round(time.time() - date.timestamp())
    way = "ahead of" if ahead > 0 else "behind"
    if abs(ahead) <= _CLOCKS_DIFFER:
        return (ok("Clock", "this machine’s agrees with the site’s"),)
    words = f"This machine’s clock is {abs(ahead):,} s {way} the site’s; dates like 24h are off by as much."
    return (warning("Clock", words, "Set it, best by NTP: timedatectl tells whether that is on."),)


async def _retained(ground: Ground) -> tuple[Finding, ...]:
    topic, connection = "Retention", ground.connection
    if not ground.signed_in:
        return (skipped(topic, "not asked, as there is no token"),)
    try:
        told = await asyncio.wait_for(connection.retention(), ground.seconds(_ANSWER))
    except TimeoutError:
        told = None
    if told is None:
        return (note(topic, "the site does not tell how long it keeps records"),)
    found = kept(told, None, connection.now(), ground.zone)
    return (ok(topic, f"records are kept for {told.words}{f', from {found.since} on' if found else ''}"),)


async def _asked(ground: Ground, answer: Awaitable[T]) -> T:
    """The answer, if it comes in time.

    Raises:
        AudituiError: as the answer's own, or none came; then for the reason why it was asked for again, if it was.
    """
    waits: list[Wait] = []
    ground.connection.listen(lambda wait: waits.append(wait) if wait else None)
    seconds = ground.seconds(_ANSWER)
    try:
        return await asyncio.wait_for(answer, seconds)
    except TimeoutError:
        host = ground.site.host
        happened = waits[-1].why if waits else f"{host} did not answer within {seconds:.0f} s."
        tries = f"Asked {waits[-1].attempt + 1} times within {seconds:.0f} s." if waits else ""
        raise TimedOut(happened, why=tries, remedy="Try again later.") from None
    finally:
        ground.connection.listen(None)


_WAY: dict[str, Step] = {"Name": name, "Connection": connected}
_THERE: dict[str, Step] = {"Site": _answering, "Audit log": _readable, "Retention": _retained}
