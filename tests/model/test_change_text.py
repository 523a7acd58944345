"""A changed value is told in one way, wherever it stands."""

from __future__ import annotations

import pytest
from hypothesis import given

from auditui.model.change_text import change_text
from auditui.model.record import ChangedValue, Record
from tests.model.records import records


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (ChangedValue("Active", "Yes", "No"), "Active: Yes → No"),
        (ChangedValue("Email", "", "ana@example.com"), "Email: ana@example.com"),
        (ChangedValue("Owner", "Ana", ""), "Owner: Ana → (none)"),
        (ChangedValue("Key", "X", "X"), "Key: X (no change)"),
        (ChangedValue("Logo", "", ""), "Logo: empty (no change)"),
        (ChangedValue("", "gone", ""), "(unnamed): gone → (none)"),
        (ChangedValue("Key", "", "", "k1", "k2"), "Key: k1 → k2 (hidden in Confluence)"),
        (ChangedValue("Key", "", "", "", "k2"), "Key: k2 (hidden in Confluence)"),
        (ChangedValue("Key", "", "", "k", "k"), "Key: k (no change) (hidden in Confluence)"),
    ],
)
def test_a_change_tells_what_was_and_what_is(change: ChangedValue, told: str) -> None:
    assert change_text(change) == told


def test_foreign_texts_are_shown_as_asked_and_our_words_are_not() -> None:
    assert change_text(ChangedValue("Key", "a", "b"), str.upper) == "KEY: A → B"
    assert change_text(ChangedValue("Key", "a", "b"), str.upper, lambda name: f"*{name}*") == "*Key*: A → B"
    assert (
        change_text(ChangedValue("", "a", ""), str.upper, lambda name: f"*{name}*") == "(unnamed): A → (none)"
    )
    assert change_text(ChangedValue("Logo", "", ""), str.upper) == "LOGO: empty (no change)"


@given(records())
def test_nothing_empty_is_asked_to_be_shown(record: Record) -> None:
    def show(text: str) -> str:
        assert text
        return "x"

    for change in record.changes:
        assert change_text(change, show).count("x") == sum(
            (bool(change.name), bool(change.old or change.hidden_old))
        ) + (not change.same and bool(change.new or change.hidden_new))
