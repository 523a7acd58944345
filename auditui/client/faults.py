"""The one place where exceptions of the network become auditui's errors, each in its own words.

Knows why no whole answer came; what an answer means is `client/refusals.py`, and asking again is `client/retry.py`.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx

from auditui.client.retry import Kind
from auditui.model.errors import (
    AnswerTooBig,
    AudituiError,
    ConnectionFailed,
    HostNotFound,
    NotConfluence,
    ProxyFailed,
    TimedOut,
    TlsFailed,
    UnreadableAnswer,
)
from auditui.model.secret import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_QUOTE = 300


class Fault(Exception):
    """What went wrong in one exchange: the error to show, and what asking again may do. Never leaves this package.

    `asked` is the seconds that the answer asked to wait, None where it did not.
    """

    def __init__(self, error: AudituiError, kind: Kind = Kind.FINAL, asked: float | None = None) -> None:
        super().__init__(error.happened)
        self.error = error
        self.kind = kind
        self.asked = asked


def of_exception(error: Exception, host: str, *, proxy: str = "") -> Fault:
    """The fault behind an exception of httpx, ssl, idna or the operating system.

    Args:
        error: as it was caught.
        host: the site or gateway that was asked.
        proxy: the proxy in between, or "": what fails before TLS is then the proxy's doing.
    """
    causes = tuple(_causes(error))
    tls = _tls_error(causes)
    if isinstance(error, httpx.ProxyError):
        return Fault(_proxy_refused(proxy, str(error)))
    if tls:
        return Fault(_tls(tls, host))
    if proxy and isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return Fault(_proxy_unreachable(proxy), Kind.CONNECTION)
    if isinstance(error, httpx.InvalidURL | UnicodeError) or _has(causes, socket.gaierror):
        return Fault(_not_found(host), Kind.NAME)
    if isinstance(error, httpx.ProtocolError):
        return _protocol(error, host)
    return Fault(_broken(error, causes, host), Kind.CONNECTION)


def too_slow(host: str, seconds: float) -> Fault:
    """The whole exchange took longer than its limit."""
    return Fault(
        TimedOut(
            f"{host} had not answered completely after {seconds:g} seconds.",
            why="The site or the network is very slow.",
            remedy="Try again, or search a shorter time.",
        ),
        Kind.CONNECTION,
    )


def too_big(host: str) -> Fault:
    """More bytes came, or came out of the compression, than a page may have."""
    return Fault(
        AnswerTooBig(f"{host} sent more than a page of records can be.", remedy="Search a shorter time.")
    )


def cut_off(host: str) -> Fault:
    """The compressed body ends early or is damaged."""
    return Fault(
        UnreadableAnswer(
            f"The answer of {host} is truncated or damaged.",
            why="The connection, or a proxy on the way, may have cut it off.",
            remedy="Try again later.",
        ),
        Kind.GARBLED,
    )


def foreign_encoding(host: str, encoding: str) -> Fault:
    """The body is compressed in a way that was not asked for."""
    return Fault(
        UnreadableAnswer(
            f"{host} answered in the encoding “{quote(encoding)}”.",
            why="auditui asks for gzip or plain text only; a proxy on the way may have changed that.",
            remedy="Tell the people who run the network.",
        )
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__


# Left in the chain by any read or write over TLS, or the end of the stream: nothing is wrong with the encryption.
_NO_TLS_FAULT = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


def _tls_error(causes: tuple[BaseException, ...]) -> ssl.SSLError | None:
    found = (cause for cause in causes if isinstance(cause, ssl.SSLError))
    return next((cause for cause in found if not isinstance(cause, _NO_TLS_FAULT)), None)


def _has(causes: tuple[BaseException, ...], kind: type[BaseException]) -> bool:
    return any(isinstance(cause, kind) for cause in causes)


def _not_found(host: str) -> HostNotFound:
    return HostNotFound(f"Cannot find {host}.", remedy="Check the site address or your network.")


def _timed_out(error: httpx.TimeoutException, host: str) -> TimedOut:
    if isinstance(error, httpx.ConnectTimeout):
        return TimedOut(
            f"No connection to {host} came about in time.",
            why="A firewall may be in the way, or a proxy is needed (HTTPS_PROXY).",
            remedy="Check the site address and your network.",
        )
    if isinstance(error, httpx.PoolTimeout):
        return TimedOut(f"Too many requests to {host} are under way.", remedy="Try again in a moment.")
    return TimedOut(
        f"{host} accepted the connection and then stopped answering.",
        why="The site or the network is very slow.",
        remedy="Try again, or search a shorter time.",
    )


def _protocol(error: httpx.ProtocolError, host: str) -> Fault:
    text = str(error)
    # httpcore and h11 tell these two from garbage by their texts alone.
    if text.startswith("Server disconnected"):
        return Fault(_closed(host), Kind.CLOSED)
    if text.startswith("peer closed connection"):
        return Fault(_cut_connection(host), Kind.CONNECTION)
    return Fault(
        NotConfluence(
            f"{host} does not answer as a web server does ({quote(text)}).",
            remedy="Check the site address; a proxy or another service may answer there.",
        )
    )


def _closed(host: str) -> ConnectionFailed:
    return _ended(f"{host} closed the connection without an answer.")


def _cut_connection(host: str) -> ConnectionFailed:
    return _ended(f"The connection to {host} broke in the middle of the answer.")


def _ended(happened: str) -> ConnectionFailed:
    return ConnectionFailed(
        happened, why="The site, or something on the way, ended it.", remedy="Check your network."
    )


def _broken(error: Exception, causes: tuple[BaseException, ...], host: str) -> AudituiError:
    if isinstance(error, httpx.TimeoutException):
        return _timed_out(error, host)
    if _has(causes, ConnectionRefusedError):
        return ConnectionFailed(
            f"{host} refused the connection.",
            why="Nothing listens at this address, or a firewall turned us away.",
            remedy="Check the site address and your network.",
        )
    if _has(causes, ConnectionResetError):
        return _ended(f"{host} reset the connection.")
    reason = next((cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), "")
    return ConnectionFailed(
        f"The connection to {host} failed{f' ({reason})' if reason else ''}.", remedy="Check your network."
    )


def _proxy_refused(proxy: str, text: str) -> ProxyFailed:
    return ProxyFailed(
        f"The proxy {proxy} did not let the request through ({quote(text)}).",
        why="It asks for a user and password." if text.startswith("407") else "",
        remedy="Check HTTPS_PROXY, and NO_PROXY if the site should be reached directly.",
    )


def _proxy_unreachable(proxy: str) -> ProxyFailed:
    return ProxyFailed(
        f"No connection came about through the proxy {proxy}.",
        remedy="Check HTTPS_PROXY, and NO_PROXY if the site should be reached directly.",
    )


# OpenSSL's X509_V_ERR codes (x509_vfy.h).
_CLOCK = "Check this machine's clock first; if it is right, tell the people who run the network."
_COMPANY = "If a company proxy looks into TLS here, set SSL_CERT_FILE to its certificate."
_CERTIFICATES = {
    9: ("The certificate of {host} is not valid yet.", _CLOCK),
    10: ("The certificate of {host} has expired.", _CLOCK),
    18: ("The certificate of {host} is self-signed; nobody vouches for it.", _COMPANY),
    **dict.fromkeys(
        (2, 19, 20, 21), ("The issuer of {host}'s certificate is not known to this machine.", _COMPANY)
    ),
    **dict.fromkeys(
        (62, 64),
        (
            "The certificate shown by {host} belongs to another host.",
            "Check the site address; a portal may answer.",
        ),
    ),
}


def _tls(error: ssl.SSLError, host: str) -> TlsFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        unknown = (f"The certificate of {{host}} was not accepted ({quote(error.verify_message)}).", _COMPANY)
        happened, remedy = _CERTIFICATES.get(error.verify_code, unknown)
        return TlsFailed(happened.replace("{host}", host), why="The token was not sent.", remedy=remedy)
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return TlsFailed(
            f"{host} speaks plain HTTP, not TLS, on this port.",
            why="The token was not sent.",
            remedy="Check the port of the site address.",
        )
    return TlsFailed(f"No encrypted connection to {host} came about ({error.reason or 'no reason given'}).")


def quote(text: str) -> str:
    """Somebody else's words within an error: raw, without what they repeat of a token, at most 300 characters."""
    text = without_secrets(text)
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
