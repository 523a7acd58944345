"""Every text is a filter or a fault that says what is wrong and where."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditui.model.fields import ADMIN, FLAGS, field_named
from auditui.model.filter import Clause, Filter, Flagged, InField, Moment, Test, Word
from auditui.model.filter_parse import FORMS, KEYWORDS, FilterFault, parse_filter
from auditui.model.filter_scan import scan
from auditui.model.when import Zone
from tests.model.records import NOW, filter_texts

UTC = Zone.parse("utc")
BERLIN = Zone.parse("Europe/Berlin")
CONTROL = next(flag for flag in FLAGS if flag.name == "control")
CHANGES = next(flag for flag in FLAGS if flag.name == "changes")

HARD = st.lists(
    st.sampled_from([*'ab -|:="\\/%.0\n\u3000\ud800é'])
    | st.sampled_from("author: ip: -has:control admin:y before:7d after:today 10.0.0.0/8 x".split()),
    max_size=12,
).map("".join)


def parsed(text: str, zone: Zone = UTC) -> Filter:
    return parse_filter(text, now=NOW, zone=zone)


def fault(text: str) -> FilterFault:
    with pytest.raises(FilterFault) as caught:
        parsed(text)
    return caught.value


def tried(text: str) -> Filter | FilterFault:
    try:
        return parsed(text)
    except FilterFault as found:
        return found


def contains(name: str, typed: str, text: str = "", *, exact: bool = False) -> InField:
    field = field_named(name)
    assert field
    return InField(field, text or typed, exact, typed)


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("Ana", [Word("ana")]),
        ("-", [Word("-")]),
        ("-|a", [Word("-"), Word("a")]),
        ("a|-b", [Word("a"), Word("-b")]),
        ('"a|b: \\"c\\" \\\\ \\d"', [Word('a|b: "c" \\ \\d')]),
        (
            "10:30|557058:ab|2001:db8::1|::1|=x|a1:b",
            [*map(Word, "10:30 557058:ab 2001:db8::1 ::1 =x a1:b".split())],
        ),
        ("author:Ana|ben", [contains("author", "Ana", "ana"), contains("author", "ben")]),
        ('author=a|"b c"', [contains("author", "a", exact=True), contains("author", "b c", exact=True)]),
        ("author:a|ip:10.|11.", [contains("author", "a"), contains("ip", "10."), contains("ip", "11.")]),
        (
            "author:a|event=b|c",
            [*[contains("author", "a")], *(contains("event", x, exact=True) for x in "bc")],
        ),
        ("a|author:b", [Word("a"), contains("author", "b")]),
        ("summary:a|ADDRESS:b", [contains("event", "a"), contains("ip", "b")]),
        ("author:-a:b=c", [contains("author", "-a:b=c")]),
        ("author==", [contains("author", "=", exact=True)]),
        ("has:control|CHANGES", [Flagged(CONTROL, True), Flagged(CHANGES, True)]),
        ("has:admin", [Flagged(ADMIN, True)]),
        ("admin:yes|n|has:control", [Flagged(ADMIN, True), Flagged(ADMIN, False), Flagged(CONTROL, True)]),
        ("before:1h|after=2026-11-12T11:00:30+01:00", [Moment(NOW - 3_600_000, True), Moment(NOW, False)]),
    ],
)
def test_a_clause_is_any_of_its_tests(text: str, tests: list[Test]) -> None:
    assert parsed(text) == Filter(text, (Clause(tuple(tests), False, 0, len(text)),))
    assert parsed(f"-{text}").clauses[0].tests == tuple(tests) or text[0] == "-"


def test_the_empty_value_can_be_looked_for() -> None:
    field = field_named("ip")
    assert field
    assert parsed('ip=""').clauses[0].tests == (InField(field, "", True, ""),)


def test_every_clause_knows_its_place() -> None:
    text = '  a\t-author:b|"c d"\u3000- --x\n'
    clauses = parsed(text).clauses
    assert [text[clause.start : clause.end] for clause in clauses] == ["a", '-author:b|"c d"', "-", "--x"]
    assert [clause.negated for clause in clauses] == [False, True, False, True]


def test_a_day_is_the_day_of_the_zone() -> None:
    moments = [parsed("after:today", zone).clauses[0].tests[0] for zone in (UTC, BERLIN)]
    assert all(isinstance(moment, Moment) for moment in moments)
    assert moments[0] == Moment(NOW // 86_400_000 * 86_400_000, before=False)
    assert moments[1] == Moment(NOW // 86_400_000 * 86_400_000 - 3_600_000, before=False)


@pytest.mark.parametrize(
    ("text", "place", "happened"),
    [
        ("author:", "", "“author:” waits for what to look for."),
        ("author: ana", "author:", "“author:” waits for what to look for."),
        ('author:""', 'author:""', "“author:” waits for what to look for."),
        ("author=", "", "“author=” waits for what to look for."),
        ("author= x", "author=", "“author=” waits for what to look for."),
        ("has:", "", "“has:” waits for what to look for."),
        ("author:ana|", "", "Something to look for is missing."),
        ("ana| x", "|", "Something to look for is missing."),
        (" |ana", "|", "Something to look for is missing."),
        ("a||b", "|", "Something to look for is missing."),
        ('a ""', '""', "Something to look for is missing."),
        ('x "an a', '"an a', "The quote is still open."),
        ('author:"an\\"', '"an\\"', "The quote is still open."),
        ('x a"b" c', '"b"', "A quote begins or ends inside a word."),
        ('"a"b', "b", "A quote begins or ends inside a word."),
        ("x https://y", "https:", "There is no field “https”."),
        ("author:a|foo-bar=b", "foo-bar=", "There is no field “foo-bar”."),
        ("ключ:x", "ключ:", "There is no field “ключ”."),
        ("since:7d", "since:", "There is no field “since”."),
        ("a|-author:b", "-author:b", "A minus stands inside the clause."),
        ("--ip:10.", "-ip:10.", "A minus stands inside the clause."),
        ("has:changed", "changed", f"“changed” is not one of {', '.join(flag.name for flag in FLAGS)}."),
        ("admin:maybe", "maybe", "“maybe” is not yes or no."),
        (
            "has:control|nothing",
            "nothing",
            f"“nothing” is not one of {', '.join(flag.name for flag in FLAGS)}.",
        ),
        ('after:"2026-02-30"', '"2026-02-30"', "“2026-02-30” is not a date or a span of time."),
        (
            "ip:10.|10.0.0.0/99",
            "10.0.0.0/99",
            "“10.0.0.0/99” is not a block of addresses such as 10.0.0.0/8 or 2001:db8::/32.",
        ),
    ],
)
def test_a_fault_says_what_and_where(text: str, place: str, happened: str) -> None:
    found = fault(text)
    assert found.happened == happened
    assert text[found.start : found.end] == place
    assert found.end > found.start or found.end == found.start == len(text)
    assert found.exit_status == 2


@pytest.mark.parametrize("text", ["author:", "author=", "ana|", "-event:", '""'])
def test_a_filter_on_its_way_is_asked_for_what_to_look_for(text: str) -> None:
    assert fault(text).expected == "what to look for"


@pytest.mark.parametrize(
    ("text", "near"),
    [("auther:x", "author"), ("Adress:x", "address"), ("has:contrl", "control"), ("befor:7d", "before")],
)
def test_a_slip_of_the_hand_is_put_right(text: str, near: str) -> None:
    assert f"Did you mean {near}?" in fault(text).remedy


def test_a_text_with_a_colon_is_told_to_go_in_quotes() -> None:
    assert fault("https://x").remedy == "Quotes search for the text itself."
    assert parsed('"https://x"').clauses[0].tests == (Word("https://x"),)


def test_equality_of_an_address_reads_no_block() -> None:
    assert parsed("ip=10.0.0.0/99").clauses[0].tests == (contains("ip", "10.0.0.0/99", exact=True),)


@settings(deadline=None)
@given(text=st.text(max_size=30) | HARD)
@example(text='"\\')
@example(text="a:" * 20_000)
@example(text='"' * 20_001)
@example(text="|" * 20_000)
@example(text="before:" + "t" * 20_000)
def test_every_text_is_a_filter_or_a_fault_with_a_place(text: str) -> None:
    found = tried(text)
    if isinstance(found, Filter):
        assert found.text == text
        assert all(clause.tests for clause in found.clauses)
        return
    assert 0 <= found.start <= found.end <= len(text)
    assert found.start < found.end or found.end == len(text)
    assert found.expected
    assert found.happened.endswith(".")
    assert len(found.sentences()) < 400


@settings(deadline=None)
@given(text=st.text(max_size=30) | HARD)
def test_clauses_leave_nothing_but_blanks(text: str) -> None:
    rest, end = "", 0
    for written in scan(text):
        assert end <= written.start < written.end
        rest += text[end : written.start]
        end = written.end
    assert not (rest + text[end:]).strip()


@given(text=filter_texts())
def test_the_filters_of_the_other_tests_can_be_read(text: str) -> None:
    assert bool(parsed(text)) == bool(text)


@pytest.mark.parametrize(("example", "meaning"), FORMS)
def test_every_form_in_the_help_can_be_read(example: str, meaning: str) -> None:
    assert parsed(example)
    assert meaning


def test_the_help_has_a_form_for_every_keyword() -> None:
    shown = " ".join(example for example, _ in FORMS)
    assert all(f"{word}:" in shown for word, _ in KEYWORDS)


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("(author:system)", "(author:system)", "brackets"),
        ("author:system OR author:ana", "OR", "| means or"),
        ("NOT author:system", "NOT", "minus"),
        ("author!=System", "author!=System", "minus"),
        ("author = System", "=", "without blanks"),
        ("author:*", "*", "wildcards"),
        ("event:User*", "User*", "wildcards"),
        ("!ana", "!ana", "minus"),
        ("size>5", "size>5", "minus"),
    ],
)
def test_what_other_languages_mean_is_not_looked_for_without_a_word(text: str, place: str, hint: str) -> None:
    with pytest.raises(FilterFault) as fault:
        parse_filter(text, now=NOW, zone=Zone("UTC"))
    assert text[fault.value.start : fault.value.end] == place
    assert hint in fault.value.remedy


@pytest.mark.parametrize(
    "text", ['"OR"', 'event:"User*"', '"(x)"', "a*b", "f(x)", "or", "not", "(unknown)", "x-y"]
)
def test_in_quotes_or_as_a_part_it_is_a_text(text: str) -> None:
    assert parse_filter(text, now=NOW, zone=Zone("UTC"))


def test_too_many_texts_are_refused_and_long_lists_of_values_are_not() -> None:
    with pytest.raises(FilterFault) as fault:
        parse_filter(" ".join(f"w{number}" for number in range(500)), now=NOW, zone=Zone("UTC"))
    assert "400" in fault.value.happened
    assert parse_filter("ip=" + "|".join(f"10.0.0.{n}" for n in range(5_000)), now=NOW, zone=Zone("UTC"))
