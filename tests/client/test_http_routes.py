"""Tokens with scopes: where auditui asks when the site does not take the token at its own address."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditui.client.http import Limits
from auditui.model.errors import (
    AudituiError,
    NotAdministrator,
    RateLimited,
    ScopedTokenRefused,
    ScopeMissing,
    TokenRefused,
)

CLOUD = "11111111-2222-3333-4444-555555555555"
PAGE = b'{"results":[]}'
BEHIND = f"/ex/confluence/{CLOUD}/wiki/rest/api/audit"
SITE = "/wiki/rest/api/audit"
TENANT = "/_edge/tenant_info"
LACKS = "The request has not been applied: it lacks valid authentication credentials for that resource."


def answer(status: int, body: bytes, *headers: str) -> tuple[bytes]:
    lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body)}", *headers, "", ""]
    return ("\r\n".join(lines).encode() + body,)


OK = answer(200, PAGE)
TENANT_INFO = answer(200, json.dumps({"cloudId": CLOUD}).encode())
PLAIN_401 = answer(401, b"<html>no</html>")
SCOPED_401 = answer(401, json.dumps({"message": LACKS}).encode())
NO_SCOPE = answer(401, b'{"code":401,"message":"Unauthorized; scope does not match"}')
NO_SCOPE_HEADER = answer(401, b"", "X-Failure-Category: FAILURE_CLIENT_SCOPE_CHECK")


async def fetch(reading: Any, **options: Any) -> Any:
    return await reading.log.fetch(1, 2, "", 0, 100, **options)


async def failure(reading: Any) -> AudituiError:
    with pytest.raises(AudituiError) as raised:
        await fetch(reading)
    return raised.value


def paths(server: Any) -> list[str]:
    return [request.path for request in server.requests]


@pytest.mark.parametrize("refusal", [PLAIN_401, SCOPED_401])
async def test_the_gateway_takes_the_token_and_is_kept(refusal: Any, serve: Any, read: Any) -> None:
    site = await serve(refusal, TENANT_INFO)
    gateway = await serve(OK)
    reading = read(site.origin, gateway=gateway.origin)
    assert await fetch(reading) == PAGE
    assert await fetch(reading) == PAGE
    assert paths(site) == [SITE, TENANT]
    assert paths(gateway) == [BEHIND, BEHIND]
    assert reading.log.cloud_id == CLOUD
    again = read(site.origin, gateway=gateway.origin, cloud_id=CLOUD)
    assert await fetch(again) == PAGE
    assert (len(site.requests), len(gateway.requests)) == (2, 3)


async def test_the_site_takes_the_token_and_is_kept_even_when_the_token_expires(
    serve: Any, read: Any
) -> None:
    site = await serve(OK, PLAIN_401)
    gateway = await serve(OK)
    reading = read(site.origin, gateway=gateway.origin)
    assert await fetch(reading) == PAGE
    assert type(await failure(reading)) is TokenRefused
    assert (paths(site), paths(gateway), reading.log.cloud_id) == ([SITE, SITE], [], None)


@pytest.mark.parametrize("refusal", [PLAIN_401, SCOPED_401])
@pytest.mark.parametrize(
    ("told", "kind", "words"),
    [
        (NO_SCOPE, ScopeMissing, "read:audit-log:confluence"),
        (NO_SCOPE_HEADER, ScopeMissing, "read:audit-log:confluence"),
        (PLAIN_401, TokenRefused, "Atlassian rejected the token for ann@example.com."),
        (SCOPED_401, TokenRefused, "Atlassian rejected the token for ann@example.com."),
        (answer(403, b"{}"), NotAdministrator, "Confluence Administrator"),
        (answer(429, b"", "Retry-After: 90"), RateLimited, "fewer requests"),
    ],
)
async def test_the_gateway_has_the_last_word(
    refusal: Any, told: Any, kind: type[AudituiError], words: str, serve: Any, read: Any
) -> None:
    site = await serve(refusal, TENANT_INFO)
    gateway = await serve(told)
    reading = read(site.origin, gateway=gateway.origin)
    error = await failure(reading)
    assert type(error) is kind
    assert words in error.sentences()
    assert (paths(gateway), reading.log.cloud_id) == ([BEHIND], None)


@pytest.mark.parametrize(
    "tenant",
    [
        answer(404, b"<html>"),
        answer(200, b"<html>"),
        answer(200, b"[]"),
        answer(200, b'{"cloudId": null}'),
        answer(200, b'{"cloudId": "../../evil?x"}'),
        answer(200, b"[" * 50_000),
    ],
)
async def test_without_a_cloud_id_the_sites_own_refusal_stands(tenant: Any, serve: Any, read: Any) -> None:
    site = await serve(SCOPED_401, tenant)
    gateway = await serve(OK)
    error = await failure(read(site.origin, gateway=gateway.origin))
    assert type(error) is ScopedTokenRefused
    assert "The gateway for tokens with scopes could not be asked:" in error.why
    assert gateway.requests == []


async def test_a_gateway_that_cannot_be_reached_is_told_with_the_sites_refusal(
    closed_port: str, serve: Any, read: Any
) -> None:
    site = await serve(PLAIN_401, TENANT_INFO)
    error = await failure(read(site.origin, gateway=closed_port))
    assert type(error) is TokenRefused
    assert "refused the connection" in error.why


async def test_a_site_on_loopback_never_leads_to_the_real_gateway(serve: Any, read: Any) -> None:
    site = await serve(SCOPED_401)
    assert type(await failure(read(site.origin))) is ScopedTokenRefused
    assert paths(site) == [SITE]


async def test_pages_too_big_for_the_gateway_are_asked_for_smaller(serve: Any, read: Any) -> None:
    site = await serve(PLAIN_401, TENANT_INFO, PLAIN_401, TENANT_INFO)
    gateway = await serve(answer(200, bytes(3_000)), OK)
    reading = read(site.origin, gateway=gateway.origin, limits=Limits(wire=2_000))
    assert await fetch(reading) == PAGE
    assert [request.query["limit"] for request in gateway.requests] == ["100", "50"]


def test_a_cloud_id_that_is_none_is_refused(read: Any) -> None:
    with pytest.raises(ValueError, match="cloud id"):
        read("http://127.0.0.1:1", cloud_id="../x")
