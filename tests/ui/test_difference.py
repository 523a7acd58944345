"""A long value that changed is told so that what differs is seen, whatever stands in it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from textual.content import Content

from auditui.model.text import TEXT_CAP
from auditui.ui.difference import difference

OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LONG = "The page restrictions of the space were last reviewed in spring by the people named below"
ODD = st.sampled_from("ab \n,;/\x1b\x9b\r\t\u202e\u200b\u0301\ud800‹›ESC[]")
ANY = st.text(ODD | st.characters(), max_size=80)


def told(old: str, new: str) -> list[str]:
    return [row for line in difference(old, new) for row in line.plain.split("\n")]


def underlined(old: str, new: str) -> list[str]:
    """What is set apart without colour."""
    lines: list[Content] = list(difference(old, new))
    return [
        line.plain[span.start : span.end]
        for line in lines
        for span in line.spans
        if "underline" in str(span.style)
    ]


def numbered(count: int) -> list[str]:
    return [f"line {number}" for number in range(count)]


# Lists


def test_a_list_tells_which_members_went_and_came() -> None:
    old = "confluence-users, site-admins, developers"
    new = "confluence-users, developers, finance, legal"
    assert told(old, new) == ["- site-admins", "+ finance", "+ legal", "  … 2 members the same"]


def test_a_member_that_is_there_once_more_is_told() -> None:
    assert told("one;two;three;two", "one;two;three;two;two") == ["+ two", "  … 4 members the same"]


def test_the_same_members_in_another_order_are_said_to_be() -> None:
    assert told("one,two,three,four", "two,one,three,four") == ["  … 4 members the same, in another order"]


def test_a_list_that_differs_in_its_blanks_alone_is_shown_with_them() -> None:
    assert told("one,two,three,four", "one, two,three,four") == [
        "- one,two,three,four",
        "+ one, two,three,four",
    ]


def test_prose_with_commas_is_no_list() -> None:
    old = "Only the people named here, and nobody else at all, may read the page, said the board"
    new = old.replace("nobody", "everybody")
    assert told(old, new) == [f"- {old}", f"+ {new}"]
    assert underlined(old, new) == ["nobody", "everybody"]


# Words


def test_the_words_that_differ_are_set_apart_without_colour() -> None:
    new = LONG.replace("spring", "autumn").replace("people", "administrators")
    assert told(LONG, new) == [f"- {LONG}", f"+ {new}"]
    assert underlined(LONG, new) == ["spring", "people", "autumn", "administrators"]


def test_words_that_came_side_by_side_are_one_change() -> None:
    assert underlined(LONG, LONG.replace("last reviewed", "never looked")) == [
        "last reviewed",
        "never looked",
    ]


def test_a_long_stretch_that_is_the_same_is_cut_around_the_change() -> None:
    words = " ".join(numbered(100))
    old, new = told(f"{words} old {words}", f"{words} new {words}")
    assert old.startswith("- …")
    assert old.endswith("…")
    assert " old line 0 line 1 " in old
    assert new == old.replace("- ", "+ ").replace(" old ", " new ")
    assert len(old) < 100


def test_values_with_hardly_a_word_in_common_are_shown_as_they_are() -> None:
    new = "Nothing of what stood here before is left, apart from one single word: people"
    assert told(LONG, new) == [f"- {LONG}", f"+ {new}"]
    assert underlined(LONG, new) == []


# Lines


def test_lines_that_changed_stand_among_two_that_did_not() -> None:
    old = numbered(30)
    new = [*old[:14], "another", "one more", *old[15:]]
    assert told("\n".join(old), "\n".join(new)) == [
        "  … 12 lines the same",
        *["  line 12", "  line 13", "- line 14", "+ another", "+ one more", "  line 15", "  line 16"],
        "  … 13 lines the same",
    ]


def test_a_single_line_is_not_folded() -> None:
    old = numbered(4)
    assert told("\n".join(old), "\n".join([*old[:3], "another"]))[0] == "  line 0"


def test_in_a_line_in_place_of_another_the_words_are_set_apart() -> None:
    assert underlined(f"first\n{LONG}\nlast", f"first\n{LONG.replace('spring', 'May')}\nlast") == [
        "spring",
        "May",
    ]


def test_a_line_feed_at_the_end_is_a_difference() -> None:
    assert told("one\ntwo", "one\ntwo\n") == ["  one", "  two", "+ "]


def read(rows: list[str], sign: str, value: list[str]) -> list[str]:
    """The lines of one value as the rows tell them; folded ones are taken from the value."""
    lines: list[str] = []
    for row in rows:
        if row.startswith("  … "):
            lines += value[len(lines) : len(lines) + int(row.split()[1])]
        elif row.startswith((sign, "  ")):
            lines.append(row[2:])
    return lines


@given(old=st.lists(st.sampled_from("abcd"), max_size=30), new=st.lists(st.sampled_from("abcd"), max_size=30))
def test_of_both_values_no_line_is_lost(old: list[str], new: list[str]) -> None:
    assume(old != new)
    old, new = [*old, "x", "y"], [*new, "x", "y"]
    rows = told("\n".join(old), "\n".join(new))
    assert read(rows, "- ", old) == old
    assert read(rows, "+ ", new) == new


# Long and hostile


def test_what_was_not_compared_is_said() -> None:
    same = "x" * TEXT_CAP
    assert told(f"{same}abc", f"{same}y") == [
        "  the first 20,000 characters are the same",
        "  not compared: 3 more in the old value, 1 in the new",
    ]


@pytest.mark.parametrize(("separator", "remark"), [("\n", ["  too different to be compared"]), ("/", [])])
def test_values_that_would_take_too_long_to_compare_are_shown_in_full(
    separator: str, remark: list[str]
) -> None:
    letters = [chr(0x4E00 + number) for number in range(TEXT_CAP // 2)]
    old, new = separator.join(letters), separator.join("x" if ord(each) % 2 else each for each in letters)
    in_full = [f"- {row}" for row in old.split("\n")] + [f"+ {row}" for row in new.split("\n")]
    assert told(old, new) == remark + in_full


def test_an_escape_character_and_the_spelling_of_one_differ() -> None:
    old = f"{LONG} \x1b[31m"
    assert told(old, old.replace("\x1b", "‹ESC›")) == [f"- {LONG} ‹ESC›[31m", f"+ {LONG} ‹ESC›[31m"]
    assert "‹ESC›" in underlined(old, old.replace("\x1b", "‹ESC›"))


@settings(deadline=None)
@given(shared=ANY, old=ANY, new=ANY)
def test_nothing_is_left_that_a_terminal_obeys(shared: str, old: str, new: str) -> None:
    before, after = f"{shared * 3}{old}{shared}", f"{shared * 3}{new}{shared}"
    assume(before != after)
    rows = told(before, after)
    assert rows
    for row in rows:
        assert row[:2] in ("- ", "+ ", "  ")
        assert not [character for character in row if unicodedata.category(character) in OBEYED]
        assert row.encode().decode() == row
