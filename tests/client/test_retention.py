"""How long a site keeps its records: asked where the log is read, and believed only as far as it makes sense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui.client.retention import read_retention
from auditui.model.errors import (
    AudituiError,
    NotAdministrator,
    NotConfluence,
    RateLimited,
    ServerFailed,
    TokenRefused,
    UnreadableAnswer,
)
from auditui.model.retention import UNITS, Retention

BELOW = "/wiki/rest/api/audit/retention"
CLOUD = "11111111-2222-3333-4444-555555555555"
TOLD = b'{"number":12,"units":"MONTHS"}'
YEAR = Retention(12, "MONTHS")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(list(UNITS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def answer(status: int, body: bytes = b"", *headers: str) -> tuple[bytes]:
    lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body)}", *headers, "", ""]
    return ("\r\n".join(lines).encode() + body,)


OK = answer(200, TOLD)
REFUSED = answer(401, b"<html>no</html>")


async def failure(reading: Any) -> AudituiError:
    with pytest.raises(AudituiError) as raised:
        await reading.log.retention()
    return raised.value


async def test_it_is_asked_for_with_the_token_below_the_log(serve: Any, read: Any) -> None:
    site = await serve(OK)
    assert await read(site.origin).log.retention() == YEAR
    (request,) = site.requests
    assert (request.method, request.target) == ("GET", BELOW)
    assert request.headers["authorization"].startswith("Basic ")


async def test_it_goes_the_way_on_which_the_pages_came(serve: Any, read: Any) -> None:
    site = await serve(REFUSED, answer(200, json.dumps({"cloudId": CLOUD}).encode()))
    gateway = await serve(answer(200, b'{"results":[]}'), OK)
    reading = read(site.origin, gateway=gateway.origin)
    await reading.log.fetch(1, 2, "", 0, 100)
    assert await reading.log.retention() == YEAR
    assert gateway.requests[1].path == f"/ex/confluence/{CLOUD}{BELOW}"
    assert len(site.requests) == 2


async def test_asked_first_it_finds_the_way_in_silence(serve: Any, read: Any) -> None:
    site = await serve(REFUSED, answer(503), answer(200, json.dumps({"cloudId": CLOUD}).encode()))
    gateway = await serve(OK)
    reading = read(site.origin, gateway=gateway.origin)
    assert await reading.log.retention() == YEAR
    assert (reading.log.cloud_id, reading.naps, reading.announced) == (CLOUD, [1.0], [])


async def test_waits_are_taken_and_nobody_is_told(serve: Any, read: Any) -> None:
    site = await serve(answer(429, b"", "Retry-After: 5"), answer(503), OK)
    reading = read(site.origin)
    assert await reading.log.retention() == YEAR
    assert (reading.naps, reading.announced) == ([5.0, 2.0], [])


@pytest.mark.parametrize(
    ("script", "kind", "requests"),
    [
        (answer(403, b"{}"), NotAdministrator, 1),
        (REFUSED, TokenRefused, 1),
        (answer(404, b"<html>"), NotConfluence, 1),
        (answer(200, b"<!doctype html>"), NotConfluence, 1),
        (answer(429, b"", "Retry-After: 3600"), RateLimited, 1),
        (answer(500), ServerFailed, 4),
        (answer(200), UnreadableAnswer, 1),
        (answer(200, TOLD[:9]), UnreadableAnswer, 2),
    ],
)
async def test_a_fault_is_the_one_that_a_page_would_meet(
    script: tuple[bytes], kind: type[AudituiError], requests: int, serve: Any, read: Any
) -> None:
    site = await serve(script)
    reading = read(site.origin)
    assert type(await failure(reading)) is kind
    assert (len(site.requests), reading.announced) == (requests, [])


@pytest.mark.parametrize("units", UNITS)
def test_every_unit_of_the_specification_is_understood(units: str) -> None:
    body = json.dumps({"number": 3, "units": units, "new": [1]}).encode()
    assert read_retention(body) == Retention(3, units)


@pytest.mark.parametrize(
    "told",
    [
        *({"number": number, "units": "MONTHS"} for number in (0, -1, 2**31, True, None, "12", 12.0, [12])),
        *({"number": 12, "units": units} for units in ("months", "FORTNIGHTS", "", None, 5, ["MONTHS"])),
        {"number": 12, "units": "MONTHS", "more": [{}] * 5_000},
        {"number": 12},
        {"units": "MONTHS"},
        [{"number": 12, "units": "MONTHS"}],
        "MONTHS",
        None,
    ],
)
def test_what_one_could_not_count_by_is_not_believed(told: Any) -> None:
    with pytest.raises(UnreadableAnswer, match="does not tell how long"):
        read_retention(json.dumps(told).encode())


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"number":' + b"9" * 5_000 + b',"units":"DAYS"}', b"\xff\xfe", TOLD[:-1], TOLD + b"x"],
)
def test_what_is_no_json_is_not_believed(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        read_retention(body)


@given(JSON | st.fixed_dictionaries({"number": JSON, "units": JSON}))
def test_any_json_is_a_retention_or_unreadable(told: Any) -> None:
    try:
        found = read_retention(json.dumps(told).encode())
    except UnreadableAnswer:
        return
    assert (found.number, found.units) == (told["number"], told["units"])
    assert found.words
