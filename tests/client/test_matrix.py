"""The fault matrix, at the client: each fault in its own words, after its number of tries, and the log stays good."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from auditui.client.http import Limits
from auditui.client.page import read_page
from auditui.demo.corpus import Corpus
from auditui.demo.site import EMAIL, TOKEN, DemoSite
from auditui.model.errors import AudituiError
from tests.wire.answers import GOOD, PAGE
from tests.wire.certificates import Authority
from tests.wire.fault import SHORT, Door, Fault
from tests.wire.matrix import ACCEPTED, FAULTS, PASSING
from tests.wire.names import naming
from tests.wire.site import FaultySite

NOW = 1_900_000_000_000


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> Fault:
    return FAULTS[request.param]


@pytest.fixture
async def site(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FaultySite]:
    """A site that is good so far."""
    async with AsyncExitStack() as opened:
        authority = Authority(tmp_path) if fault.encrypted else None
        if authority:
            monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        names = opened.enter_context(naming(monkeypatch)) if fault.named else None
        demo = DemoSite(Corpus(20, NOW))
        yield await opened.enter_async_context(FaultySite.opened(demo, authority, names))


async def ask(reading: Any) -> Any:
    async with asyncio.timeout(20):
        return await reading.log.fetch(0, NOW, "", 0, 1_000, parse=read_page)


async def test_a_fault_is_told_in_its_own_words_and_after_it_the_log_is_as_good_as_before(
    fault: Fault, site: FaultySite, read: Any
) -> None:
    gateway = site.origin if fault.token != TOKEN else ""
    reading = read(site.origin, gateway=gateway, email=EMAIL, token=fault.token, limits=fault.limits)
    await site.begin(fault)
    began = time.monotonic()
    with pytest.raises(AudituiError) as raised:
        await ask(reading)
    took = time.monotonic() - began
    assert (type(raised.value), raised.value.sentences()) == (fault.error, site.words(fault))
    assert len(site.asked) == (0 if isinstance(fault.does, Door) else fault.tries)
    if isinstance(fault.does, Door):
        assert len(reading.naps) == fault.tries - 1
    assert took >= 0.9 * fault.tries * SHORT.get(fault.limit, 0) or fault.limit in ("wire", "decoded")
    await site.mend()
    assert len((await ask(reading)).entries) == 20
    assert site.elsewhere.connections == 0


@pytest.mark.parametrize("name", PASSING)
async def test_a_fault_that_passes_is_waited_out_and_the_waits_are_told(
    name: str, serve: Any, read: Any
) -> None:
    fault = PASSING[name]
    site = await serve(fault.does, GOOD)
    reading = read(site.origin, limits=fault.limits)
    assert await ask(reading) == read_page(PAGE)
    assert len(site.requests) == 2
    assert reading.naps == fault.waits
    told = [wait for wait in reading.announced if wait]
    assert [wait.seconds for wait in told] == fault.waits
    assert all(wait.attempt == 1 for wait in told)
    assert reading.announced[1::2] == [None] * len(fault.waits)


@pytest.mark.parametrize("name", ACCEPTED)
async def test_what_is_odd_and_no_fault_is_read(name: str, serve: Any, read: Any) -> None:
    _number, does, records = ACCEPTED[name]
    site = await serve(does)
    assert tuple(entry.raw for entry in (await ask(read(site.origin))).entries) == records
    assert len(site.requests) == 1


def test_what_bounds_every_try_in_earnest() -> None:
    limits = Limits()
    assert (limits.connect, limits.read, limits.exchange) == (10.0, 20.0, 30.0)
    assert (limits.wire, limits.decoded) == (16 * 1024**2, 64 * 1024**2)
    assert set(SHORT) <= set(vars(type(limits)))


def test_every_row_says_more_than_what_happened() -> None:
    assert [name for name, fault in FAULTS.items() if not (fault.why or fault.remedy)] == []


def test_every_number_of_the_facts_has_a_row() -> None:
    """But for what is no row: 10 (every row on a later page), 13 and 14 (`test_http_proxy.py`)."""
    told = [fault.number for fault in FAULTS.values()] + [fault.number for fault in PASSING.values()]
    told += [number for number, _does, _records in ACCEPTED.values()]
    words = {word for number in told for word in number.split()}
    assert {str(number) for number in range(1, 55)} - words == {"10", "13"}
    toxics = {"latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data"}
    assert toxics <= words
