"""Which proxy the environment puts between us and a host. What stands before its host, a user and a password, is told as secrets only."""

from __future__ import annotations

import re
from urllib.parse import unquote
from urllib.request import getproxies, proxy_bypass

from auditui.model.secret import Secret


def proxy_host(scheme: str, host: str) -> str:
    """The proxy's host, with its port; "" where there is none.

    Args:
        scheme: `http` or `https`.
        host: whom the request is for.
    """
    if proxy_bypass(host):
        return ""
    found = getproxies()
    address = found.get(scheme) or found.get("all", "")
    # A password may hold any sign, so what comes before the last @ is left out before anything else is looked for.
    return re.split(r"[/?#]", address.rpartition("@")[2].rpartition("://")[2], maxsplit=1)[0]


def passwords() -> tuple[Secret, ...]:
    """The passwords of all proxies, as they are sent. As long as they are held, no error repeats what a proxy says of them."""
    logins = (address.rpartition("@")[0] for address in getproxies().values())
    return tuple(Secret(unquote(login.rpartition(":")[2])) for login in logins if login)
