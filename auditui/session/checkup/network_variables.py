"""The proxy and certificate variables of the environment, without the passwords in them. Asks nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditui.session.checkup import there
from auditui.session.checkup.finding import Finding, note, ok, warning

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_EXCEPTIONS = ("NO_PROXY", "no_proxy")
_OF_OTHERS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Named as often as they are of no use: neither httpx nor the system's own TLS reads them."""

_ADDRESS = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_SCHEME = re.compile(r"[a-z][a-z0-9+]{0,9}")


def variables(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What they say."""
    yield _proxies(environ)
    yield from _certificates(environ)


def login_of(address: str) -> str:
    """User and password in the address of a proxy, as they stand there; "" where there are none."""
    before = address.rpartition("@")[0]
    return before.partition("://")[2] if "://" in before else before


def shown(address: str) -> str:
    """The address of a proxy by scheme, host and port only: a password may hold any sign, also `/` and `@`."""
    scheme, found, rest = address.partition("://")
    if not found:
        scheme, rest = "", address
    login, at, place = rest.rpartition("@")
    place = re.split(r"[/?#]", place, maxsplit=1)[0]
    if not _ADDRESS.fullmatch(place) or (found and not _SCHEME.fullmatch(scheme.lower())):
        return "(not an address, so it is not shown)"
    told = f"{scheme}://{place}" if found else place
    return f"{told} (with a user{' and password' if ':' in login else ''})" if at else told


def _proxies(environ: Mapping[str, str]) -> Finding:
    told = [f"{name}={shown(value)}" for name in PROXIES if (value := environ.get(name))]
    told += [f"{name}={value}" for name in _EXCEPTIONS if (value := environ.get(name))]
    return ok("Proxy", ", ".join(told) or "no variable is set")


def _certificates(environ: Mapping[str, str]) -> Iterator[Finding]:
    own, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    if folder and not there.a_folder(Path(folder)):
        yield warning(
            "Certificates", f"SSL_CERT_DIR={folder} is no folder.", "Correct the variable or remove it."
        )
    for name in _OF_OTHERS:
        if not own and environ.get(name):
            yield note(
                "Certificates",
                f"{name} is set, and not used by auditui.",
                "If it names the certificate of a company proxy, set SSL_CERT_FILE to the same file.",
            )
    told = [f"{name}={value}" for name, value in (("SSL_CERT_FILE", own), ("SSL_CERT_DIR", folder)) if value]
    yield ok("Certificates", f"the system’s{', and ' + ', '.join(told) if told else ''}")
