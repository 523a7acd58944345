"""The network addresses that stand in a text, where proxies can have added theirs behind commas. Pure.

Looks at no more of a text than addresses can take: a hostile one has millions of commas.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

_MOST = 1_000
"""Characters that are looked at: the addresses of some 20 to 120 proxies."""


def parts(text: str) -> list[str]:
    """What stands between the commas, without blanks around it; a part that is not looked at whole is left out."""
    found = text[:_MOST].split(",")
    if len(text) > _MOST and text[_MOST] != ",":
        found.pop()
    return [part.strip() for part in found]


def addresses(text: str) -> tuple[IPv4Address | IPv6Address, ...]:
    """The addresses among the parts, in their order."""
    return _addresses(text[: _MOST + 1])


@lru_cache(500)  # a filter of hundreds of blocks asks for the same ones again and again
def _addresses(text: str) -> tuple[IPv4Address | IPv6Address, ...]:
    # The library takes its time to say that a name is none.
    likely = (part for part in parts(text) if "." in part or ":" in part)
    return tuple(address for part in likely if (address := _address(part)) is not None)


def _address(part: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(part)
    except ValueError:
        return None
