"""Any JSON value as a record: read, and shown in every way there is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len

from auditui.client.decode import decode
from auditui.client.page import DEPTH_CAP
from auditui.export.json_text import visible
from auditui.model.clock import Clock
from auditui.model.columns import COLUMNS
from auditui.model.filter import matches
from auditui.model.filter_parse import parse_filter
from auditui.model.pivot import pivots
from auditui.model.record import Record
from auditui.model.resumption import fingerprint
from auditui.model.text import inert, inert_line
from auditui.model.when import Zone
from auditui.session import copies
from auditui.ui.json_lines import LINES_CAP, JsonLine, Outline, json_lines
from auditui.ui.record_view import record_content
from auditui.ui.widgets.cells import fit_cell
from auditui.ui.widgets.json_view import breaks
from tests.fuzz.chance import Chance
from tests.fuzz.json_texts import depth, exactly, record
from tests.fuzz.target import Target, Watch
from tests.model.records import NOW

OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ZONES = [Zone("UTC"), Zone("Europe/Berlin"), Zone("Pacific/Kiritimati"), Zone("America/St_Johns")]


def fitting(chance: Chance) -> str:
    """A record that a page can hold: no deeper than `read_page` lets through."""
    raw = record(chance)
    return raw if raw.count("[") + raw.count("{") <= DEPTH_CAP or _fits(raw) else "{}"


def _fits(raw: str) -> bool:
    try:
        return depth(exactly(raw)) <= DEPTH_CAP
    except RecursionError:
        return False


def require_inert(text: str, *, lines: bool = False) -> None:
    """A terminal obeys nothing of it and knows its width; `lines` may have several."""
    require_visible(text, lines=lines)
    assert all(line.isprintable() for line in text.split("\n"))


def require_visible(text: str, *, lines: bool = False) -> None:
    """Nobody overlooks or obeys a character of it; `lines` may have several."""
    assert not [
        each for each in set(text) if unicodedata.category(each) in OBEYED and not (lines and each == "\n")
    ]


def _check(case: tuple[str, Zone, int], watch: Watch) -> None:
    raw, zone, width = case
    with watch.timed("decode"):
        record = decode(raw)
    assert record.raw == raw
    assert record.created is None or type(record.created) is int
    _in_the_table(record, zone, width, watch)
    with watch.timed("the detail"):
        require_inert(record_content(record, zone).plain, lines=True)
    _as_json(raw, width, watch)
    _pivoted(record, zone, watch)
    _copied(record, zone, watch)
    with watch.timed("a fingerprint"):
        fingerprint(raw)


def _in_the_table(record: Record, zone: Zone, width: int, watch: Watch) -> None:
    for clock in (Clock(zone), Clock(zone, NOW)):
        for column in COLUMNS:
            with watch.timed(f"the cell {column.key}"):
                cell = fit_cell(inert_line(column.text(record, clock, width)), width)
            require_inert(cell.text)
            assert cell_len(cell.text) == width, f"the cell {column.key} is not {width} wide"
            assert all(0 <= start < end <= len(cell.text) for start, end in cell.marks)


def _as_json(raw: str, width: int, watch: Watch) -> None:
    with watch.timed("the lines of the raw record"):
        lines = json_lines(raw)
        outline = Outline(lines)
    if len(lines) <= LINES_CAP:
        assert exactly("".join(map(_token, lines))) == exactly(raw)
    with watch.timed("its folds"):
        for folded in (frozenset[int](), outline.inner):
            outline.folded = folded
            assert outline.visible()[0] == 0
    for line in lines[:50]:
        with watch.timed("a line of the raw record"):
            content = line.content(folded=False).plain
            ends = breaks(content, max(8, width))
        require_inert(content)
        parts = [content[start:end] for start, end in zip([0, *ends], [*ends, len(content)], strict=True)]
        assert all(cell_len(part) <= max(8, width) for part in parts)


def _token(line: JsonLine) -> str:
    return f"{line.name}{':' if line.name else ''}{line.value}{',' if line.comma else ''}"


def _pivoted(record: Record, zone: Zone, watch: Watch) -> None:
    with watch.timed("pivots"):
        found = pivots(record, zone)
    for pivot in found:
        require_inert(inert(pivot.label))
        with watch.timed("a pivot's filter"):
            assert matches(parse_filter(pivot.filter, now=NOW, zone=zone), record), pivot.filter


def _copied(record: Record, zone: Zone, watch: Watch) -> None:
    for made in _copies(record, zone, watch):
        assert not [
            each
            for each in set(made.replace("\n", ""))
            if unicodedata.category(each) in OBEYED - {"Co", "Cn"} and each not in "\u200c\u200d"
        ]
        made.encode()
    assert exactly(visible(record.raw)) == exactly(record.raw)


def _copies(record: Record, zone: Zone, watch: Watch) -> Iterator[str]:
    with watch.timed("copied as a line"):
        line = copies.as_lines([record], zone).text
    with watch.timed("copied as JSON"):
        json_line = copies.as_json([record]).text
    with watch.timed("copied as Markdown"):
        bullet = copies.as_markdown([record], zone).text
    yield from (line, json_line, bullet)
    for column in COLUMNS:
        with watch.timed("a cell copied"):
            yield copies.cell(record, column, zone).text


def _make(chance: Chance) -> tuple[str, Zone, int]:
    return fitting(chance), chance.of(_ZONES), chance.below(200) + 1


RENDERING = Target(
    "rendering", "any value as a record: table, detail, raw, pivots, copies", _make, _check, quick=150
)
