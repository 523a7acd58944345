"""Which proxy the environment puts between us and a host. Never tells what stands before its host: that is a user and a password."""

from __future__ import annotations

import re
from urllib.request import getproxies, proxy_bypass


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
