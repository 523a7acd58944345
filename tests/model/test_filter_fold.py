"""Which differences between two texts somebody who searches overlooks."""

from __future__ import annotations

import sys
import unicodedata
from threading import Event, Thread

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditui.model.fold import MOST_MARKS, PIECE, begins, fold, marks_of
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


# Texts made to keep the normaliser busy

_TWO = "\u0301\u0316"  # of two classes, which change places: a run of n of them takes n squared steps
_DOTS = "\uff9e\u0301"  # a letter to Python, a mark to the normaliser


def _longest_run(text: str) -> int:
    """Marks in a row once the text is taken apart, which is what the normaliser has to put in order."""
    longest = run = 0
    for character in text:
        for part in unicodedata.normalize("NFKD", character):
            run = run + 1 if unicodedata.combining(part) else 0
            longest = max(longest, run)
    return longest


@pytest.mark.parametrize("marks", [_TWO, _DOTS, "\u0344", "\u0f73\u0301", "\u0301", "\u0308\u0345\u0327"])
@pytest.mark.parametrize("before", ["", "a", "é", "\u1fb4"])
def test_no_run_of_marks_stays_longer_than_the_normaliser_can_take(before: str, marks: str) -> None:
    text = before + marks * 400 + "B"
    assert _longest_run(fold(text)) <= MOST_MARKS
    assert fold(text)[-1] == "b"
    assert fold(fold(text)) == fold(text)


def test_a_megabyte_of_marks_is_folded_while_others_run() -> None:
    done = Event()

    def folding() -> None:
        fold("A" + _TWO * 300_000)
        done.set()

    Thread(target=folding, daemon=True).start()
    assert done.wait(60), "some ten minutes of it would be left"


def test_a_pile_of_marks_is_still_found_by_what_it_begins_with() -> None:
    assert fold("a" + _TWO * 15) in fold("x A" + _TWO * 3_000 + " y")
    assert fold("Y") in fold("x a" + _TWO * 3_000 + " y")
    assert fold("a" + _TWO * 20) != fold("a" + _TWO * 21)


def test_every_pile_of_marks_is_noticed_however_few_characters_it_is_written_in() -> None:
    apart = (unicodedata.normalize("NFKD", chr(code)) for code in range(sys.maxunicode + 1))
    marks = [chr(code) for code, parts in enumerate(apart) if all(map(unicodedata.combining, parts))]
    assert len(marks) > 900
    for mark in marks:
        text = "\u1f82" + mark * (
            1 + MOST_MARKS // marks_of(mark)[0]
        )  # that letter says three, as many as any
        assert _longest_run(fold(text)) <= MOST_MARKS, hex(ord(mark))


def test_where_a_piece_may_begin_nothing_joins_what_stands_before() -> None:
    joining = {
        parts[-1]
        for code in range(sys.maxunicode + 1)
        if len(parts := unicodedata.normalize("NFD", chr(code))) > 1
    }
    wrong = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if begins(chr(code))
        and (
            (first := unicodedata.normalize("NFKD", chr(code).casefold())[0]) in joining or marks_of(first)[0]
        )
    ]
    assert not wrong
    assert all(map(begins, "a é日אЖ．가\u034f"))


@settings(deadline=None, max_examples=30)
@given(
    text=st.text(
        st.sampled_from("aßᾼﬁＡ日가\u1100\u1161\u11a8\uff9e\u0301\u0327\u0345\u09c7\u09be "), min_size=1
    )
)
def test_in_pieces_a_text_folds_as_in_one(text: str) -> None:
    long = text * (PIECE // len(text) + 2)
    in_one = long
    for _ in range(4):
        in_one = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", in_one).casefold())
    if _longest_run(long) <= MOST_MARKS:
        assert fold(long) == in_one
