"""The one place where the site's statuses and pages of HTML become auditui's errors, each in its own words.

Knows what an answer means, not how it was fetched; why none came is `client/faults.py`. Texts of the server go in raw
and capped: whoever shows an error makes them inert.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from auditui.client.faults import Fault, quote
from auditui.client.retry import Kind, asked_seconds, kind_of
from auditui.model.errors import (
    AddressNotAllowed,
    AudituiError,
    FreePlan,
    NoConfluenceAccess,
    NotAdministrator,
    NotConfluence,
    ProxyFailed,
    QueryRefused,
    RateLimited,
    Refused,
    ScopedTokenRefused,
    ScopeMissing,
    ServerFailed,
    TokenRefused,
    UnreadableAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditui.client.http import Answer
    from auditui.model.account import Account

_TOKENS_PAGE = "id.atlassian.com/manage-profile/security/api-tokens"


def of_answer(answer: Answer, account: Account, *, gateway: bool, was_read: bool = False) -> Fault | None:
    """What is wrong with an answer, or None where its body may be a page of records.

    Args:
        answer: what came.
        account: as whom it was asked for.
        gateway: whether from the gateway.
        was_read: whether the log was read from there before.

    Statuses and texts: the table in confluence-audit-api.md, section 4, whose sources are support.atlassian.com,
    community.atlassian.com (qaq-p/3039044, qaq-p/3023662) and GitHub (airbyte 23862, kovetskiy/mark 493 and 917,
    markdown-confluence 635).
    """
    if answer.status in (200, 204):
        error = _not_a_page(answer)
        return Fault(error) if error else None
    now = answer.date or datetime.now(UTC)
    asked = asked_seconds(answer.headers.get("retry-after", ""), now)
    kind = kind_of(answer.status)
    if kind is Kind.THROTTLED:
        return Fault(_rate_limited(answer, asked, now), kind, asked)
    if kind is Kind.SERVER:
        return Fault(_server_failed(answer, asked, now), kind, asked)
    if 300 <= answer.status < 400 and "location" in answer.headers:
        return Fault(_redirected(answer, account, was_read=was_read))
    return Fault(_refused(answer, account, gateway=gateway))


def _not_a_page(answer: Answer) -> AudituiError | None:
    body = answer.body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not body:
        return UnreadableAnswer(
            f"{answer.host} sent an empty answer.",
            why="A proxy on the way may have dropped it.",
            remedy="Try again later.",
        )
    html = "html" in answer.headers.get("content-type", "").lower() and body[:1] not in (b"{", b"[")
    if html or body[:1] == b"<":
        return NotConfluence(
            f"This is not Confluence (got HTML from {answer.host}).",
            why="A sign-in page, a network portal or a proxy seems to answer in its place.",
            remedy="Check the site address, or sign in to the network first.",
        )
    return None


def _refused(answer: Answer, account: Account, *, gateway: bool) -> AudituiError:
    if answer.status == 401:
        return _unauthorised(answer, account, gateway=gateway)
    if answer.status == 403:
        return _forbidden(answer, account)
    return _STATUSES.get(answer.status, _unexpected)(answer)


def _unauthorised(answer: Answer, account: Account, *, gateway: bool) -> AudituiError:
    if _says(answer, "not on the allowed list"):
        return _address_not_allowed(answer)
    if _scope_is_missing(answer):
        return ScopeMissing(
            "The API token is good, but lacks the scope to read the audit log.",
            remedy=f"Create one with the scope read:audit-log:confluence at {_TOKENS_PAGE}.",
        )
    if not gateway and _says(answer, "lacks valid authentication credentials"):
        return ScopedTokenRefused(
            f"{answer.host} does not take this token at its own address.",
            why="A token with scopes needs the api.atlassian.com address.",
            remedy=f"Check the e-mail address {account.email}, or create a new token at {_TOKENS_PAGE}.",
        )
    if _says(answer, "authentication with passwords is deprecated"):
        return TokenRefused(
            "Atlassian takes an API token here, not a password.", remedy=f"Create one at {_TOKENS_PAGE}."
        )
    return token_refused(account, _login_reason(answer))


def token_refused(account: Account, hint: str = "") -> TokenRefused:
    """The pair of e-mail and token was refused wherever it may be good."""
    return TokenRefused(
        f"Atlassian rejected the token for {account.email}.",
        why=" ".join(
            part
            for part in (
                "Tokens expire after at most one year, and a token with scopes needs the api.atlassian.com address.",
                hint,
            )
            if part
        ),
        remedy=f"Check the e-mail address, or create a new token at {_TOKENS_PAGE}.",
    )


def _scope_is_missing(answer: Answer) -> bool:
    category = answer.headers.get("x-failure-category", "")
    return category == "FAILURE_CLIENT_SCOPE_CHECK" or _says(answer, "scope does not match")


def _login_reason(answer: Answer) -> str:
    reason = answer.headers.get("x-seraph-loginreason", "")
    return f"The site gives the reason {quote(reason)}." if reason else ""


def _forbidden(answer: Answer, account: Account) -> Refused:
    said = server_text(answer)
    if _says(answer, "Free edition"):
        return FreePlan(
            "The Free plan of Confluence has no audit log.",
            why=f"{answer.host} says: “{said}”.",
            remedy="A site administrator can change the plan.",
        )
    if _says(answer, "not on the allowed list"):
        return _address_not_allowed(answer)
    if _says(answer, "not permitted to use Confluence"):
        return NoConfluenceAccess(
            f"{account.email} may not use Confluence at {answer.host}.",
            why="The account has no Confluence there, or the token was not recognised and the request counted as"
            " anonymous.",
            remedy="Check the e-mail address and the token; then ask a site administrator for access.",
        )
    told = " ".join(
        part for part in (f"The site says: “{said}”." if said else "", _login_reason(answer)) if part
    )
    return NotAdministrator(
        f"Reading the audit log of {answer.host} needs Confluence Administrator permission.",
        why=f"{account.email} seems to lack it, or the token was not recognised and the request counted as anonymous."
        + (f" {told}" if told else ""),
        remedy="Ask a site administrator for the permission, or check the e-mail address and the token.",
    )


def _address_not_allowed(answer: Answer) -> AddressNotAllowed:
    return AddressNotAllowed(
        f"{answer.host} does not accept requests from this machine's address.",
        why="The site has a list of allowed IP addresses.",
        remedy="Connect through an allowed network, or ask an administrator to add this address.",
    )


def _redirected(answer: Answer, account: Account, *, was_read: bool) -> AudituiError:
    try:
        target = urlsplit(urljoin(str(answer.url.copy_with(query=None)), answer.headers["location"]))
        host = target.hostname or ""
    except ValueError:
        return _unexpected(answer)
    if host == "id.atlassian.com" or (target.netloc == answer.host and target.path.startswith("/login")):
        return TokenRefused(
            f"You are not signed in: {answer.host} sends {account.email} to a login page.",
            remedy=f"Check the e-mail address and the token, or create a new token at {_TOKENS_PAGE}.",
        )
    address = quote(f"{target.scheme}://{target.netloc.rpartition('@')[2]}{target.path}")
    moved = f"{answer.host} says that this address has moved to {address}."
    not_followed = "auditui does not follow, so that the token goes to no other place."
    if was_read:
        return NotConfluence(
            moved,
            why="It gave the log before, so a network portal or a proxy may answer in its place, or a session has ended."
            f" {not_followed}",
            remedy="Sign in to the network or the proxy if it asks for that, then try again.",
        )
    return NotConfluence(moved, why=not_followed, remedy="If you trust the new address, give it as the site.")


def _rate_limited(answer: Answer, asked: float | None, now: datetime) -> RateLimited:
    return RateLimited(
        f"{answer.host} asks for fewer requests.",
        why=_until(asked, now),
        remedy="Wait a little, then try again.",
        seconds=asked,
    )


def _server_failed(answer: Answer, asked: float | None, now: datetime) -> ServerFailed:
    return ServerFailed(
        f"{answer.host} has a fault of its own (status {answer.status}).",
        why=_until(asked, now),
        remedy="Try again later; status.atlassian.com tells of known faults.",
    )


def _until(asked: float | None, now: datetime) -> str:
    if not asked:
        return ""
    try:
        until = now + timedelta(seconds=asked)
    except OverflowError:
        return "It asks to wait for longer than the calendar goes."
    return f"It asks to wait until {until:%Y-%m-%d %H:%M:%S} UTC."


def _unexpected(answer: Answer) -> ServerFailed:
    said = server_text(answer)
    return ServerFailed(
        f"{answer.host} answered with the unexpected status {answer.status}.",
        why=f"It says: “{said}”." if said else "",
        remedy="Try again later.",
    )


def _question_refused(answer: Answer) -> QueryRefused:
    said = server_text(answer)
    return QueryRefused(
        f"{answer.host} did not understand the search.",
        why=f"It says: “{said}”." if said else "",
        remedy="Change the search text or the dates.",
    )


def _too_long(answer: Answer) -> QueryRefused:
    return QueryRefused(f"The search is too long for {answer.host}.", remedy="Shorten the search text.")


def _no_confluence(answer: Answer) -> NotConfluence:
    return NotConfluence(
        f"There is no Confluence at {answer.host}.",
        why="The audit log was not found.",
        remedy="Check the site address.",
    )


def _gone(answer: Answer) -> NotConfluence:
    return NotConfluence(
        f"{answer.host} no longer offers this way to its audit log.", remedy="Update auditui."
    )


def _proxy_status(answer: Answer) -> ProxyFailed:
    return ProxyFailed(
        f"A proxy on the way to {answer.host} asks for a user and password (status 407).",
        remedy="Check HTTPS_PROXY.",
    )


_STATUSES: dict[int, Callable[[Answer], AudituiError]] = {
    400: _question_refused,
    404: _no_confluence,
    407: _proxy_status,
    410: _gone,
    413: _too_long,
    414: _too_long,
}


def _says(answer: Answer, phrase: str) -> bool:
    return phrase in answer.body.decode("utf-8", "replace")


def server_text(answer: Answer) -> str:
    """What the site says about a refusal, at most 300 characters, raw; "" where it says nothing or says it in HTML.

    The shapes: `message`, `errorMessages`, and the documented `data.errors[].message.translation`.
    """
    text = answer.body.decode("utf-8", "replace").strip()
    if text.startswith("<"):
        return ""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.startswith(("{", "[")) else quote(text)
    return quote(_message(said))


def _message(said: object) -> str:
    if not isinstance(said, dict):
        return ""
    messages = said.get("errorMessages")
    first = messages[0] if isinstance(messages, list) and messages else None
    return next((text for text in (said.get("message"), first) if isinstance(text, str)), "")
