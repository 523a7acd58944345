"""Which differences between two texts somebody who searches overlooks."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditui.model.fold import fold
from tests.model.records import texts

ODD = st.text(
    st.sampled_from("aAßſİıIi\u0301\u0345\u0327αΑΣςᾳᾼﬁＡ１ǅ\u1fb4\ud800\udc00\U000e0041 ") | st.characters()
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana B", "aNA b"),
        ("STRASSE", "straße"),
        ("Zürich", "ZU\u0308RICH"),
        ("ﬁle", "FILE"),
        ("ＡＮＡ", "ana"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("α\u0345\u0301", "\u1fb4"),
        ("Å", "\u212b"),
    ],
)
def test_case_and_form_are_overlooked(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("a", "á"), ("i", "ı"), ("a b", "ab"), ("ad\u200bmin", "admin"), ("", " ")]
)
def test_other_letters_stay_other(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(text=ODD | texts)
@example("\u0345\u0301α\u0345\u0327")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(text=ODD)
def test_the_ways_to_write_a_character_are_one(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


def test_every_character_is_stable() -> None:
    unstable = [code for code in range(sys.maxunicode + 1) if fold(fold(chr(code))) != fold(chr(code))]
    assert not unstable


@given(text=st.text(st.characters(max_codepoint=0x7F)))
def test_plain_text_folds_as_any_other(text: str) -> None:
    assert fold(text) == fold(text + "é")[:-1] == text.casefold()
