"""Any bytes as the body of an answer: whole pages, damaged ones, and no pages at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditui.client.page import DEPTH_CAP, read_page
from auditui.model.errors import UnreadableAnswer
from tests.fuzz.chance import Chance
from tests.fuzz.json_texts import Fields, depth, exactly, list_of, object_of, odd_value, record, value
from tests.fuzz.target import Target, Watch

_LINKS = ('{"next":"/rest/api/audit"}', "{}", '{"next":"https://evil/"}', '{"next":null}', "null")
_ENVELOPE = ('"start"', '"limit"', '"size"', '"results"', '"r\\u0065sults"', '"_links"')
_SIGNS = '{}[]":,0123.-eE\\ urnlstfa'


def page(chance: Chance) -> str:
    """A page of records, as text."""
    fields = [(chance.of(_ENVELOPE), odd_value(chance)) for _ in range(chance.below(3))]
    fields.append(('"results"', list_of(chance.several(record, 4))))
    fields.append(('"_links"', value(chance) if chance.rarely(6) else chance.of(_LINKS)))
    return object_of(fields)


def _bytes(chance: Chance, most: int) -> bytes:
    return bytes(chance.below(256) for _ in range(chance.below(most)))


def _flipped(body: bytes, at: int, bit: int) -> bytes:
    return body[:at] + bytes(each ^ 1 << bit for each in body[at : at + 1]) + body[at + 1 :]


_DAMAGES: tuple[Callable[[bytes, int, int, Chance], bytes], ...] = (
    lambda body, start, end, chance: body[:start] + body[end:],
    lambda body, start, end, chance: body[:start] + _bytes(chance, 5) + body[start:],
    lambda body, start, end, chance: body[:start] + body[start:end] + body[start:],
    lambda body, start, end, chance: body[:start] + page(chance).encode()[start:],
    lambda body, start, end, chance: _flipped(body, start, chance.below(8)),
    lambda body, start, end, chance: body[:start],
    lambda body, start, end, chance: body * 2,
    lambda body, start, end, chance: chance.of((b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n")) + body,
    lambda body, start, end, chance: body.decode().encode("utf-16"),
)
"""Each makes another body of a whole one: (body, two places in it, chance)."""


def body(chance: Chance) -> bytes:
    """Any body."""
    match chance.below(12):
        case 9:
            return odd_value(chance).encode()
        case 10:
            return _bytes(chance, 300)
        case 11:
            return "".join(chance.of(_SIGNS) for _ in range(chance.below(60))).encode()
    whole = page(chance).encode()
    if not chance.rarely(2):
        return whole
    return chance.of(_DAMAGES)(whole, chance.below(len(whole) + 1), chance.below(len(whole) + 1), chance)


def expected(body: bytes) -> list[Any] | None:
    """What the records of a page say, read without haste; None where it has to be refused."""
    try:
        envelope = exactly(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(envelope, Fields):
        return None
    results: Any = None
    for name, held in envelope:
        cut = name == "results" and isinstance(held, list) and not isinstance(held, Fields)
        if any(depth(each) > DEPTH_CAP for each in (held if cut else [held])):
            return None
        results = (held if cut else None) if name == "results" else results
    return results  # type: ignore[no-any-return]


def _check(body: bytes, watch: Watch) -> None:
    wanted = expected(body)
    try:
        with watch.timed("read a page"):
            found = read_page(body)
    except UnreadableAnswer:
        assert wanted is None, "a page was refused"
        return
    assert wanted is not None, "no page was taken for one"
    assert [exactly(entry.raw) for entry in found.entries] == wanted
    for entry in found.entries:
        with watch.timed("know a record again"):
            assert entry.key


BODIES = Target("bodies", "any bytes as a page", body, _check, quick=600)
