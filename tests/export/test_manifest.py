"""The manifest: everything it is told comes back, from plain ASCII; nothing else is taken for one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui import __version__
from auditui.export.files import Sealed
from auditui.export.manifest import FileFacts, FilterFacts, Manifest, QueryFacts, RecordFacts
from auditui.model.errors import NotAsExported
from tests.export.one_run import manifest_for
from tests.model.records import texts

A_MANIFEST = manifest_for(Path("acme.jsonl"), Sealed(1_234, "ab" * 32), written=2)

WRITTEN = f"""\
{{
  "auditui": {{
    "version": "{__version__}",
    "manifest": 1
  }},
  "file": {{
    "name": "acme.jsonl",
    "format": "jsonl",
    "bytes": 1234,
    "sha256": "{"ab" * 32}"
  }},
  "site": "acme.atlassian.net",
  "account": "ann@example.com",
  "demo": false,
  "query": {{
    "since": "7d",
    "until": "",
    "search": "group",
    "from": "2026-11-19T12:00:00.000Z",
    "to": "2026-11-26T12:00:00.000Z",
    "startDate": 1795089600000,
    "endDate": 1795694400000
  }},
  "filter": {{
    "text": "author:ana",
    "read_at": 1795694400000
  }},
  "selection": "those that pass the filter",
  "order": "newest first",
  "zone": "Europe/Berlin",
  "records": {{
    "received": 1000,
    "passed": 2,
    "written": 2,
    "newest": "2026-11-26T11:59:59.999Z",
    "oldest": "2026-11-25T12:00:00.000Z"
  }},
  "complete": true,
  "completeness": "whole answer",
  "late": 0,
  "retention": "1 year",
  "warnings": [],
  "began": "2026-11-26T12:00:00.000Z",
  "finished": "2026-11-26T12:00:04.500Z"
}}
"""


def test_it_is_json_that_can_be_read_by_people() -> None:
    assert A_MANIFEST.to_json().decode() == WRITTEN


# JSON has no halves of a character side by side: they would come back as the character
any_text = (texts | st.text(st.characters())).map(
    lambda text: (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if _pairs_up(text) else text
    )
)


def _pairs_up(text: str) -> bool:
    try:
        text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return False
    return True


moments = st.integers(-62_135_596_800_000, 253_402_300_799_999)
"""Those that have a date: the years 1 to 9999."""
counts = st.integers(0, 10**12)
manifests = st.builds(
    Manifest,
    file=st.builds(FileFacts, any_text, any_text, counts, any_text),
    site=any_text,
    account=any_text,
    demo=st.booleans(),
    query=st.builds(QueryFacts, any_text, any_text, any_text, st.integers(), st.integers()),
    filter=st.builds(FilterFacts, any_text, st.integers()),
    selection=any_text,
    order=any_text,
    zone=any_text,
    records=st.builds(RecordFacts, counts, counts, counts, moments | st.none(), moments | st.none()),
    complete=st.booleans(),
    completeness=any_text,
    late=counts,
    retention=any_text | st.none(),
    warnings=st.lists(any_text, max_size=3).map(tuple),
    began=moments,
    finished=moments,
    version=any_text,
)


@given(manifests)
def test_whatever_it_is_told_comes_back_from_plain_ascii(manifest: Manifest) -> None:
    written = manifest.to_json()
    assert written.isascii()
    assert written.endswith(b"}\n")
    assert all(line.isprintable() for line in written.decode().splitlines())
    assert Manifest.from_json(written) == manifest


def test_half_a_character_stays_what_it_is() -> None:
    manifest = replace(A_MANIFEST, site="\ud800", warnings=("\udc00\ud800",))
    assert Manifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize("strange", [-(10**18), 10**18, 253_402_300_800_000])
def test_a_date_that_no_calendar_has_is_none(strange: int) -> None:
    records = replace(A_MANIFEST.records, newest=strange, oldest=-strange)
    query = replace(A_MANIFEST.query, start=0, end=strange)
    back = Manifest.from_json(replace(A_MANIFEST, records=records, query=query).to_json())
    assert (back.records.newest, back.records.oldest) == (None, None)
    assert back.query.end == strange


# Others' manifests


def told() -> Any:
    return json.loads(A_MANIFEST.to_json())


def read(value: object) -> Manifest:
    return Manifest.from_json(json.dumps(value).encode())


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The manifest and the objects in it."""
    yield value
    yield from (each for each in value.values() if isinstance(each, dict))


def test_what_a_later_version_adds_is_passed_over() -> None:
    value = told()
    for each in list(objects(value)):
        each["added later"] = {"whatever": [1, None]}
    assert read(value) == A_MANIFEST


def test_a_form_of_a_newer_version_is_not_guessed_at() -> None:
    value = told()
    value["auditui"]["manifest"] = 2
    with pytest.raises(NotAsExported) as refused:
        read(value)
    assert refused.value.why == "A newer auditui wrote it."


DERIVED = {"from", "to"}
"""Keys for people: the same is there in milliseconds."""
NULLABLE = {"retention", "newest", "oldest"}
MOMENTS = {"began", "finished", "newest", "oldest"}
KEYS = [(place, key) for place, each in enumerate(objects(told())) for key in each if key not in DERIVED]


@pytest.mark.parametrize(("place", "key"), KEYS)
def test_nothing_of_it_may_be_missing_or_of_another_kind(place: int, key: str) -> None:
    for wrong in (MISSING, *wrong_ones(list(objects(told()))[place][key], key)):
        value = told()
        there = list(objects(value))[place]
        there[key] = wrong
        if wrong is MISSING:
            del there[key]
        with pytest.raises(NotAsExported) as refused:
            read(value)
        assert f"“{key}”" in refused.value.why


MISSING = object()


def wrong_ones(right: object, key: str) -> list[object]:
    others: list[object] = [[1], 1.5]
    if key in MOMENTS:
        others.append("no such date")
    if not isinstance(right, bool):
        others.append(True)
    if key not in NULLABLE:
        others.append(None)
    return others


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"{", b"\xff", b'"\xff"', b"[" * 100_000, b"9" * 5_000]
)
def test_what_is_no_manifest_is_told(content: bytes) -> None:
    with pytest.raises(NotAsExported, match="The manifest cannot be read"):
        Manifest.from_json(content)


@given(st.binary())
def test_any_bytes_are_a_manifest_or_refused(content: bytes) -> None:
    with pytest.raises(NotAsExported):
        Manifest.from_json(content)
