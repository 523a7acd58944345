"""Every pivot finds the record it comes from, whatever stands in that."""

from __future__ import annotations

import pytest
from hypothesis import given

from auditui.client.decode import decode
from auditui.model.filter import matches
from auditui.model.filter_parse import parse_filter
from auditui.model.pivot import pivots
from auditui.model.record import Record
from auditui.model.when import Zone
from tests.model.records import NOW, records
from tests.store.demo_records import demo_records


@pytest.mark.parametrize("zone", [Zone("UTC"), Zone("Asia/Kathmandu"), Zone("America/St_Johns")], ids=str)
@given(record=records())
def test_a_pivot_finds_the_record_it_comes_from(record: Record, zone: Zone) -> None:
    found = pivots(record, zone)
    letters = [pivot.letter for pivot in found]
    assert len(set(letters)) == len(letters)
    assert not {"j", "k", "q"} & set(letters)
    for pivot in found:
        assert matches(parse_filter(pivot.filter, now=NOW, zone=zone), record), pivot.filter


@pytest.mark.parametrize("created", [-(10**15), -62_135_596_800_001, 253_402_300_799_999, 10**18])
def test_a_minute_that_no_filter_can_name_is_no_pivot(created: int) -> None:
    found = pivots(decode(f'{{"creationDate":{created}}}'), Zone("UTC"))
    assert "m" not in [pivot.letter for pivot in found]


def test_what_a_restriction_leads_to() -> None:
    record = next(record for record in demo_records(500) if record.event == "Content restriction added")
    found = {pivot.label: pivot.filter for pivot in pivots(record, Zone("UTC"))}
    assert {"Author", "Event", "Category", "Object", "Page", "Space", "This minute"} <= set(found)
    assert all(found["Space"] != other for label, other in found.items() if label != "Space")
