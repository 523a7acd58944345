"""What a user has to know of the gateway: where else than to the site a token may go. Asks nobody."""

from __future__ import annotations

from urllib.parse import urlsplit

from auditui.model.site import Site, is_loopback

_ATLASSIAN = "https://api.atlassian.com"
"""As `client/auth.py` has it, which no start should import before its first frame."""


def foreign_gateway(gateway: Site | None, site: Site | None) -> tuple[str, ...]:
    """A sentence where AUDITUI_GATEWAY names another one than Atlassian's: whoever answers there may get the token.

    Args:
        gateway: what is used; None for Atlassian's own.
        site: whose token it is, if that is known. One on this machine leads to no gateway but one on this machine.
    """
    here = site is not None and is_loopback(urlsplit(site.origin).hostname or "")
    if gateway is None or gateway.origin == _ATLASSIAN or here:
        return ()
    return (f"AUDITUI_GATEWAY is set: a token that the site does not take is sent to {gateway.host}.",)
