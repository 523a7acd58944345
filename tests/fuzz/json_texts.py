"""JSON as text, as oddly as it can be written: what a fuzz puts into pages and records.

Texts, not values: names given twice, `1e400`, `-0.0`, escapes and blanks would be lost in a value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.fuzz.chance import Chance
from tests.model.records import ADDRESSES, NOW, WORDS

_ODD = (
    'a[]{}",:\\/‹›\n\r\t\x00\x07\x08\x1b\x7f\x85\x9b\u00a0\u00ad\u0301\u0316\u20dd\u093e\u200b\u200d\u202e\u2028\u2066'
    "\ufeff\ufe0f\ud83d\udc68\ue000\u3164\u0378❤👨👩🏽🇩日ع٣#1=+-@;|İßﬁ<>&`*_.\U000e0041\U0010ffff"
)
_KNOWN = ("", *WORDS, *ADDRESSES)
_LENGTHS = (60, 513, 2_000, 8_001, 20_001, 33_000, 140_000)
_GROUP_ID = ":4375f4c3-bfdf-4f36-a62e-141ccf1588a3"
_NAMES = (
    "a author remoteAddress creationDate summary description category sysAdmin superAdmin affectedObject changedValues "
    "associatedObjects displayName accountId type accountType isGuest externalCollaborator name objectType oldValue "
    "newValue hiddenOldValue hiddenNewValue results _links next new é "
).split(" ")
_NUMBERS = (
    "0|-0|-0.0|1e400|-1e400|1e-400|1E+2|0.1|1.10|12345678901234567890|1643097111962.0|1.643097111962e12|1643097111|"
    "9223372036854775807|9223372036854775808|-9223372036854775809|1000000000000000000000000000000|253402300800000"
).split("|")


# Texts


def _character(chance: Chance) -> str:
    return chr(chance.below(0x110000)) if chance.rarely(4) else chance.of(_ODD)


def text(chance: Chance) -> str:
    """What a text can be: known, or anything; now and then long."""
    if not chance.rarely(3):
        return chance.of(_KNOWN)
    found = "".join(chance.several(_character, 8))
    if found and chance.rarely(50):
        length = chance.of(_LENGTHS)
        return (found * length)[:length]
    return found


def written(value: str, how: int = 0) -> str:
    """A text as JSON; `how` is from 0 to 9."""
    if how == 9:
        units = value.encode("utf-16-be", "surrogatepass")
        return '"' + "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)) + '"'
    if how == 8:
        return json.dumps(value)
    plain = json.dumps(value, ensure_ascii=False)
    if how == 7:
        plain = plain.replace("/", "\\/")
    return _halves(plain)


def _halves(plain: str) -> str:
    """No byte of UTF-8 says half of a character: only an escape can."""
    try:
        plain.encode()
    except UnicodeEncodeError:
        return "".join(f"\\u{ord(each):04x}" if "\ud800" <= each <= "\udfff" else each for each in plain)
    return plain


def written_text(chance: Chance) -> str:
    """Any text, as JSON writes it in one way or another."""
    return written(text(chance), chance.below(10))


# Values


def number(chance: Chance) -> str:
    """A number, also such as Python cannot hold."""
    match chance.below(4):
        case 0:
            return str(chance.below(1_000))
        case 1:
            return chance.of("19") * chance.of((20, 999, 1_001, 5_000))
        case 2:
            return (
                f"{chance.of(('', '-'))}{chance.below(10**6)}.{chance.below(10**6)}e{chance.below(700) - 350}"
            )
    return chance.of(_NUMBERS)


_BLANKS = ("", "", "", "", "", "", "", " ", "\n", "\t \r\n")


def object_of(fields: Sequence[tuple[str, str]], blank: str = "") -> str:
    """An object; names and values are written already."""
    return "{" + ",".join(f"{blank}{name}{blank}:{blank}{value}{blank}" for name, value in fields) + "}"


def list_of(values: Sequence[str], blank: str = "") -> str:
    """A list of values that are written already."""
    return "[" + ",".join(f"{blank}{value}{blank}" for value in values) + "]"


def value(chance: Chance, levels: int = 3) -> str:
    """Any JSON value."""
    match chance.below(10 if levels else 8):
        case 0 | 1 | 2:
            return chance.of(("null", "true", "false"))
        case 3 | 4:
            return number(chance)
        case 8:
            return list_of([value(chance, levels - 1) for _ in range(chance.below(4))], chance.of(_BLANKS))
        case 9:
            fields = [(_name(chance), value(chance, levels - 1)) for _ in range(chance.below(4))]
            return object_of(fields, chance.of(_BLANKS))
    return written_text(chance)


def _name(chance: Chance) -> str:
    return written_text(chance) if chance.rarely(3) else written(chance.of(_NAMES))


def odd_value(chance: Chance) -> str:
    """Any JSON value; now and then deep or wide."""
    match chance.below(24):
        case 22:
            levels, inside = chance.of((2, 30, 61, 62, 63, 64, 65, 66, 300, 1_200)), value(chance, 0)
            before, after = chance.of((("[", "]"), ('{"a":', "}")))
            return before * levels + inside + after * levels
        case 23:
            inside, count = value(chance, 1), chance.of((65, 300, 3_000))
            return list_of([inside if len(inside) < 60 else "0"] * count)
    return value(chance)


# Records


def _object(chance: Chance) -> str:
    name = text(chance) + (_GROUP_ID if chance.rarely(4) else "")
    kind = (
        written(chance.of(("", "Group", "User", "Space"))) if not chance.rarely(3) else written_text(chance)
    )
    return object_of((('"name"', written(name)), ('"objectType"', kind)))


def _texts(*names: str) -> Callable[[Chance], str]:
    return lambda chance: object_of([(written(name), written_text(chance)) for name in names])


_author = _texts("displayName", "accountId", "type")
_change = _texts("name", "oldValue", "newValue")
_hidden = _texts("name", "oldValue", "newValue", "hiddenOldValue", "hiddenNewValue")


def _date(chance: Chance) -> str:
    if chance.rarely(4):
        return number(chance)
    return str(chance.below(2 * 10**15) - 10**15 if chance.rarely(3) else NOW - chance.below(10**9))


def _flag(chance: Chance) -> str:
    return chance.of(("false", "true"))


def _category(chance: Chance) -> str:
    known = ("Users and groups", "Permissions", "Spaces")
    return written(chance.of(known)) if not chance.rarely(3) else written_text(chance)


_PARTS: Mapping[str, Callable[[Chance], str]] = {
    "summary": written_text,
    "description": written_text,
    "category": _category,
    "remoteAddress": lambda chance: (
        written(chance.of(ADDRESSES)) if not chance.rarely(3) else written_text(chance)
    ),
    "creationDate": _date,
    "sysAdmin": _flag,
    "superAdmin": _flag,
    "author": _author,
    "affectedObject": _object,
    "associatedObjects": lambda chance: list_of(chance.several(_object, 3)),
    "changedValues": lambda chance: list_of(chance.several(_hidden if chance.rarely(3) else _change, 3)),
}


def record(chance: Chance) -> str:
    """A record, more or less, and now and then any value in place of one."""
    if chance.rarely(10):
        return odd_value(chance)
    fields: list[tuple[str, str]] = []
    for name, part in _PARTS.items():
        how = chance.below(13)
        if how == 12:
            continue
        fields.append((written(name), odd_value(chance) if how == 11 else part(chance)))
        if how == 10:
            fields.append((written(name), value(chance)))
    if chance.rarely(5):
        fields.append((_name(chance), value(chance)))
    return object_of(fields[::-1] if chance.rarely(2) else fields, chance.of(_BLANKS))


# Reading without haste


class Literal(NamedTuple):
    """A number as it was written."""

    digits: str


class Fields(list[tuple[str, Any]]):
    """An object with all its fields, those given twice, too."""


def _refused(name: str) -> Any:
    raise ValueError(name)


def exactly(text: str) -> Any:
    """What a JSON text says, with nothing rounded, merged or put into another order.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is too deep for Python.
    """
    return json.loads(
        text, parse_int=Literal, parse_float=Literal, parse_constant=_refused, object_pairs_hook=Fields
    )


def depth(value: Any) -> int:
    """Levels of lists and objects."""
    levels, layer = 0, [value]
    while layer := [each for each in layer if isinstance(each, list)]:
        levels += 1
        layer = [inner[1] if isinstance(outer, Fields) else inner for outer in layer for inner in outer]
    return levels
