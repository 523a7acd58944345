"""Read in the source: no text is shown through something that reads markup, and none is printed that is not made inert there.

Where a text is auditui's own, or was made inert where it was made, the line stands in `KNOWN`, with the reason. So a new place
that shows a text is one that somebody has looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import auditui

SOURCE: Final = Path(auditui.__file__).parent

SWITCH: Final = frozenset({"Static", "Label", "OptionList", "SelectionList", "RichLog", "notify"})
"""What reads markup unless it is told `markup=False`."""
NO_SWITCH: Final = frozenset(
    {"Button", "Option", "Checkbox", "RadioButton", "Select", "Tab", "Collapsible", "Hit", "DiscoveryHit"}
)
"""What reads markup in any text that is no `Content`."""
TITLES: Final = frozenset({"border_title", "border_subtitle", "tooltip"})
"""The same of attributes."""
NEVER: Final = frozenset(
    {"from_markup", "render_str", "render_markup", "DataTable", "Tree", "Markdown", "Log", "Pretty"}
)
"""What reads markup and cannot be told not to."""
AS_IT_IS: Final = frozenset({"print_exc", "print_exception", "print_tb", "handle_error"})
"""What writes to the terminal by itself."""
INERT: Final = frozenset({"inert", "inert_line", "inert_text"})
CONTENT: Final = frozenset({"Content", "styled", "plain", "one_line", "content_of", "_prompt"})

KNOWN: Final = {
    # auditui's own
    "under.tooltip if under else None": "a sentence of a binding; settings change keys only",
    "f'{day.day_of_week().name.capitalize()} {day}{today}'": "a day",
    "f'{mark} {line.column.title:<{_TITLE}}  {extra:>4}  {line.column.what}'": "a column",
    "f'{mark} {PRESETS.index(preset) + 1} {preset.title}'": "a span of time",
    "f'= {_meaning(field.text, edge, now, self._zone)}'": "a time",
    "f'{show_time_exactly(record.created, zone)}  {zone.name}'": "a time; a zone that the system has",
    "f'{show_time_exactly(record.created, _UTC)}  UTC'": "a time",
    "f'  {clock.name}'": "a zone that the system has",
    "time.removeprefix(year)": "a time",
    "', '.join(flags)": "the names of two rights",
    "_AGAIN if self._again and entry is Door.SIGN_IN else _DOORS[entry]": "a name of ours",
    "entry.letter": "a key of ours",
    "ui/screens/views.py: heading": "a heading of ours",
    "_title(area)": "a name of ours",
    "ui/difference.py: sign": "a minus or a plus",
    "sign * (end - start)": "marks",
    "ui/screens/columns.py: words": "of the columns' screen: keys, or a column",
    "f'{told} esc closes.'": "a sentence of ours",
    "self._count()": "numbers",
    "_TEXT_REMARK": "a sentence of ours",
    "served.url": "our own address",
    "ELLIPSIS if shown.start else ' '": "a sign",
    "ELLIPSIS if shown.stop < len(offers) else ''": "a sign",
    "f'\\n{chapter}' if self._chapter else chapter": "a heading of ours",
    "f'\\r{text.ljust(self._width)}'": "numbers and times, and an inert reason to wait",
    "f\"\\r{' ' * self._width}\\r\"": "blanks",
    r"'\n'.join(textwrap.wrap(_END, self._width))": "a sentence of ours",
    # inert before
    "ui/present.py: shown.text": "an `Inert`",
    "ui/record_view.py: text": "of a heading or a remark, which are ours",
    "ui/widgets/status_line.py: place": "a number",
    "ui/widgets/filter_line.py: told": "the filter's count",
    "f'  {text}'": "numbers",
    "cli.py: text": "made inert by who tells it",
    "commands/doctor/report.py: line": "of a report, in which each text was made inert",
}  # fmt: skip


class Shown(NamedTuple):
    """A place in the source where something is given to a function, or to an attribute."""

    where: str
    line: int
    by: str
    called: bool
    what: ast.expr
    plainly: bool
    """Whether it is told `markup=False`."""

    def __str__(self) -> str:
        return f"{self.where}:{self.line} {self.by}({ast.unparse(self.what)})"


@cache
def _shown() -> tuple[Shown, ...]:
    return tuple(_places())


def _in_ui() -> Iterator[Shown]:
    return (each for each in _shown() if each.where.startswith("ui/"))


def _places() -> Iterator[Shown]:
    for path in sorted(SOURCE.rglob("*.py")):
        where = path.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                plainly = any(
                    word.arg == "markup" and ast.unparse(word.value) == "False" for word in node.keywords
                )
                first = node.args[0] if node.args else ast.Constant("")
                yield Shown(where, node.lineno, _name(node.func), True, first, plainly)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    yield Shown(where, node.lineno, _name(target), False, node.value, False)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _written_here(what: ast.expr) -> bool:
    """Whether it is a text of auditui's own to the last letter, of which none could be markup."""
    match what:
        case ast.Constant(value=str(text)):
            return "[" not in text
        case ast.IfExp():
            return _written_here(what.body) and _written_here(what.orelse)
        case ast.JoinedStr():
            return all(_counted(part) or isinstance(part, ast.Constant) for part in what.values)
    return False


def _counted(part: ast.expr) -> bool:
    """Whether it is a part of a text that holds a number or a constant of ours."""
    if not isinstance(part, ast.FormattedValue):
        return False
    names = {node.id for node in ast.walk(part.value) if isinstance(node, ast.Name)}
    return bool(names) and all(
        name.isupper() or name in ("failed", "warnings", "served", "more") for name in names
    )


def _by(what: ast.expr, names: frozenset[str]) -> bool:
    """Whether one of these makes it."""
    return any(isinstance(node, ast.Call) and _name(node.func) in names for node in ast.walk(what))


def _ours(each: Shown) -> bool:
    """Whether it is a text of auditui's own, or known to be inert."""
    constant = isinstance(each.what, ast.Name) and each.what.id.lstrip("_").isupper()
    return constant or _written_here(each.what) or not KNOWN.keys().isdisjoint(_sources(each))


def _sources(each: Shown) -> tuple[str, str]:
    """The source by which it may be known: of one word, only together with its file."""
    source = ast.unparse(each.what)
    return source, f"{each.where}: {source}"


def _wakes(each: Shown) -> bool:
    """Whether it is a condition of threads that is told, and nobody in front of the screen: that takes a text."""
    return each.by == "notify" and ast.unparse(each.what) == "''"


def test_nothing_reads_markup() -> None:
    asked = [each for each in _in_ui() if each.by in SWITCH and each.called and not _wakes(each)]
    assert len(asked) > 30
    assert not [str(each) for each in asked if not each.plainly]
    others = [each for each in _in_ui() if each.by in NO_SWITCH | TITLES]
    assert len(others) > 20
    assert not [str(each) for each in others if not (_by(each.what, CONTENT) or _ours(each))]


def test_nothing_is_shown_by_what_cannot_be_told_to_read_no_markup() -> None:
    assert not [str(each) for each in _in_ui() if each.by in NEVER and each.called]


def test_no_content_is_made_of_a_text_that_is_not_inert() -> None:
    made = [each for each in _in_ui() if each.called and each.by in ("Content", "styled")]
    assert len(made) > 60
    raw = [each for each in made if not isinstance(each.what, ast.Constant) and not _by(each.what, INERT)]
    assert not [str(each) for each in raw if not _ours(each)]


def test_nothing_is_printed_that_is_not_inert() -> None:
    printed = [each for each in _shown() if each.called and each.by == "print"]
    assert len(printed) > 15
    assert not [str(each) for each in printed if not (_by(each.what, INERT) or _ours(each))]
    assert not [str(each) for each in _shown() if each.called and each.by in AS_IT_IS]


def test_no_reason_stands_there_for_a_line_that_is_gone() -> None:
    assert not KNOWN.keys() - {source for each in _shown() for source in _sources(each)}
