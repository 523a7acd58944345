"""Whatever stands in a record, a terminal gets only text that it prints and does not obey."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcswidth

from auditui.model.text import LINE_CAP, TEXT_CAP, Inert, inert, inert_line, inert_text, spells_out

INERT = [inert_line, inert_text]
OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LONGEST_SPELLING = len("‹U+10FFFF›")
SPELLED = re.compile(r"‹([A-Z]{2,3}|DC[1-4]|U\+[0-9A-F]{4,6}|\+marks|\+[\d,]+ chars)›")

ODD = st.sampled_from(
    "a[]‹›\n\r\t\x00\x1b\x07\x7f\x85\x9b\u00a0\u00ad\u0301\u20dd\u093e\u200b\u200d\u202e\u2028\u2029\u2066\ufeff"
    "\ufe0e\ufe0f\ud83d\udc68\ue000\u3164\u2800\u0378◌❤👨👩🏽🇩🇪日ع#1\U000e0041\U000e0100\U0010ffff"
)
ANY = st.text(ODD | st.characters(), max_size=60)


@pytest.mark.parametrize("make", INERT)
@given(text=ANY)
def test_nothing_is_left_that_a_terminal_obeys(make: Callable[[str], Inert], text: str) -> None:
    shown = make(text).text
    if make is inert_text:
        shown = shown.replace("\n", "")
    assert not [character for character in shown if unicodedata.category(character) in OBEYED]
    assert shown.isprintable()
    assert shown.encode().decode() == shown


@pytest.mark.parametrize("make", INERT)
@given(text=ANY)
def test_inert_text_stays_as_it_is(make: Callable[[str], Inert], text: str) -> None:
    shown = make(text).text
    assert make(shown).text == shown


@pytest.mark.parametrize("make", INERT)
@given(text=ANY)
def test_each_mark_covers_one_spelled_out_piece(make: Callable[[str], Inert], text: str) -> None:
    shown, marks = make(text)
    assert all(SPELLED.fullmatch(shown[start:end]) for start, end in marks)
    assert all(before[1] <= after[0] for before, after in pairwise(marks))


@given(text=ANY)
def test_whether_something_is_spelled_out_is_told_without_doing_it(text: str) -> None:
    assert spells_out(text) == bool(inert_text(text).marks)


@given(text=st.text("‹›ESCU+202E marks", max_size=30))
def test_a_spelling_in_the_data_carries_no_mark(text: str) -> None:
    assert inert_line(text) == Inert(text)


@given(text=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_printable_ascii_is_unchanged(text: str) -> None:
    assert inert_line(text) == inert_text(text) == Inert(text)


@given(text=ANY)
@example("👨‍👩‍👧 ❤️ 1️⃣ 🇩🇪 👍🏽")
def test_terminals_and_rich_agree_on_its_width(text: str) -> None:
    shown = inert(text)
    assume(not any(unicodedata.category(character).startswith("M") for character in shown))
    assert cell_len(shown) == wcswidth(shown)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[/]",
            "x[/b]",
            '[link="',
            "[link=https://x]",
            "[",
            "[@click=app.quit]x[/]",
            "[link='https://evil']",
        ),
        *("Notes [draft] plan", "[INFO] up", "[a=b]", ":bomb: x", r"C:\[dir]", "[$x]", "[::1]"),
        *("日本語 Zürich עברית", "A–B “C” …", "e\u0301", "हिन्दी"),
    ],
)
def test_words_and_brackets_are_shown_as_they_are(text: str) -> None:
    assert inert_line(text) == inert_text(text) == Inert(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\rc", "a‹TAB›b‹CR›c"),
        ("\x07\x08\x0b\x0c\x7f", "‹BEL›‹BS›‹VT›‹FF›‹DEL›"),
        ("\x85\x9b31m", "‹U+0085›‹U+009B›31m"),
        ("\x1b]0;owned\x07", "‹ESC›]0;owned‹BEL›"),
        ("\x1b]52;c;ZXZpbA==\x1b\\", "‹ESC›]52;c;ZXZpbA==‹ESC›\\"),
        ("\x1bPtmux;\x1b\x1b[2J", "‹ESC›Ptmux;‹ESC›‹ESC›[2J"),
        ("[link='https://evil\x1b']x", "[link='https://evil‹ESC›']x"),
        ("invoice\u202efdp.exe", "invoice‹U+202E›fdp.exe"),
        ("ad\u200bmin\ufeff", "ad‹U+200B›min‹U+FEFF›"),
        ("soft\u00adhyphen\u2028\u2029", "soft‹U+00AD›hyphen‹U+2028›‹U+2029›"),
        ("\U000e0041\u3164\u2800x\ufe0f", "‹U+E0041›‹U+3164›‹U+2800›x‹U+FE0F›"),
        ("\ud83d and \udc68", "‹U+D83D› and ‹U+DC68›"),
        ("\ue000\U0010ffff", "‹U+E000›‹U+10FFFF›"),
        ("a" + "\u0301" * 500, "a" + "\u0301" * 4 + "‹+marks›"),
        ("\u0301a", "◌\u0301a"),
        ("❤️ 1️⃣", "❤ 1⃣"),
        ("👨‍👩‍👧", "👨👩👧"),
        ("🇩🇪👍🏽", "‹U+1F1E9›‹U+1F1EA›👍‹U+1F3FD›"),
        ("no\u00a0break\u3000", "no break "),
    ],
)
def test_hostile_text_is_spelled_out(text: str, shown: str) -> None:
    assert inert_line(text).text == inert_text(text).text == inert(text) == shown


def test_every_control_character_gets_a_spelling_of_its_own() -> None:
    controls = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
    shown = [inert_line(control) for control in controls]
    assert len({text for text, _ in shown}) == len(controls)
    assert all(marks == ((0, len(text)),) for text, marks in shown)


def test_line_feeds_are_kept_only_where_there_are_lines() -> None:
    assert inert_text("a\nb") == Inert("a\nb")
    assert inert_line("a\nb") == Inert("a‹LF›b", ((1, 5),))


def test_a_mark_that_begins_a_line_gets_a_circle_to_stand_on() -> None:
    assert inert_text("a\n\u0301b").text == "a\n◌\u0301b"


@pytest.mark.parametrize("filling", ["x", "\n", "\x1b", "\u0301", "\U0010ffff", "日", "👨‍", "\ud800"])
@pytest.mark.parametrize(("make", "cap"), [(inert_line, LINE_CAP), (inert_text, TEXT_CAP)])
def test_a_field_of_a_million_characters_is_cut_and_says_so(
    make: Callable[[str], Inert], cap: int, filling: str
) -> None:
    text = (filling * 1_000_000)[:1_000_000]
    shown, marks = make(text)
    rest = f"‹+{1_000_000 - cap:,} chars›"
    assert shown.endswith(rest)
    assert marks[-1] == (len(shown) - len(rest), len(shown))
    assert len(shown) <= cap * LONGEST_SPELLING + len(rest)


@pytest.mark.parametrize(("make", "cap"), [(inert_line, LINE_CAP), (inert_text, TEXT_CAP)])
def test_a_field_as_long_as_the_cap_is_whole(make: Callable[[str], Inert], cap: int) -> None:
    assert make("x" * cap) == Inert("x" * cap)
