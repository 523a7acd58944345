"""What the facets pane shows, as values: fields, what occurs in them, how often, and what is chosen. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL = "█"


class Choice(Enum):
    """What the filter does with a value."""

    NONE = "[ ]"
    IN = "[x]"
    OUT = "[-]"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a field."""

    text: str
    """As the record has it: foreign, "" where the record has none."""
    count: int | None
    """Records that have it; None where nobody has counted."""
    choice: Choice
    adds: bool = False
    """Whether `count` is how many records choosing it would add, shown as `+n`."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One field with its values, the most frequent first; every chosen value is among them."""

    field: str
    """The field's name in the filter language."""
    title: str
    values: tuple[FacetValue, ...]
    others: int = 0
    """So many further values are not listed."""
    other_count: int = 0
    """So many records have one of them."""


@dataclass(frozen=True, slots=True)
class FacetsPicture:
    """Everything the pane shows."""

    facets: tuple[Facet, ...]
    matched: int
    """Records that pass the filter."""
    told: str
    """The same in words, for the head line: `12 of 3,000 loaded`."""


class Row(NamedTuple):
    """A line of the list: the title of a facet (-1), a value, or, behind the last value, the door to more."""

    facet: Facet
    at: int

    @property
    def value(self) -> FacetValue | None:
        return self.facet.values[self.at] if 0 <= self.at < len(self.facet.values) else None

    @property
    def place(self) -> tuple[str, str | None]:
        """By what it is found again in another picture."""
        return self.facet.field, self.value.text if self.value else None

    @property
    def number(self) -> str:
        if self.at < 0:
            return ""
        if self.value is None:
            return f"{self.facet.other_count:,}" if self.facet.other_count else ""
        if self.value.count is None:
            return "-"
        return f"{self.value.count:+,}" if self.value.adds else f"{self.value.count:,}"


def rows_of(picture: FacetsPicture) -> Iterator[Row]:
    """The lines of the list."""
    for facet in picture.facets:
        count = len(facet.values) + (1 if facet.others else 0)
        yield from (Row(facet, at) for at in range(-1, count))


def title(facet: Facet) -> str:
    """`Author  5 of 41`."""
    count = len(facet.values)
    return f"{facet.title}  {count:,}" + (f" of {count + facet.others:,}" if facet.others else "")


def largest(facet: Facet) -> int:
    """What a whole bar stands for."""
    return max((value.count or 0 for value in facet.values if not value.adds), default=0)


def bar(value: FacetValue | None, largest: int, width: int) -> str:
    """A bar in exactly `width` cells; records that are not in the match have none, a single one has the thinnest."""
    if value is None or value.adds or not value.count:
        return " " * width
    full, eighths = divmod(max(1, round(8 * width * value.count / largest)), 8)
    return (_FULL * full + (_EIGHTHS[eighths] if eighths else "")).ljust(width)
