"""Signing in, one step after the other, each with words for a person. Knows nothing of screens.

The audit endpoint itself is what is asked: a token with the one scope that auditui needs may not even read its owner's
name. A refusal there (403) does not tell whether the token was accepted, as the site may take a token that it does not
know for nobody's; so nothing more is claimed than is known. Nothing is kept before the log could be read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from auditui.account.keyrings import KeyringReport
from auditui.account.vault import Listing, Place, Saved
from auditui.client.page import read_page
from auditui.model.account import Account, Credential, email_of, token_of
from auditui.model.errors import (
    AddressNotAllowed,
    AudituiError,
    BadAnswer,
    CredentialFileRefused,
    FreePlan,
    KeyringUnavailable,
    Refused,
    ScopedTokenRefused,
    ScopeMissing,
    TokenRefused,
    UsageError,
)
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.session.connection import Connection

if TYPE_CHECKING:
    from auditui.client.log import Wait
    from auditui.session.run import Run

__all__ = ["Entry", "Field", "Finding", "KeyringReport", "Listing", "Place", "Saved", "Verdict", "sign_in"]

T = TypeVar("T")

_DAY = 24 * 60 * 60 * 1000  # milliseconds; what is asked for does not matter, only whether it may be


class Verdict(Enum):
    """How a step stands."""

    RUNNING = auto()
    OK = auto()
    FAILED = auto()
    UNSURE = auto()
    """It cannot be told; what follows may tell."""


class Field(Enum):
    """What a person entered, and may have to change."""

    SITE = auto()
    EMAIL = auto()
    TOKEN = auto()
    PLACE = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """How one step stands. A later finding of the same step replaces an earlier one."""

    step: str
    """`Site`, `E-mail`, `Token`, `Audit log` or `Kept`."""
    verdict: Verdict
    words: str
    """A sentence or more; may hold words of the server, so it is shown like any foreign text."""
    field: Field | None = None
    """Where a failure is best mended."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered, as it was typed."""

    site: str
    email: str
    token: Secret
    place: Place
    """Where the token is to be kept."""


Tell = Callable[[Finding], None]


async def sign_in(run: Run, entry: Entry, tell: Tell) -> Connection:
    """A connection that has read from the audit log, with its token kept where it was asked to be.

    Cancelling it is all right at any moment. Where the token cannot be kept there, a failed `Kept` says why, nothing
    else is tried, and the connection uses it for this session.

    Args:
        run: opens the connection and knows the vault.
        entry: what was typed.
        tell: called with each finding, from the event loop.

    Raises:
        AudituiError: as the last failed finding says; nothing was kept.
    """
    credential = _credential(entry, tell)
    async with AsyncExitStack() as opened:
        connection = await _reached(run, credential, tell, opened)
        await _read(connection, tell)
        run.let_in(credential, _ENTERED)
        await _keep(run, entry.place, credential, connection, tell)
        connection.listen(None)
        opened.pop_all()
        return connection


def _credential(entry: Entry, tell: Tell) -> Credential:
    site = _understood(lambda: Site.parse(entry.site), "Site", Field.SITE, tell)
    email = _understood(lambda: email_of(entry.email), "E-mail", Field.EMAIL, tell)
    token = _understood(lambda: token_of(entry.token.reveal()), "Token", Field.TOKEN, tell)
    return Credential(Account(site, email), token)


def _understood(read: Callable[[], T], step: str, field: Field, tell: Tell) -> T:
    try:
        return read()
    except UsageError as error:
        tell(Finding(step, Verdict.FAILED, error.sentences(), field))
        raise


async def _reached(run: Run, credential: Credential, tell: Tell, opened: AsyncExitStack) -> Connection:
    site = credential.account.site
    tell(Finding("Site", Verdict.RUNNING, f"Asking {site.host}, without the token."))
    try:
        connection = await run.try_out(credential, _ENTERED)
        opened.push_async_callback(connection.close)
        connection.listen(_waits("Site", tell))
        tell(await _site_finding(connection))
    except AudituiError as error:
        tell(Finding("Site", Verdict.FAILED, error.sentences(), Field.SITE))
        raise
    return connection


async def _site_finding(connection: Connection) -> Finding:
    try:
        await connection.reach()
    except BadAnswer as error:
        return Finding("Site", Verdict.UNSURE, f"{error.happened} The next steps will tell.")
    host = connection.account.site.host
    return Finding("Site", Verdict.OK, f"{host} answers as a Confluence Cloud site.")


async def _read(connection: Connection, tell: Tell) -> None:
    tell(Finding("Token", Verdict.RUNNING, "Asking for one record of the audit log."))
    connection.listen(_waits("Token", tell))
    end = connection.now()
    try:
        await connection.fetch(end - _DAY, end, "", 0, 1, parse=read_page)
    except AudituiError as error:
        for finding in _what_it_tells(error, connection.gateway):
            tell(finding)
        raise
    way = (
        f"Accepted by {connection.gateway}: it is a token with scopes."
        if connection.cloud_id
        else f"Accepted by {connection.account.site.host} itself."
    )
    tell(Finding("Token", Verdict.OK, way))
    tell(Finding("Audit log", Verdict.OK, "It can be read."))


def _what_it_tells(error: AudituiError, gateway: str) -> tuple[Finding, ...]:
    """What a failed request for the log tells of the token, and of the log."""
    words = error.sentences()
    if isinstance(error, TokenRefused | ScopedTokenRefused):
        return (Finding("Token", Verdict.FAILED, words, Field.TOKEN),)
    token = Finding("Token", Verdict.UNSURE, "No answer told whether it is accepted.")
    field = Field.EMAIL
    if isinstance(error, ScopeMissing):
        token, field = Finding("Token", Verdict.OK, f"Accepted by {gateway}."), Field.TOKEN
    elif isinstance(error, AddressNotAllowed | FreePlan) or not isinstance(error, Refused):
        field = Field.SITE
    else:
        token = Finding(
            "Token", Verdict.UNSURE, "Not known: a token that is not recognised gets the same answer."
        )
    return token, Finding("Audit log", Verdict.FAILED, words, field)


def _waits(step: str, tell: Tell) -> Callable[[Wait | None], None]:
    def waits(wait: Wait | None) -> None:
        words = f"{wait.why} Asking again in {wait.seconds:.0f} s." if wait else "Asking again."
        tell(Finding(step, Verdict.RUNNING, words))

    return waits


async def _keep(run: Run, place: Place, credential: Credential, connection: Connection, tell: Tell) -> None:
    tell(Finding("Kept", Verdict.RUNNING, "Putting the token where it is to be kept."))
    try:
        words = await run.vault.save(credential.account, credential.token, place)
    except (KeyringUnavailable, CredentialFileRefused) as error:
        words = f"{error.sentences()} Your token will be used for this session only."
        tell(Finding("Kept", Verdict.FAILED, words, Field.PLACE))
    else:
        tell(Finding("Kept", Verdict.OK, words))
        connection.source = _SOURCES[place]
    connection.notices = (*connection.notices, words)


_ENTERED = "entered for this session"
_SOURCES = {Place.KEYRING: "keyring", Place.FILE: "credentials file (unencrypted)", Place.SESSION: _ENTERED}
