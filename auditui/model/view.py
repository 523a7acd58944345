"""One way of looking at the log, as a value: it can be kept, reopened, named, and written as a line for a shell.

Holds no site, e-mail or token, no rows and no place among them. Whether a filter can be read is not judged here.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from auditui.model.columns import COLUMNS, Layout, column_of
from auditui.model.errors import UsageError
from auditui.model.query import Query, range_title

NAME_MOST = 60
"""Characters a name has at most."""

TITLE_PART = 40
"""Characters of a search text or filter that a title repeats by itself."""


@dataclass(frozen=True, slots=True)
class Order:
    """By which column the records are sorted; `Order()` is the site's own, newest first."""

    column: str = "time"
    """The column's key."""
    descending: bool = True

    @property
    def natural(self) -> bool:
        """The site's own order, in which records need no sorting."""
        return self == Order()

    @classmethod
    def parse(cls, text: str) -> Order:
        """Read `author`, or `-author` for descending; "" is the site's own order.

        Raises:
            UsageError: there is no such column, or the records cannot be sorted by it.
        """
        text = text.strip()
        if not text:
            return cls()
        key = text.removeprefix("-").casefold()
        found = column_of(key)
        if found is None or not found.order:
            possible = ", ".join(column.key for column in COLUMNS if column.order)
            raise UsageError(
                f"The records cannot be sorted by “{text.removeprefix('-')}”.",
                remedy=f"Sort by one of {possible}; a - in front means descending.",
            )
        return cls(key, descending=text.startswith("-"))

    def __str__(self) -> str:
        """As `parse` reads it."""
        return "" if self.natural else f"{'-' if self.descending else ''}{self.column}"


@dataclass(frozen=True, slots=True)
class View:
    """What was asked of the site, what of it is let through, in which order, in which columns."""

    query: Query
    filter: str = ""
    """A filter as typed; "" lets everything through."""
    order: Order = Order()
    columns: Layout | None = None
    """None where the columns are no part of it."""

    @property
    def sought(self) -> tuple[str, ...]:
        """What tells it from another view in a list: not its columns, nor the size of a page."""
        query = self.query
        parts = (query.since, query.until, query.text, self.filter)
        return (*(part.strip() for part in parts), str(self.order))


@dataclass(frozen=True, slots=True)
class Named:
    """A view that was saved under a name."""

    name: str
    view: View


def name_of(text: str) -> str:
    """A name for a view, from what was typed.

    Raises:
        UsageError: it is empty, too long, or holds a character that does not print.
    """
    name = text.strip()
    if not name:
        raise UsageError("The view needs a name.", remedy=f"Give it 1 to {NAME_MOST} characters.")
    if len(name) > NAME_MOST:
        raise UsageError(f"A name has at most {NAME_MOST} characters; this has {len(name):,}.")
    if not name.isprintable():
        raise UsageError("The name holds a character that does not print.", remedy="Type it without that.")
    return name


def title(view: View, part: int = TITLE_PART) -> str:
    """A short name for lists: `Last 7 days · “group” · author=ana · by Author`. Not inert.

    Args:
        view: what it is the name of.
        part: characters of the search text, of the filter and of each date that are repeated.
    """
    query = view.query
    dates = Query(_short(query.since.strip(), part), _short(query.until.strip(), part))
    parts = [range_title(dates)]
    if text := query.text.strip():
        parts.append(f"“{_short(text, part)}”")
    if filtered := view.filter.strip():
        parts.append(_short(filtered, part))
    if not view.order.natural:
        parts.append(order_title(view.order))
    return " · ".join(parts)


def order_title(order: Order) -> str:
    """The order in words: `by Author, descending`, `oldest first`, `newest first`."""
    if order.natural:
        return "newest first"
    if order.column == "time":
        return "oldest first"
    column = column_of(order.column)
    return f"by {column.title if column else order.column}{', descending' if order.descending else ''}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def command(view: View, *, demo: bool, site: str | None, tz: str = "") -> tuple[str, ...]:
    """The line for a shell that opens the view, in parts that may each stand on a line: `auditui`, `--since 7d`, `--sort=-author`.

    It is exact, so it may hold line feeds and control characters: whoever shows it makes it inert. It never holds a token or
    an e-mail address, and leaves columns and page size to the settings.

    Args:
        view: what is to be opened.
        demo: whether it is a view of the demo site; `site` is then not named.
        site: the site's host, None to leave it to the account that is saved.
        tz: the zone in which the dates are meant, where that is not the one that auditui takes by itself.
    """
    query = view.query
    options = (
        ("--site", "" if demo else site or ""),
        ("--since", query.since.strip()),
        ("--until", query.until.strip()),
        ("--search", query.text.strip()),
        ("--filter", view.filter if view.filter.strip() else ""),
        ("--sort", str(view.order)),
        ("--tz", tz),
    )
    first = "auditui --demo" if demo else "auditui"
    return (first, *(_option(option, value) for option, value in options if value))


def _option(option: str, value: str) -> str:
    # One that begins with a minus would be taken for another option, if it stood apart.
    return f"{option}{'=' if value.startswith('-') else ' '}{shlex.quote(value)}"
