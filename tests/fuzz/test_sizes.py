"""Records as large as a page can hold, each of another kind of text: no step on their way takes long."""

from __future__ import annotations

import json

import pytest

from auditui.export.formats import EXPORTERS
from auditui.model.when import Zone
from tests.fuzz.exporting import EXPORTING
from tests.fuzz.filtering import FILTERING
from tests.fuzz.rendering import RENDERING
from tests.fuzz.target import Watch

ESCAPES = "\x1b" * 20_000
SIZES: dict[str, dict[str, object]] = {
    "control characters in every text": {
        "summary": ESCAPES,
        "description": ESCAPES,
        "author": {"displayName": ESCAPES},
        "affectedObject": {"name": ESCAPES, "objectType": "Page"},
    },
    "control characters without end": {"description": "\x1b" * 800_000},
    "marks on one letter": {"summary": "a" + "\u0301" * 300_000},
    "marks that change places": {
        "summary": "a" + "\u0301\u0316" * 40_000,
        "affectedObject": {
            "name": "a" + "\uff9e\u0301" * 10_000,
            "objectType": "a" + "\u0344\u0316" * 10_000,
        },
    },
    "letters that fold to many": {"summary": "\ufdfa" * 50_000},
    "objects": {"associatedObjects": [{"name": f"n{each}", "objectType": "User"} for each in range(8_000)]},
    "unknown fields": {f"k{each}": each for each in range(8_000)},
    "changes that are hard to compare": {
        "changedValues": [
            {"name": f"n{each}", "oldValue": "a b,c\x1b\n" * 3_000, "newValue": "a b,d\x1b\n" * 3_000}
            for each in range(25)
        ]
    },
    "addresses": {"remoteAddress": ".," * 1_000_000},
    "the beginning of a group's id": {"affectedObject": {"name": ":0" * 500_000, "objectType": "Group"}},
}
FILTER = "ip:10.0.0.0/8|zzz has:control"


@pytest.mark.parametrize("name", SIZES)
def test_no_step_takes_long_however_large_a_record_is(name: str) -> None:
    raw, watch = json.dumps(SIZES[name], ensure_ascii=False), Watch()
    RENDERING.check((raw, Zone("UTC"), 60), watch)
    FILTERING.check(([raw], FILTER, 0), watch)
    for exporter in EXPORTERS:
        EXPORTING.check(([raw], exporter, ""), watch)
