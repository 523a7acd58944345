"""What is offered while somebody types a filter."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditui.model.fields import FIELDS, FLAGS, Field
from auditui.model.filter import InField
from auditui.model.filter_completion import Completion, completions
from auditui.model.filter_edit import quoted
from auditui.model.filter_parse import KEYWORDS, parse_filter
from auditui.model.fold import fold
from auditui.model.when import Zone
from tests.model.records import NOW, filter_texts, texts

AUTHORS = ("Ana", "Ben B", "bena|x", "", "System")


def occurring(field: Field, typed: str, most: int) -> Sequence[str]:
    return [value for value in AUTHORS if field.name == "author" and fold(typed) in fold(value)][:most]


def offered(marked: str, most: int = 8) -> list[str]:
    """The texts there would be, with the cursor as `^` before and after."""
    at = marked.index("^")
    text = marked.replace("^", "")
    return [applied(text, each) for each in completions(text, at, occurring, most)]


def applied(text: str, completion: Completion) -> str:
    return f"{text[: completion.start]}{completion.text}^{text[completion.end :]}"


@pytest.mark.parametrize(
    ("marked", "results"),
    [
        ("auth^", ["author:^"]),
        ("AUTH^", ["author:^"]),
        ("x -auth^ y", ["x -author:^ y"]),
        ("x|auth^", ["x|author:^"]),
        ("summ^", ["event:^"]),
        ("aff^", ["affected-type:^", "affected:^"]),
        ("bef^", ["before:^"]),
        ("aut^hor:ana", []),
        ("cat^hor:ana", ["category:^ana"]),
        ("c^ame", ["category:^", "change:^"]),
        ("xyz^", []),
        ('"auth^', []),
        ('"auth^"', []),
        ("foo:a^", []),
    ],
)
def test_the_name_of_a_field_is_offered(marked: str, results: list[str]) -> None:
    assert offered(marked) == results


@pytest.mark.parametrize("marked", ["^", "x ^", "x ^ y", "-^", "x -^ y", "^ana"])
def test_every_name_is_offered_where_nothing_is_typed_yet(marked: str) -> None:
    names = [*(field.name for field in FIELDS), *(word for word, _ in KEYWORDS)]
    assert offered(marked, most=99) == [marked.replace("^", f"{name}:^") for name in names]


@pytest.mark.parametrize("marked", ["^-ana", "a |^"])
def test_a_word_can_begin_only_where_there_is_room(marked: str) -> None:
    assert all(result.index("^") > 0 for result in offered(marked))
    assert bool(offered(marked)) == marked.endswith("^")


@pytest.mark.parametrize(
    ("marked", "results"),
    [
        ("author:an^", ["author=Ana^"]),
        ("x -author:SYS^ y", ["x -author=System^ y"]),
        ("author:b^", ['author="Ben B"^', 'author="bena|x"^']),
        ('author:"n b^', ['author="Ben B"^']),
        ('author:"n b^ x', ['author="Ben B"^ x']),
        ('author:"n b^"', ['author="Ben B"^']),
        ('author:"n b"^ x', ['author="Ben B"^ x']),
        ("author=be^n", ['author="Ben B"^', 'author="bena|x"^']),
        ("author=Ana^", []),
        ("author:ana|sys^", ["author:ana|author=System^"]),
        ("author=Ana|sys^", ["author=Ana|System^"]),
        ("author:sys^|ben", ["author:System^|ben"]),
        ("author:sys^|ip:10.", ["author=System^|ip:10."]),
        ("author:ana|sys^|ben", ["author:ana|System^|ben"]),
        ("summary:an^", []),
    ],
)
def test_values_that_occur_are_offered_as_whole_values(marked: str, results: list[str]) -> None:
    assert offered(marked) == results


def test_all_values_are_offered_right_behind_the_operator() -> None:
    written = [f"author={quoted(value)}^" for value in AUTHORS]
    assert offered("author:^") == offered("author=^") == written
    assert [each.what for each in completions("author:", 7, occurring)] == ["", "", "", "empty", ""]


def test_an_alternative_can_be_a_value_or_begin_another_field() -> None:
    assert offered("author=x|a^") == [
        *("author=x|Ana^", 'author=x|"bena|x"^', "author=x|author:^", "author=x|affected-type:^"),
        *("author=x|affected:^", "author=x|ip:^", "author=x|account:^", "author=x|admin:^"),
    ]


@pytest.mark.parametrize(
    ("marked", "results"),
    [
        ("has:con^", ["has:control^"]),
        ("-has:UN^", ["-has:unusual^"]),
        ("has:control|des^", ["has:control|description^", "has:control|description:^"]),
        ("has:control^", []),
        ("admin:^", ["admin:yes^", "admin:no^"]),
        ("admin:y^", ["admin:yes^"]),
        ("after:to^", ["after:today^"]),
        ("before:3^", ["before:3m^", "before:3h^", "before:3d^", "before:3w^"]),
    ],
)
def test_the_words_behind_the_others_are_offered(marked: str, results: list[str]) -> None:
    assert offered(marked) == results


def test_every_flag_is_offered_with_its_meaning() -> None:
    found = completions("has:", 4, occurring)
    assert [(each.text, each.what) for each in found] == [(flag.name, flag.what) for flag in FLAGS]


@pytest.mark.parametrize("word", ["before", "after", "has", "admin"])
def test_what_is_offered_can_be_read(word: str) -> None:
    found = [offer.replace("^", "") for offer in offered(f"{word}:^")]
    assert len(found) > 1
    assert all(parse_filter(text, now=NOW, zone=Zone("UTC")) for text in found)


def test_no_more_is_offered_than_wanted() -> None:
    assert len(offered("^", most=3)) == 3
    assert len(offered("author:^", most=2)) == 2
    assert offered("author:^", most=0) == offered("^", most=-1) == []


@given(value=texts, typed=texts, start=filter_texts())
def test_a_value_is_read_as_it_occurs(value: str, typed: str, start: str) -> None:
    text = f"{start} author:" + quoted(f" {typed}").removesuffix('"')
    for offer in completions(text, len(text), lambda _field, _typed, _most: [value]):
        result = applied(text, offer)[:-1]
        test = parse_filter(result, now=NOW, zone=Zone("UTC")).clauses[-1].tests[-1]
        assert isinstance(test, InField)
        assert (test.typed, test.exact) == (value, True)


@given(
    text=st.text(max_size=20) | filter_texts() | st.text('ab -|:="\\author', max_size=12),
    at=st.integers(-2, 40),
    values=st.lists(texts, max_size=3),
    most=st.integers(-1, 10),
)
@example(text='author:"\\', at=9, values=["a"], most=8)
def test_any_text_can_be_completed(text: str, at: int, values: list[str], most: int) -> None:
    found = completions(text, at, lambda _field, _typed, _most: values, most)
    assert len(found) <= max(most, 0)
    for each in found:
        assert 0 <= each.start <= each.end <= len(text)
        assert text[each.start : each.end] != each.text
