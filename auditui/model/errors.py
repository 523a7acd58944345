"""Everything that can go wrong and is not a bug, as one tree.

    AudituiError
    ├── UsageError                  wrong use: an option, a date, a site address          exit 2
    ├── SignInNeeded                no site, e-mail or token is known                     exit 4
    ├── Refused                     the site or the gateway does not let us read          exit 4
    │   ├── TokenRefused            401: the pair of e-mail and token
    │   ├── ScopedTokenRefused      401: a scoped token at the site's own address
    │   ├── ScopeMissing            401: the token lacks read:audit-log:confluence
    │   ├── NotAdministrator        403: not a Confluence administrator
    │   ├── NoConfluenceAccess      403: no Confluence for this account, or taken as anonymous
    │   ├── FreePlan                403: the Free plan has no audit log
    │   └── AddressNotAllowed       403: this host's address is not on the site's allowlist
    ├── Unreachable                 no answer came                                        exit 1
    │   ├── HostNotFound, ConnectionFailed, TimedOut, ProxyFailed
    │   └── TlsFailed
    ├── BadAnswer                   an answer came, and it is not a page of records       exit 1
    │   ├── NotConfluence           404, a redirect, HTML instead of JSON
    │   ├── RateLimited             429 beyond what we wait for by ourselves
    │   ├── ServerFailed            5xx after all tries, or a status nobody expects
    │   ├── QueryRefused            400, 413, 414: this question cannot be asked
    │   ├── AnswerTooBig            more than 64 MiB
    │   └── UnreadableAnswer        not JSON, or not the shape of a page
    ├── KeyringUnavailable          no, a locked or a silent keyring                      exit 1
    ├── CredentialFileRefused       the credentials file is open to others                exit 4
    ├── StoreFailed                 the disk would not take the loaded records            exit 1
    ├── NotRemembered               a view or the columns could not be kept               exit 1
    └── ExportFailed                an export could not be written, or not wholly         exit 1
        ├── FileRefused             the file is there already, or is no plain file
        └── NotAsExported           a file is not what its manifest says

Each says what happened, why likely, and what to do. Texts may hold words of the server: whoever shows an error makes
them inert first (`ui/present.py`, `cli.py`), nobody else shows one.
"""

from __future__ import annotations

from typing import ClassVar


class AudituiError(Exception):
    """What happened, why likely, and what to do.

    `happened` is one sentence; `why` and `remedy` may be empty. `exit_status` is what the command line ends with.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, happened: str, *, why: str = "", remedy: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.why = why
        self.remedy = remedy

    def sentences(self) -> str:
        """The three parts as one text."""
        return " ".join(part for part in (self.happened, self.why, self.remedy) if part)


class UsageError(AudituiError):
    """The command line, a date or a site address was not understood."""

    exit_status = 2


class SignInNeeded(AudituiError):
    """No complete account (site, e-mail, token) is known."""

    exit_status = 4


class Refused(AudituiError):
    """The site knows us or not, and does not let us read its audit log."""

    exit_status = 4


class TokenRefused(Refused):
    """401: the pair of e-mail and token is wrong, or the token has expired."""


class ScopedTokenRefused(Refused):
    """401 from the site's own address that a token with scopes gets there; the gateway is the place for it."""


class ScopeMissing(Refused):
    """401 from the gateway: the token is good and lacks the scope `read:audit-log:confluence`."""


TOKEN_AT_FAULT = (TokenRefused, ScopedTokenRefused, ScopeMissing)
"""Those that another token of the same account mends."""


class NotAdministrator(Refused):
    """403: the account is not a Confluence administrator."""


class NoConfluenceAccess(Refused):
    """403: the account has no Confluence here, or the site took the request for an anonymous one."""


class FreePlan(Refused):
    """403: the site is on the Free plan, which has no audit log."""


class AddressNotAllowed(Refused):
    """The site's allowlist does not hold this host's address."""


class Unreachable(AudituiError):
    """No answer came; asking again may help."""


class HostNotFound(Unreachable):
    """The name of the host has no address."""


class ConnectionFailed(Unreachable):
    """Refused, reset, cut off, or no network."""


class TimedOut(Unreachable):
    """Nothing, or too little, came within the limits."""


class ProxyFailed(Unreachable):
    """The proxy, or a proxy or CA variable, is at fault rather than the site."""


class TlsFailed(Unreachable):
    """The certificate or the protocol was not acceptable; asking again will not help."""


class BadAnswer(AudituiError):
    """An answer came, and it is not a page of audit records."""


class NotConfluence(BadAnswer):
    """404, a redirect, or HTML where JSON was expected."""


class RateLimited(BadAnswer):
    """429: the site asked for a longer wait than we take by ourselves.

    `seconds` is what it asked for, None where it named no time.
    """

    def __init__(
        self, happened: str, *, why: str = "", remedy: str = "", seconds: float | None = None
    ) -> None:
        super().__init__(happened, why=why, remedy=remedy)
        self.seconds = seconds


class ServerFailed(BadAnswer):
    """5xx after every try, or a status that has no words of its own."""


class QueryRefused(BadAnswer):
    """400, 413 or 414: the site cannot answer this question as asked."""


class AnswerTooBig(BadAnswer):
    """More bytes than a page may have; a smaller page size may help."""


class UnreadableAnswer(BadAnswer):
    """The body is not JSON, is cut off, or does not have the shape of a page."""


class KeyringUnavailable(AudituiError):
    """There is no keyring, it is locked, or it does not answer."""


class CredentialFileRefused(AudituiError):
    """The credentials file is readable by others, belongs to somebody else, or is not a plain file."""

    exit_status = 4


class StoreFailed(AudituiError):
    """The disk would not take or give back the loaded records."""


class NotRemembered(AudituiError):
    """A view, the columns or where one is could not be kept for the next run, or not be read back; what was kept before stays as it was."""


class ExportFailed(AudituiError):
    """An export could not be written; what stood under its name before is as it was."""


class FileRefused(ExportFailed):
    """A file of this name is there already, or it is a link, a device, a folder: nothing was written."""


class NotAsExported(ExportFailed):
    """A file differs from what its manifest says of it, or there is no manifest to say anything."""
