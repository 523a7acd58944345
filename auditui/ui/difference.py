"""How a long value changed, as lines that begin with `- `, `+ ` or two blanks.

Compares what the site sent, character for character, and makes each piece inert only then: an escape character and the
spelling of one are not the same. Knows nothing of records. The work is bounded, whatever stands in the values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate

from textual.content import Content

from auditui.model.text import TEXT_CAP, Inert, inert_line
from auditui.ui.present import SPELLED_OUT, content_of

REMOVED = "$text-error"
"""The style of what is gone; the sign `-` says the same."""

ADDED = "$text-success"
"""The style of what is new; the sign `+` says the same."""

_DIFFERS = "bold underline"
_REMARK = "$foreground-muted italic"
_CONTEXT = 2  # lines of either side of a change
_AROUND = 32  # characters of either side of a changed word, in a stretch so long that it is cut
_STEPS = 600_000  # of comparing: some tenths of a second
_PAIRED = 40  # lines that are compared word by word with as many that came in their place
_LONG_MEMBER, _WORDS_OF_A_MEMBER = 60, 4  # beyond which a part between commas is prose

_TOKEN = re.compile(r"""[^\s,;:/|&=<>()\[\]{}"'.]+|.""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of both values: the same in both, or not."""

    same: bool
    old: tuple[str, ...]
    new: tuple[str, ...]


class _TooMuchWork(Exception):
    """The values are too long and too different."""


@dataclass(slots=True)
class Work:
    """What is left of the steps that differences may take together."""

    left: int = _STEPS

    def take(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise _TooMuchWork


def difference(old: str, new: str, work: Work | None = None) -> Iterator[Content]:
    """The lines that tell two different values apart; of each value, the first `TEXT_CAP` characters.

    Args:
        old: the value before.
        new: the value after.
        work: shared by the differences of one record; where none is left, values are shown in full.
    """
    work = work or Work()
    before, after = old[:TEXT_CAP], new[:TEXT_CAP]
    if before == after:
        yield _remark(f"the first {TEXT_CAP:,} characters are the same")
    elif "\n" in before or "\n" in after:
        yield from _by_lines(before, after, work)
    else:
        yield from _by_members(before, after) or _by_words(before, after, work) or _in_full(before, after)
    if len(old) > TEXT_CAP or len(new) > TEXT_CAP:
        more = f"{len(old) - len(before):,} more in the old value, {len(new) - len(after):,} in the new"
        yield _remark(f"not compared: {more}")


# Line by line


def _by_lines(old: str, new: str, work: Work) -> Iterator[Content]:
    try:
        runs = _runs(old.split("\n"), new.split("\n"), work)
    except _TooMuchWork:
        yield _remark("too different to be compared")
        yield from _in_full(old, new)
        return
    for index, run in enumerate(runs):
        if run.same:
            yield from _unchanged(run.old, begins=index == 0, ends=index == len(runs) - 1)
        else:
            yield from _changed(run, work)


def _unchanged(lines: tuple[str, ...], *, begins: bool, ends: bool) -> Iterator[Content]:
    first, last = 0 if begins else _CONTEXT, 0 if ends else _CONTEXT
    if (hidden := len(lines) - first - last) <= 1:
        yield _block("  ", lines)
        return
    if first:
        yield _block("  ", lines[:first])
    yield _remark(f"… {hidden:,} lines the same")
    if last:
        yield _block("  ", lines[-last:])


def _changed(run: _Run, work: Work) -> Iterator[Content]:
    if len(run.old) == len(run.new) <= _PAIRED:
        pairs = [
            _by_words(old, new, work) or _in_full(old, new) for old, new in zip(run.old, run.new, strict=True)
        ]
        yield from (removed for removed, _added in pairs)
        yield from (added for _removed, added in pairs)
        return
    if run.old:
        yield _block("- ", run.old, REMOVED)
    if run.new:
        yield _block("+ ", run.new, ADDED)


# Member by member


def _by_members(old: str, new: str) -> list[Content]:
    """Which members of a list went and came; nothing where the values are no lists."""
    for separator in (";", ","):
        before, after = _members(old, separator), _members(new, separator)
        if before and after and before != after and max(len(before), len(after)) > 2:
            return list(_members_told(before, after))
    return []


def _members(value: str, separator: str) -> list[str]:
    members = [member.strip(" ") for member in value.split(separator)]
    return members if all(map(_may_be_member, members)) else []


def _may_be_member(text: str) -> bool:
    return (
        0 < len(text) <= _LONG_MEMBER
        and text.count(" ") < _WORDS_OF_A_MEMBER
        and not set(text) & set('{}[]";,')
    )


def _members_told(old: list[str], new: list[str]) -> Iterator[Content]:
    removed, kept = _beyond(old, new)
    added, kept_in_new = _beyond(new, old)
    if removed:
        yield _block("- ", removed, REMOVED)
    if added:
        yield _block("+ ", added, ADDED)
    if kept:
        number = f"{len(kept):,} member{'s' if len(kept) > 1 else ''} the same"
        yield _remark(f"… {number}{', in another order' if kept != kept_in_new else ''}")


def _beyond(members: list[str], others: list[str]) -> tuple[list[str], list[str]]:
    """The members that `others` lacks, and those it has; a member given twice is two."""
    left = Counter(others)
    beyond: list[str] = []
    shared: list[str] = []
    for member in members:
        (shared if left[member] > 0 else beyond).append(member)
        left[member] -= 1
    return beyond, shared


# Word by word


def _by_words(old: str, new: str, work: Work) -> tuple[Content, Content] | None:
    """The old and the new line with what differs underlined; None where they have too little in common."""
    try:
        runs = _without_crumbs(_runs(_TOKEN.findall(old), _TOKEN.findall(new), work))
    except _TooMuchWork:
        return None
    shared = sum(len(text) for run in runs if run.same and _has_words(text := "".join(run.old)))
    if shared * 4 < min(len(old), len(new)):
        return None
    return _line("- ", runs, REMOVED), _line("+ ", runs, ADDED)


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _without_crumbs(runs: list[_Run]) -> list[_Run]:
    """A blank or a comma that two changes share is no likeness: one longer change reads better."""
    joined: list[_Run] = []
    for index, run in enumerate(runs):
        crumb = run.same and 0 < index < len(runs) - 1 and not _has_words("".join(run.old))
        same = run.same and not crumb
        if joined and joined[-1].same == same:
            before = joined.pop()
            run = _Run(same, before.old + run.old, before.new + run.new)
        joined.append(_Run(same, run.old, run.new))
    return joined


def _line(sign: str, runs: list[_Run], style: str) -> Content:
    pieces = [Content.styled(sign, style)]
    for index, run in enumerate(runs):
        text = "".join(run.old if style == REMOVED else run.new)
        if run.same:
            pieces += _cut(text, style, begins=index == 0, ends=index == len(runs) - 1)
        elif text:
            pieces.append(_piece(text, f"{style} {_DIFFERS}"))
    return Content("").join(pieces)


def _cut(text: str, style: str, *, begins: bool, ends: bool) -> Iterator[Content]:
    first, last = 0 if begins else _AROUND, 0 if ends else _AROUND
    if len(text) <= 3 * _AROUND:
        yield _piece(text, style)
        return
    if first:
        yield _piece(text[:first], style)
    yield Content.styled("…", SPELLED_OUT)
    if last:
        yield _piece(text[-last:], style)


def _piece(text: str, style: str) -> Content:
    return content_of(inert_line(text, TEXT_CAP), style)


# All of it


def _in_full(old: str, new: str) -> tuple[Content, Content]:
    return _block("- ", old.split("\n"), REMOVED), _block("+ ", new.split("\n"), ADDED)


def _block(sign: str, lines: Sequence[str], style: str = "") -> Content:
    """Lines with the same sign as one content: there may be thousands."""
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    at = 0
    for line in lines:
        shown = inert_line(line, TEXT_CAP)
        at += len(sign)
        marks.extend((at + start, at + end) for start, end in shown.marks)
        at += len(shown.text) + 1
        pieces.append(sign + shown.text)
    return content_of(Inert("\n".join(pieces), tuple(marks)), style)


def _remark(text: str) -> Content:
    return Content.styled(f"  {text}", _REMARK)


# Comparing


def _runs(old: Sequence[str], new: Sequence[str], work: Work) -> list[_Run]:
    """Both values as stretches that are the same and stretches that are not, by turns.

    Raises:
        _TooMuchWork: it would take too long.
    """
    first = _shared(old, new)
    last = _shared(old[first:][::-1], new[first:][::-1])
    middle_old, middle_new = old[first : len(old) - last], new[first : len(new) - last]
    runs = [_Run(True, tuple(old[:first]), tuple(old[:first]))]
    runs += [
        _Run(tag == "equal", tuple(middle_old[i:j]), tuple(middle_new[k:m]))
        for tag, i, j, k, m in _Matcher(middle_old, middle_new, work).get_opcodes()
    ]
    end = tuple(old[len(old) - last :])
    return [run for run in [*runs, _Run(True, end, end)] if run.old or run.new]


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items are the same from the first on."""
    return next(
        (index for index, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )


class _Matcher(SequenceMatcher[str]):
    """Counts its steps: in the worst case they grow with the third power of the length."""

    b2j: dict[str, list[int]]
    """`difflib`'s own: where each item of the new value stands, without the all too frequent ones."""

    def __init__(self, old: Sequence[str], new: Sequence[str], work: Work) -> None:
        super().__init__(None, old, new)
        self._work = work
        self._steps = [0, *accumulate(1 + len(self.b2j.get(item, ())) for item in old)]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """As of the parent, if there are steps left."""
        end = len(self._steps) - 1 if ahi is None else ahi
        self._work.take(1 + self._steps[end] - self._steps[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)
