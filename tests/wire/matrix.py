"""The fault matrix: what a site, or the way to it, can do; how often auditui tries; and the words that the user reads.

In every row: all rows that were loaded stay, with the cursor where it was; scrolling asks for nothing; `r` asks for the
same page once more and goes on; neither a request nor the token reaches another host; and the last column says what ends
it, so that no row takes longer than `tries` times that limit.
"""

from __future__ import annotations

import gzip

from auditui.demo import answers
from auditui.demo.site import EMAIL
from auditui.model.errors import (
    AddressNotAllowed,
    AnswerTooBig,
    ConnectionFailed,
    FreePlan,
    HostNotFound,
    NoConfluenceAccess,
    NotAdministrator,
    NotConfluence,
    ProxyFailed,
    QueryRefused,
    RateLimited,
    ScopedTokenRefused,
    ScopeMissing,
    ServerFailed,
    TimedOut,
    TlsFailed,
    TokenRefused,
    UnreadableAnswer,
)
from tests.wire.answers import (
    BOMB,
    GZIPPED,
    HTML,
    PACKED,
    PAGE,
    answer,
    body,
    in_chunks,
    moved,
    of_demo,
    refuses,
)
from tests.wire.fault import SHORT, Door, Fault, Passing
from tests.wire.steps import Pause, Script, Slices

_TOKENS = "id.atlassian.com/manage-profile/security/api-tokens"
_ANONYMOUS = "or the token was not recognised and the request counted as anonymous."
_LOGIN = f"Check the e-mail address and the token, or create a new token at {_TOKENS}."
_NEW_TOKEN = f"Check the e-mail address, or create a new token at {_TOKENS}."
_YEAR = "Tokens expire after at most one year, and a token with scopes needs the api.atlassian.com address."
_NOT_SENT = "The token was not sent."
_CLOCK = "Check this machine's clock first; if it is right, tell the people who run the network."
_COMPANY = "If a company proxy looks into TLS here, set SSL_CERT_FILE to its certificate."
_ADDRESS = "Check the site address; a proxy or another service may answer there."
_BOTH = "Check the site address and your network."
_NETWORK = "Check your network."
_SLOW = "The site or the network is very slow."
_LATER = "Try again later."
_STATUS = "Try again later; status.atlassian.com tells of known faults."
_NOT_FOLLOWED = "auditui does not follow, so that the token goes to no other place."
_TRUST = "If you trust the new address, give it as the site."
_ANOTHER_ANSWERS = (
    "It gave the log before, so a network portal or a proxy may answer in its place, or a session has ended."
)
_SIGN_IN = "Sign in to the network or the proxy if it asks for that, then try again."
_PORTAL = "A sign-in page, a network portal or a proxy seems to answer in its place."
_WROTE = "It was cut off on the way, or something between here and the site wrote it."
_CHANGED = "Something between here and the site may have changed it."
_OTHER = "Another service may have answered in place of Confluence."
_CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
_ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"
_IN_2026 = "Date: Mon, 23 Nov 2026 10:00:00 GMT"


def _throttled(seconds: str, until: str) -> Fault:
    """A 429 that asks for too long a wait."""
    return Fault(
        "31",
        (answer(429, b"", f"Retry-After: {seconds}", _IN_2026),),
        RateLimited,
        "{host} asks for fewer requests.",
        f"It asks to wait {until}.",
        "Wait a little, then try again.",
    )


def _certificate(kind: str, happened: str, remedy: str) -> Fault:
    return Fault("11", Door(certificate=kind), TlsFailed, happened, _NOT_SENT, remedy)


def _moved(number: str, to: str, shown: str, status: int = 302) -> Fault:
    told = f"{{host}} says that this address has moved to {shown}."
    later = (f"{_ANOTHER_ANSWERS} {_NOT_FOLLOWED}", _SIGN_IN)
    return Fault(number, (moved(to, status),), NotConfluence, told, _NOT_FOLLOWED, _TRUST, once_read=later)


def _unread(number: str, text: bytes, what: str, why: str = "", remedy: str = "") -> Fault:
    """A body that is no page."""
    return Fault(number, (body(text),), UnreadableAnswer, f"The answer {what}", why, remedy, tries=2)


def _no_page(number: str, text: bytes, what: str) -> Fault:
    return _unread(
        number, text, f"{what}, so it is not a page of audit records.", _OTHER, "Check the site address."
    )


def _server_fault(status: int) -> Fault:
    told = f"{{host}} has a fault of its own (status {status})."
    return Fault("34", (answer(status),), ServerFailed, told, "", _STATUS, tries=4)


def _unknown(number: str, does: bytes, status: int, said: str = "") -> Fault:
    told = f"{{host}} answered with the unexpected status {status}."
    return Fault(number, (does,), ServerFailed, told, said, _LATER)


def _no_web(number: str, does: bytes, said: str) -> Fault:
    told = f"{{host}} does not answer as a web server does ({said})."
    return Fault(number, (does, "close"), NotConfluence, told, "", _ADDRESS)


def _too_big(number: str, does: bytes, limit: str) -> Fault:
    told = "{host} sent more than a page of records can be."
    return Fault(number, (does,), AnswerTooBig, told, "", "Search a shorter time.", tries=7, limit=limit)


def _encoded(how: str, text: bytes) -> Fault:
    told = f"{{host}} answered in the encoding “{how}”."
    why = "auditui asks for gzip or plain text only; a proxy on the way may have changed that."
    remedy = "Tell the people who run the network."
    return Fault("51", (answer(200, text, f"Content-Encoding: {how}"),), UnreadableAnswer, told, why, remedy)


_PORTAL_WORDS = (
    "This is not Confluence (got HTML from {host}).",
    _PORTAL,
    "Check the site address, or sign in to the network first.",
)
_NOT_SIGNED_IN = f"You are not signed in: {{host}} sends {EMAIL} to a login page."
_EMPTY = ("{host} sent an empty answer.", "A proxy on the way may have dropped it.", _LATER)
_ENDED = "The site, or something on the way, ended it."
_RESET = ("{host} reset the connection.", _ENDED, _NETWORK)
_BROKE = ("The connection to {host} broke in the middle of the answer.", _ENDED, _NETWORK)
_NO_CONNECTION = (
    "No connection to {host} came about in time.",
    "A firewall may be in the way, or a proxy is needed (HTTPS_PROXY).",
    _BOTH,
)
_TOO_SLOW = (
    f"{{host}} had not answered completely after {SHORT['exchange']} seconds.",
    _SLOW,
    "Try again, or search a shorter time.",
)
_TRUNCATED = (
    "The answer of {host} is truncated or damaged.",
    "The connection, or a proxy on the way, may have cut it off.",
)

NETWORK = {
    "a name without an address": Fault(
        "1",
        Door(name="unknown"),
        HostNotFound,
        "Cannot find {host}.",
        "",
        _BOTH.replace("and", "or"),
        tries=3,
    ),
    "a resolver that never answers": Fault(
        "2", Door(name="never found"), TimedOut, *_NO_CONNECTION, tries=4, limit="connect"
    ),
    "nobody who listens": Fault(
        "3",
        Door(listens=False),
        ConnectionFailed,
        "{host} refused the connection.",
        "Nothing listens at this address, or a firewall turned us away.",
        _BOTH,
        tries=4,
    ),
    "a black hole": Fault("4", Door(full=True), TimedOut, *_NO_CONNECTION, tries=4, limit="connect"),
    "a reset before the headers": Fault("5 reset_peer", ("reset",), ConnectionFailed, *_RESET, tries=4),
    "a connection closed without an answer": Fault(
        "5",
        ("close",),
        ConnectionFailed,
        "{host} closed the connection without an answer.",
        _ENDED,
        _NETWORK,
        tries=4,
    ),
    "a reset in the middle of the body": Fault("6", (_CUT, "reset"), ConnectionFailed, *_RESET, tries=4),
    "a body that is shorter than it said": Fault(
        "6 limit_data", (_CUT, "close"), ConnectionFailed, *_BROKE, tries=4
    ),
    "a body whose last piece is missing": Fault(
        "6", (in_chunks(PAGE, last=False), "close"), ConnectionFailed, *_BROKE, tries=4
    ),
    "a body that drips": Fault("7", (_ENDLESS, "drip"), TimedOut, *_TOO_SLOW, tries=4, limit="exchange"),
    "headers that drip": Fault(
        "8", (b"HTTP/1.1 200 OK\r\nX: ", "drip"), TimedOut, *_TOO_SLOW, tries=4, limit="exchange"
    ),
    "silence": Fault(
        "8 timeout",
        ("hang",),
        TimedOut,
        "{host} accepted the connection and then stopped answering.",
        _SLOW,
        "Try again, or search a shorter time.",
        tries=4,
        limit="read",
    ),
    "a certificate that has expired": _certificate(
        "expired", "The certificate of {host} has expired.", _CLOCK
    ),
    "a certificate from the future": _certificate(
        "not yet valid", "The certificate of {host} is not valid yet.", _CLOCK
    ),
    "a certificate that nobody vouches for": _certificate(
        "self-signed", "The certificate of {host} is self-signed; nobody vouches for it.", _COMPANY
    ),
    "a certificate of strangers": _certificate(
        "unknown authority", "The issuer of {host}'s certificate is not known to this machine.", _COMPANY
    ),
    "a certificate of another host": _certificate(
        "wrong host",
        "The certificate shown by {host} belongs to another host.",
        "Check the site address; a portal may answer.",
    ),
    "plain HTTP": Fault(
        "12",
        Door(greeting=("hear", answer(400), "close")),
        TlsFailed,
        "{host} speaks plain HTTP, not TLS, on this port.",
        _NOT_SENT,
        "Check the port of the site address.",
    ),
    "HTML with 200": Fault("15 38", (body(b"\n <!doctype html>"),), NotConfluence, *_PORTAL_WORDS),
    "HTML by its type": Fault("15", (body(b"Please log in", HTML),), NotConfluence, *_PORTAL_WORDS),
    "the portal of a network": Fault("15", (of_demo(answers.portal()),), NotConfluence, *_PORTAL_WORDS),
    "no HTTP at all": _no_web(
        "16", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "illegal status line: bytearray(b'SSH-2.0-OpenSSH_9.2')"
    ),
    "two lengths": _no_web(
        "16 53",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        "conflicting Content-Length headers",
    ),
    "headers without end": _no_web(
        "16", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000, "Receive buffer too long"
    ),
    "another protocol, 101": _no_web(
        "16",
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
        "Received server _SWITCH_UPGRADE event without a pending proposal",
    ),
}

STATUS = {
    "moved on the same host": _moved("17", "/new/place?searchString=x", "http://{host}/new/place", 301),
    "moved to another host": _moved("18", "http://{elsewhere}/wiki?x=y", "http://{elsewhere}/wiki"),
    "moved by its host alone": _moved("18", "//u:p@{elsewhere}/wiki", "http://{elsewhere}/wiki", 307),
    "hostile words in a redirect": _moved(
        "18 D5",
        "https://elsewhere.invalid/[/x][@click=app.quit]\x9b31m\u202e",
        "https://elsewhere.invalid/[/x][@click=app.quit]\x9b31m\u202e",
    ),
    "a malformed new address": Fault(
        "18",
        (moved("https://x:port/"),),
        NotConfluence,
        "{host} does not answer as a web server does (Invalid URL in location header: Invalid port: 'port'.).",
        "",
        _ADDRESS,
    ),
    "an unreadable new address": _unknown("18", moved("https://[x"), 302),
    "moved to nowhere": _unknown("18", answer(302), 302),
    "a redirect to Atlassian's login": Fault(
        "19", (of_demo(answers.sign_in_redirect()),), TokenRefused, _NOT_SIGNED_IN, "", _LOGIN
    ),
    "a redirect to its own login": Fault(
        "19", (moved("/login?x=y"),), TokenRefused, _NOT_SIGNED_IN, "", _LOGIN
    ),
    "400": Fault(
        "20 D1 D5",
        (refuses(400, "[/x] [@click=app.quit]\x1b[31m\u202egnp"),),
        QueryRefused,
        "{host} did not understand the search.",
        "It says: “[/x] [@click=app.quit]\x1b[31m\u202egnp”.",
        "Change the search text or the dates.",
    ),
    "401": Fault(
        "21",
        (of_demo(answers.wrong_pair()),),
        TokenRefused,
        f"Atlassian rejected the token for {EMAIL}.",
        _YEAR,
        _NEW_TOKEN,
    ),
    "401 with a reason": Fault(
        "21",
        (answer(401, b"", "X-Seraph-LoginReason: AUTHENTICATION_DENIED"),),
        TokenRefused,
        f"Atlassian rejected the token for {EMAIL}.",
        f"{_YEAR} The site gives the reason AUTHENTICATION_DENIED.",
        _NEW_TOKEN,
    ),
    "401 for a password": Fault(
        "21",
        (answer(401, b"<p>Basic authentication with passwords is deprecated</p>"),),
        TokenRefused,
        "Atlassian takes an API token here, not a password.",
        "",
        f"Create one at {_TOKENS}.",
    ),
    "401 for a token with scopes": Fault(
        "21",
        (of_demo(answers.scoped_at_site()),),
        ScopedTokenRefused,
        "{host} does not take this token at its own address.",
        "A token with scopes needs the api.atlassian.com address.",
        f"Check the e-mail address {EMAIL}, or create a new token at {_TOKENS}.",
    ),
    "401 of the gateway, the scope": Fault(
        "21",
        (of_demo(answers.scope_missing()),),
        ScopeMissing,
        "The API token is good, but lacks the scope to read the audit log.",
        "",
        f"Create one with the scope read:audit-log:confluence at {_TOKENS}.",
        token="demo-scoped",
    ),
    "403, no administrator": Fault(
        "22",
        (of_demo(answers.not_administrator()),),
        NotAdministrator,
        "Reading the audit log of {host} needs Confluence Administrator permission.",
        f"{EMAIL} seems to lack it, {_ANONYMOUS} The site says: “User is not authorized to view the audit log”.",
        "Ask a site administrator for the permission, or check the e-mail address and the token.",
    ),
    "403 that is damaged itself": Fault(
        "22 50",
        (answer(403, b"no gzip", GZIPPED),),
        NotAdministrator,
        "Reading the audit log of {host} needs Confluence Administrator permission.",
        f"{EMAIL} seems to lack it, {_ANONYMOUS}",
        "Ask a site administrator for the permission, or check the e-mail address and the token.",
    ),
    "403, the Free plan": Fault(
        "22",
        (of_demo(answers.free_plan()),),
        FreePlan,
        "The Free plan of Confluence has no audit log.",
        "{host} says: “Cannot make this request because you are on Free edition."
        " Please upgrade to standard or premium.”.",
        "A site administrator can change the plan.",
    ),
    "403, the address of this machine": Fault(
        "22",
        (of_demo(answers.address_blocked()),),
        AddressNotAllowed,
        "{host} does not accept requests from this machine's address.",
        "The site has a list of allowed IP addresses.",
        "Connect through an allowed network, or ask an administrator to add this address.",
    ),
    "403, no Confluence for this account": Fault(
        "22",
        (of_demo(answers.no_access()),),
        NoConfluenceAccess,
        f"{EMAIL} may not use Confluence at {{host}}.",
        f"The account has no Confluence there, {_ANONYMOUS}",
        "Check the e-mail address and the token; then ask a site administrator for access.",
    ),
    "404": Fault(
        "23",
        (of_demo(answers.html_answer(404, "Page not found", "No such page.")),),
        NotConfluence,
        "There is no Confluence at {host}.",
        "The audit log was not found.",
        "Check the site address.",
    ),
    "407 of a proxy unseen": Fault(
        "14",
        (answer(407),),
        ProxyFailed,
        "A proxy on the way to {host} asks for a user and password (status 407).",
        "",
        "Check HTTPS_PROXY.",
    ),
    "410": Fault(
        "24",
        (refuses(410, "Gone"),),
        NotConfluence,
        "{host} no longer offers this way to its audit log.",
        "",
        "Update auditui.",
    ),
    **{
        str(status): Fault(
            "25",
            (answer(status),),
            QueryRefused,
            "The search is too long for {host}.",
            "",
            "Shorten the search text.",
        )
        for status in (413, 414)
    },
    "429, an hour": _throttled("3600", "until 2026-11-23 11:00:00 UTC"),
    "429, three thousand years": _throttled("99999999999", "until 5195-10-08 19:46:39 UTC"),
    "429, longer than a date can say": _throttled("9" * 5_000, "for longer than the calendar goes"),
    "429, the year 9999": _throttled("Fri, 31 Dec 9999 23:59:59 GMT", "until 9999-12-31 23:59:59 UTC"),
    "429 for ever": Fault(
        "32",
        (answer(429),),
        RateLimited,
        "{host} asks for fewer requests.",
        "",
        "Wait a little, then try again.",
        tries=4,
    ),
    **{f"{status} for ever": _server_fault(status) for status in (500, 502, 503, 504)},
    "503, an hour": Fault(
        "35",
        (answer(503, b"", "Retry-After: 3600", _IN_2026),),
        ServerFailed,
        "{host} has a fault of its own (status 503).",
        "It asks to wait until 2026-11-23 11:00:00 UTC.",
        _STATUS,
    ),
    "418": _unknown("36", refuses(418, "I am a teapot"), 418, "It says: “I am a teapot”."),
    "599": _unknown("36", answer(599), 599),
}

BODY = {
    "an empty 200": Fault("37", (body(b""),), UnreadableAnswer, *_EMPTY),
    "204": Fault("37", (b"HTTP/1.1 204 No Content\r\n\r\n",), UnreadableAnswer, *_EMPTY),
    "JSON that is cut off": _unread(
        "39",
        b'{"results":[{"summary":"a"},',
        "is not JSON: expecting value at character 28 of 28.",
        _WROTE,
        _LATER,
    ),
    "a list": _no_page("40", b"[]", "is not an object"),
    "null": _no_page("40", b"null", "is not an object"),
    "a text": _no_page("40", b'"results"', "is not an object"),
    "no results": _no_page("41", b'{"start":0,"_links":{}}', "has no “results”"),
    "results that are null": _no_page(
        "41", b'{"results":null}', "has something else than a list as “results”"
    ),
    "results that are an object": _no_page(
        "41", b'{"results":{}}', "has something else than a list as “results”"
    ),
    "no UTF-8": _unread(
        "42",
        b'{"results":["\xff"]}',
        "is not text in UTF-8: byte 13 of 17 does not fit.",
        _CHANGED,
        _LATER,
    ),
    "UTF-16": _unread(
        "44",
        '{"results":[]}'.encode("utf-16"),
        "is not text in UTF-8: byte 0 of 30 does not fit.",
        _CHANGED,
        _LATER,
    ),
    "NaN": _unread(
        "45", b'{"results":[{"creationDate":NaN}]}', "is not JSON: it holds NaN.", _CHANGED, _LATER
    ),
    "Infinity": _unread(
        "45", b'{"results":[],"size":-Infinity}', "is not JSON: it holds -Infinity.", _CHANGED, _LATER
    ),
    "100 levels": _unread(
        "47",
        b'{"results":[' + b"[" * 100 + b"]" * 100 + b"]}",
        "nests deeper than 64 levels.",
        "No page of audit records does; it was not read.",
        _LATER,
    ),
    "200,000 levels": _unread(
        "47",
        b'{"results":' + b"[" * 200_000,
        "nests deeper than 64 levels.",
        "No page of audit records does; it was not read.",
        _LATER,
    ),
    "a gzip bomb": _too_big("49", body(BOMB, GZIPPED), "decoded"),
    "gzip that ends early": Fault(
        "50", (body(PACKED[:-6], GZIPPED),), UnreadableAnswer, *_TRUNCATED, _LATER, tries=2
    ),
    "gzip that is damaged": Fault(
        "50", (body(b"\x1f\x8b" + PACKED[5:], GZIPPED),), UnreadableAnswer, *_TRUNCATED, _LATER, tries=2
    ),
    "brotli": _encoded("br", b"x"),
    "gzip within gzip": _encoded("gzip, gzip", gzip.compress(PACKED)),
    "announcements of an answer, one after the other": Fault(
        "16",
        (b"HTTP/1.1 102 Processing\r\n\r\n" * 40, body(PAGE)),
        NotConfluence,
        "{host} does not answer as a web server does (more than 20 informational answers).",
        "",
        _ADDRESS,
    ),
    "announcements without end": Fault(
        "16",
        (b"HTTP/1.1 102 Processing\r\n\r\n" * 200_000, "hang"),
        NotConfluence,
        "{host} does not answer as a web server does (more than 20 informational answers).",
        "",
        _ADDRESS,
    ),
    "a length that is too small": Fault(
        "53",
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n" + PAGE,),
        NotConfluence,
        "{host} does not answer as a web server does"
        """ (illegal status line: bytearray(b'lts":[],"_links":{}}HTTP/1.1 200 OK')).""",
        "",
        _ADDRESS,
        tries=2,
    ),
    "millions of values": Fault(
        "54",
        (body(gzip.compress(b'{"results":[%s{}]}' % (b"{}," * 2_000_000)), GZIPPED),),
        AnswerTooBig,
        "The answer holds more values than a page of audit records can; it was not read.",
        "",
        "Search a shorter time.",
        tries=7,
    ),
    "a page without end": _too_big("54", body(bytes(400_000)), "wire"),
}

FAULTS = NETWORK | STATUS | BODY

_TWO = b'{"results":[1,{"a":2}],"_links":{}}'
_READ_TWO = ("1", '{"a":2}')
_LONG = b"9" * 5_000


def _odd_wait(value: str) -> Passing:
    """A `Retry-After` that says nothing which counts."""
    return Passing("30", (answer(429, b"", f"Retry-After: {value}", _IN_2026),), [1.0])


PASSING = {
    "a reset before the headers": Passing("5 reset_peer", ("reset",)),
    "a reset in the middle of the body": Passing("6", (_CUT, "reset")),
    "a body that is shorter than it said": Passing("6 limit_data", (_CUT, "close")),
    "a body that drips": Passing("7", (_ENDLESS, "drip"), limit="exchange"),
    "headers that drip": Passing("8", (b"HTTP/1.1 200 OK\r\nX: ", "drip"), limit="exchange"),
    "silence": Passing("8 timeout", ("hang",), limit="read"),
    "a connection closed without an answer": Passing("9", ("close",), []),
    "429, 5 seconds": Passing("26", (answer(429, b"", "Retry-After: 5"),), [5.0]),
    "429, a date": Passing(
        "27", (answer(429, b"", _IN_2026, "Retry-After: Mon, 23 Nov 2026 10:00:07 GMT"),), [7.0]
    ),
    "429, a date gone by": Passing(
        "27", (answer(429, b"", _IN_2026, "Retry-After: Mon, 23 Nov 2026 09:00:00 GMT"),)
    ),
    "429 without a time": Passing("28", (answer(429),)),
    "429, 0": Passing("29", (answer(429, b"", "Retry-After: 0"),)),
    **{
        f"429, “{value}”": _odd_wait(value)
        for value in (
            "-5",
            "1.5",
            "abc",
            "",
            "5, 10",
            "Mon, 23 Nov 2026 10:00:30",
            "Mon, 99 Nov 2026 10:00:30 GMT",
        )
    },
    **{str(status): Passing("33", (answer(status, b"<html>oops"),)) for status in (500, 502, 503, 504)},
    "503, 9 seconds": Passing("35", (answer(503, b"", "Retry-After: 9"),), [9.0]),
    "JSON that is cut off": Passing("39", (body(_TWO[:-3]),)),
    "gzip that ends early": Passing("50", (body(PACKED[:-6], GZIPPED),)),
    "gzip that is damaged": Passing("50", (body(b"\x1f\x8b" + PACKED[5:], GZIPPED),)),
}
"""What is over when the site is asked again: nobody sees an error, and the waits are announced."""

ACCEPTED: dict[str, tuple[str, Script, tuple[str, ...]]] = {
    "20 announcements, in pieces": (
        "16",
        (Slices(b"HTTP/1.1 102 Processing\r\n\r\n" * 20 + body(_TWO), 7),),
        _READ_TWO,
    ),
    "100 before the answer": ("16", (b"HTTP/1.1 100 Continue\r\n\r\n", body(_TWO)), _READ_TWO),
    "a byte order mark": ("43", (body(b"\xef\xbb\xbf" + _TWO),), _READ_TWO),
    "a number of 5,000 digits": ("46", (body(b'{"results":[%s]}' % _LONG),), (_LONG.decode(),)),
    "a name given twice": ("48", (body(b'{"results":null,"results":[{"a":1,"a":2}]}'),), ('{"a":1,"a":2}',)),
    "gzip": ("49", (body(gzip.compress(_TWO), GZIPPED),), _READ_TWO),
    "the wrong type": ("52", (body(_TWO, HTML),), _READ_TWO),
    "no type": ("52", (answer(200, _TWO),), _READ_TWO),
    "chunks": ("53", (in_chunks(_TWO),), _READ_TWO),
    "no length": ("53", (b"HTTP/1.0 200 OK\r\n\r\n" + _TWO, "close"), _READ_TWO),
    "an answer that is late": ("latency", (Pause(0.1), body(_TWO)), _READ_TWO),
    "an answer that trickles": ("bandwidth", (Slices(body(_TWO), 10, 0.01),), _READ_TWO),
    "an answer byte by byte": ("slicer", (Slices(body(_TWO), 1),), _READ_TWO),
    "a connection that is not closed": (
        "slow_close",
        (answer(200, _TWO, "Connection: close"), "hang"),
        _READ_TWO,
    ),
}
"""What is odd and no fault: number, what is sent, and the records that are read."""
