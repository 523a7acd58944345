"""Every pivot finds the record it comes from, whatever stands in that."""

from __future__ import annotations

import pytest
from hypothesis import given

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
        if pivot.letter != "m" or (record.created is not None and 0 < record.created < 2 * NOW):
            assert matches(parse_filter(pivot.filter, now=NOW, zone=zone), record), pivot.filter


def test_what_a_restriction_leads_to() -> None:
    record = next(record for record in demo_records(500) if record.event == "Content restriction added")
    found = {pivot.label: pivot.filter for pivot in pivots(record, Zone("UTC"))}
    assert {"Author", "Event", "Category", "Object", "Page", "Space", "This minute"} <= set(found)
    assert all(found["Space"] != other for label, other in found.items() if label != "Space")
