"""Who gets in at the demo site, and what the others hear. Knows nothing of pages and records.

Sign in as `demo@example.com` with the token `demo`. The token decides first:

    demo          any e-mail is an administrator, at the site and at the gateway
    demo-scoped   a token with scopes: 401 at the site, an administrator at the gateway
    no-scope      a token that lacks the scope: 401 at the site, 401 "scope does not match" at the gateway
    others        401

Then the part of the e-mail before the @:

    member    403 not an administrator              sso       302 to Atlassian's sign-in page
    free      403 the Free plan has no audit log    portal    200 with a sign-in page in HTML
    outside   403 no Confluence                     busy      429, always
    blocked   403 the address is not allowed        broken    503, always
    garbled   200 with JSON that is cut off

A request without credentials is anonymous, and hears what `outside` hears.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Final

from auditui.demo import answers
from auditui.demo.answers import Answer

_ADMITTED: Final = ("demo", "demo-scoped")
_MANNERS: Final[Mapping[str, Callable[[], Answer]]] = {
    "member": answers.not_administrator,
    "free": answers.free_plan,
    "outside": answers.no_access,
    "blocked": answers.address_blocked,
    "sso": answers.sign_in_redirect,
    "portal": answers.portal,
    "broken": answers.unavailable,
}


def visitor(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """The e-mail and the token of Basic authentication, both "" where it cannot be read; None without any."""
    given = next((value for name, value in headers.items() if name.lower() == "authorization"), None)
    if given is None:
        return None
    scheme, _, text = given.partition(" ")
    try:
        email, _, token = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (email, token) if scheme.lower() == "basic" else ("", "")


def refusal(pair: tuple[str, str] | None, *, gateway: bool, retry_after: str) -> Answer | None:
    """What a visitor hears instead of a page of records; None for an administrator."""
    if pair is None:
        return answers.gateway_refusal() if gateway else answers.no_access()
    email, token = pair
    if token == "no-scope" and gateway:  # noqa: S105  # the demo's own made-up token
        return answers.scope_missing()
    if token in ("no-scope", "demo-scoped") and not gateway:
        return answers.scoped_at_site()
    if token not in _ADMITTED:
        return answers.gateway_refusal() if gateway else answers.wrong_pair()
    manner = email.partition("@")[0]
    if manner == "busy":
        return answers.slow_down(retry_after)
    return _MANNERS[manner]() if manner in _MANNERS else None


def garbles(pair: tuple[str, str] | None) -> bool:
    """Whether this visitor gets only the first part of a page."""
    return pair is not None and pair[0].startswith("garbled@")
