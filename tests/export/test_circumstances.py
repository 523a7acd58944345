"""A file tells of its export in the words of the manifest beside it, so that a program has to learn one vocabulary."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditui.export.circumstances import circumstances, outcome
from auditui.export.exporter import Ending, Occasion
from auditui.export.manifest import FileFacts, FilterFacts, Manifest, QueryFacts, RecordFacts
from tests.export.an_occasion import OCCASION


def beside(occasion: Occasion, ending: Ending) -> dict[str, Any]:
    """What the manifest of the same export says, with the names inside its objects as its own."""
    manifest = Manifest(
        file=FileFacts("acme.json", "json", 1, ""),
        site=occasion.site,
        account=occasion.account,
        demo=False,
        query=QueryFacts("7d", "", occasion.search, occasion.start, occasion.end),
        filter=FilterFacts(occasion.filter, occasion.exported_at),
        selection=occasion.selection,
        order=occasion.order,
        zone=occasion.zone.name,
        records=RecordFacts(ending.written, ending.written, ending.written, None, None),
        complete=ending.complete,
        completeness=ending.completeness,
        late=0,
        retention=None,
        warnings=(),
        began=occasion.exported_at,
        finished=occasion.exported_at,
    )
    told = json.loads(manifest.to_json())
    return {**told, **told["query"], **told["records"], "filter": told["filter"]["text"]}


@given(
    start=st.integers(0, 10**15),
    end=st.integers(0, 10**15),
    written=st.integers(0, 9),
    complete=st.booleans(),
)
def test_whatever_a_file_tells_of_its_export_its_manifest_tells_by_the_same_name(
    start: int, end: int, written: int, complete: bool
) -> None:
    occasion = replace(OCCASION, start=start, end=end)
    ending = Ending(written, complete, "It stops at “\ud800”.")
    manifest = beside(occasion, ending)
    facts = circumstances(occasion) | outcome(ending)
    assert facts.pop("exported") == manifest["began"]
    assert facts == {name: manifest[name] for name in facts}
    assert {*facts} == set(
        "site account zone from to startDate endDate search filter selection order written complete completeness".split()
    )
