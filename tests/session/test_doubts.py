"""The range and the order of an answer are the site's word: what does not keep to them is counted, and told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from auditui.account.settings import Settings
from auditui.client.page import entry_of
from auditui.export.formats import exporter_named
from auditui.model.errors import Refused
from auditui.model.query import Pinned, Query
from auditui.session.doubts import Doubts
from auditui.session.evidence import Outcome
from auditui.session.exporting import Exporting, Start, resumed, to_file
from auditui.session.reading import Reading
from auditui.session.run import Run
from auditui.session.search import Search
from auditui.store.records import RecordStore
from tests.dated_site import HOUR, TEN, Liar, over_http
from tests.session.log_site import LogSite, entry
from tests.session.test_exporting import Nobody, options

pytestmark = pytest.mark.usefixtures("home")

YEAR = 8_760 * HOUR
LIES = (TEN - YEAR, TEN, TEN - 2 * YEAR, TEN + 70 * YEAR, TEN - 3 * YEAR)
"""Four of these five are not of the last day; two are newer than the one before."""
OUTSIDE = "The site gave 4 records from outside the time asked for."
UNORDERED = "The site did not give them newest first: 2 records are newer than the ones before them."


@pytest.mark.parametrize(
    ("dates", "outside", "risen"),
    [
        ([], 0, 0),
        ([200_000, 150_000, 150_000, 100_000], 0, 0),
        ([200_001, 150_000, 150_999, 99_001], 0, 0),  # within the second that a site may round away
        ([201_001, 150_000, 151_001, 98_999], 2, 1),
        ([100_000, 150_000, 200_000], 0, 2),
        ([200_000, None, 150_000, "soon", 100_000], 0, 0),
        ([150_000, None, 200_000], 0, 1),
        ([150_000, 10**30, 140_000, -(10**18), 130_000], 0, 0),
        ([150_000, 1_795_428_000, 140_000], 1, 1),
    ],
)
async def test_what_is_counted(dates: Sequence[Any], outside: int, risen: int) -> None:
    entries = [entry_of(json.dumps({"creationDate": date})) for date in dates]
    pinned = Pinned(100_000, 200_000, "", 1_000)
    at_once = Doubts().and_read(entries, pinned)
    one_by_one = Doubts()
    for each in entries:
        one_by_one = one_by_one.and_read((each,), pinned)
    assert (at_once.outside, at_once.risen) == (one_by_one.outside, one_by_one.risen) == (outside, risen)
    assert len(at_once.warnings) == len(at_once.brief) == bool(outside) + bool(risen)


async def test_records_that_arrive_late_leave_the_order_as_it_is() -> None:
    site = LogSite([entry(created * 10_000) for created in range(600, 0, -1)])
    reading = Reading(site, Pinned(1, 6_000_000, "", 1_000))
    seen = len(await reading.next())
    site.entries[40:40] = [entry(5_600_005, f"late {number}") for number in range(7)]
    site.entries[400:400] = [entry(2_070_005, "late")]
    while not reading.walk.exhausted:
        seen += len(await reading.next())
    assert (reading.walk.late, seen) == (7, 601)
    assert reading.doubts == Doubts()


async def exported(url: str, start: Start) -> Outcome:
    run = Run(options(url, Query("24h")), Settings(), clock=lambda: TEN)
    return await Exporting(run, start, Nobody()).carry_out()


async def test_an_export_tells_that_the_site_did_not_keep_to_what_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    async with over_http(Liar(LIES)) as url:
        outcome = await exported(url, to_file(path, exporter_named("markdown"), overwrite=False))
    told = json.loads(path.with_name("out.md.manifest.json").read_bytes())
    assert outcome.warnings[:2] == (OUTSIDE, UNORDERED)
    assert told["warnings"][:2] == [OUTSIDE, UNORDERED]
    assert told["order"] == "as the site gave them, which is not newest first"
    end = path.read_text().partition("**5 records**")[2]
    assert OUTSIDE in end
    assert "2 records are newer than the ones before them" in end


async def test_a_site_that_keeps_to_it_is_not_doubted(tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    async with over_http(Liar((TEN, TEN, TEN - HOUR))) as url:
        outcome = await exported(url, to_file(path, exporter_named("markdown"), overwrite=False))
    told = json.loads(path.with_name("out.md.manifest.json").read_bytes())
    assert not outcome.ending.warnings
    assert told["order"] == "newest first"
    assert path.read_text().endswith("**3 records**, complete: whole answer\n")


async def test_what_was_doubted_before_an_export_broke_off_is_told_when_it_went_on(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    site = Liar(LIES * 3, a_page=8)
    site.closes_after = 2  # what its clock shows, and a page
    async with over_http(site) as url:
        with pytest.raises(Refused):
            await exported(url, to_file(path, exporter_named("jsonl"), overwrite=False))
        site.closes_after = None
        outcome = await exported(url, resumed(path, overwrite=False))
    assert outcome.counts.received == 15
    assert outcome.warnings[:2] == (
        "The site gave 12 records from outside the time asked for.",
        "The site did not give them newest first: 8 records are newer than the ones before them.",
    )


async def test_an_answer_out_of_order_is_not_said_to_span_what_it_has_not_come_to(tmp_path: Path) -> None:
    dates = {"in order": (600_000, 500_000, 100_000), "out of order": (600_000, 100_000, 500_000, 90_000)}
    spanned = {}
    for name, log in dates.items():
        site = LogSite([*map(entry, log), *(entry(1_000 - each) for each in range(20))], cap=len(log))
        store = RecordStore(tmp_path / f"{name}.sqlite")
        search = Search(Query(), Pinned(0, 700_000, "", 1_000), site, store)
        await search.next_page()
        spanned[name] = search.spans(400_000, 700_000)
        search.close()
    assert spanned == {"in order": True, "out of order": False}
