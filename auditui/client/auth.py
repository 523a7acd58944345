"""How a credential becomes a request: the header, and the address the token is good for. Knows nothing of answers.

Basic authentication with `email:token` works in two places. A classic token is good at the site itself, a token with
scopes only at Atlassian's gateway (support.atlassian.com, "Scoped API tokens in Confluence Cloud"). Which of the two a
token is cannot be seen from it: `client/log.py` finds out by asking.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from auditui.model.site import Site

if TYPE_CHECKING:
    from collections.abc import Generator

    from auditui.model.account import Credential

GATEWAY = Site("https://api.atlassian.com")
"""Where tokens with scopes are taken, unless `AUDITUI_GATEWAY` names another place (parse it with `Site.parse`)."""

_CLOUD_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Route:
    """One address under which a site's REST API answers."""

    base: str
    """Origin and path, without a slash at the end."""
    gateway: bool

    @property
    def audit(self) -> str:
        """The URL of the audit log's one endpoint."""
        return f"{self.base}/wiki/rest/api/audit"


def site_route(site: Site) -> Route:
    """The site's own address, for classic tokens."""
    return Route(site.origin, gateway=False)


def gateway_route(gateway: Site, cloud_id: str) -> Route:
    """Atlassian's gateway, for tokens with scopes.

    Raises:
        ValueError: the cloud id is not one; it becomes a part of a path.
    """
    if not _CLOUD_ID.fullmatch(cloud_id):
        raise ValueError("not a cloud id")
    return Route(f"{gateway.origin}/ex/confluence/{cloud_id}", gateway=True)


class Basic(httpx.Auth):
    """Puts `email:token` on one request at the moment it leaves. Nothing that lives longer holds the header."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by httpx for each request; never answers a challenge."""
        account, token = self._credential.account, self._credential.token
        pair = b64encode(f"{account.email}:{token.reveal()}".encode()).decode()
        request.headers["Authorization"] = f"Basic {pair}"
        yield request
