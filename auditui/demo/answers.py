"""Answers of the demo site, and the bodies that somebody quoted from the real one. Knows nothing of who asks.

Bodies and headers: facts gathered from public issues, the specification's "Status codes" and Atlassian's support
pages; each function names where its text was seen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

JSON_TYPE: Final = "application/json;charset=UTF-8"
HTML_TYPE: Final = "text/html;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says. Whoever asked waits `delay` seconds before it takes the answer; the site never sleeps."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    delay: float = 0.0


def json_answer(status: int, value: Any, *headers: tuple[str, str]) -> Answer:
    """A value as compact JSON in UTF-8."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, (("Content-Type", JSON_TYPE), *headers), body)


def html_answer(status: int, title: str, text: str, *headers: tuple[str, str]) -> Answer:
    """A small page for people, as the edge and the sign-in pages send them."""
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    return Answer(status, (("Content-Type", HTML_TYPE), *headers), page.encode())


def retention() -> Answer:
    """How long the site keeps records: its year, as one sets it (the specification's RetentionPeriod)."""
    return json_answer(200, {"number": 12, "units": "MONTHS"})


def fault(status: int, message: str) -> Answer:
    """The specification's generic error body."""
    errors = [{"message": {"translation": message, "args": []}}]
    data = {"authorized": status != 403, "valid": False, "errors": errors, "successful": False}
    return json_answer(status, {"statusCode": status, "data": data, "message": message})


def wrong_pair() -> Answer:
    """401: the pair of e-mail and token is wrong."""
    return html_answer(
        401,
        "Unauthorized",
        "Client must be authenticated to access this resource.",
        ("WWW-Authenticate", 'OAuth realm="https%3A%2F%2Fdemo.atlassian.net"'),
    )


def scoped_at_site() -> Answer:
    """401: a token with scopes at the site's own address (community.atlassian.com qaq-p/3039044)."""
    text = "The request has not been applied to the target resource because it lacks valid authentication credentials for that resource."
    return html_answer(401, "Unauthorized", text)


def gateway_refusal() -> Answer:
    """401 from the gateway for a pair it does not know."""
    return json_answer(401, {"code": 401, "message": "Unauthorized"})


def scope_missing() -> Answer:
    """401 from the gateway: the token is good, its scope is not (kovetskiy/mark issue 917)."""
    body = {"code": 401, "message": "Unauthorized; scope does not match"}
    return json_answer(401, body, ("X-Failure-Category", "FAILURE_CLIENT_SCOPE_CHECK"))


def not_administrator() -> Answer:
    """403 for a licensed account without the Confluence Administrator global permission; its text is our guess."""
    return fault(403, "User is not authorized to view the audit log")


def free_plan() -> Answer:
    """403 on the Free plan (airbytehq/airbyte issue 23862)."""
    return fault(
        403,
        "Cannot make this request because you are on Free edition. Please upgrade to standard or premium.",
    )


def no_access() -> Answer:
    """403 without Confluence, also for anonymous requests (markdown-confluence issue 635, kovetskiy/mark issue 493)."""
    return json_answer(403, {"message": "Current user not permitted to use Confluence", "statusCode": 403})


def address_blocked() -> Answer:
    """403 by the IP allowlist (confluence.atlassian.com, pageId=1384133808)."""
    text = "The IP address has been rejected because it is not on the allowed list. See your admin for more information."
    return json_answer(403, {"errorMessages": [text], "errors": {}})


def sign_in_redirect() -> Answer:
    """302 to Atlassian's sign-in page."""
    target = "https://id.atlassian.com/login?continue=https%3A%2F%2Fdemo.atlassian.net%2Fwiki&application=confluence"
    return html_answer(302, "Found", "Redirecting to sign-in.", ("Location", target))


def portal() -> Answer:
    """200 with a company's sign-in page where JSON was expected."""
    return html_answer(200, "Log in with your company account", "Your organisation uses single sign-on.")


def slow_down(retry_after: str) -> Answer:
    """429 with the headers of Atlassian's burst limit (community.developer.atlassian.com t/97828)."""
    return json_answer(
        429,
        {"message": "Rate limit exceeded", "statusCode": 429},
        ("Retry-After", retry_after),
        ("X-RateLimit-Limit", "350"),
        ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-NearLimit", "true"),
        ("RateLimit-Reason", "confluence-burst-based"),
    )


def unavailable() -> Answer:
    """503 as the edge sends it."""
    return html_answer(503, "Service Unavailable", "Atlassian’s services are temporarily unavailable.")
