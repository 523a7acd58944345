"""A timeline in Markdown for tickets: a heading a day, a bullet a record, what it changed below that.

Foreign text can be no Markdown, no HTML, no link and no mention, and yet nothing is taken from it or put into it that
somebody would see:

- what Markdown obeys is escaped by a backslash, `<`, `>` and `&` as entities, and so are blanks that it would drop;
- no escape holds back what a tracker looks for in the finished page: mentions, addresses, numbers of issues, commits,
  names of emojis. A word that may be one stands as code, in which they look for nothing.

Made for what reads CommonMark: GitHub, GitLab, Jira Cloud, Confluence Cloud.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from auditui.export.exporter import Destination, Ending, Exporter, Occasion
from auditui.export.moments import moment
from auditui.model import cell_text
from auditui.model.change_text import change_text
from auditui.model.clock import Clock
from auditui.model.fields import ADMIN
from auditui.model.record import AuditObject, Record
from auditui.model.text import TEXT_CAP, inert_line
from auditui.model.view import Order, order_title

Show = Callable[[str], str]
"""Makes Markdown of a foreign text."""

_BY_TIME = (order_title(Order()), order_title(Order(descending=False)))

_LOOKED_FOR = re.compile(
    r"""[@$]            # mentions, e-mail addresses; formulas
    | [:./%~]\S         # addresses, also without a scheme; emojis; paths; GitLab's milestones and labels
    | [\#!&]\w          # issues, merge requests, epics
    | -\d               # issues by the key of their project
    | www\.             # an address for GitHub, also without more of it
    | [0-9a-f]{7}       # commits
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OBEYED = re.compile(r"[\\`*_{}\[\]#+!|^=<>&]|(?<!\w)-|-(?!\w)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_BLANK = re.compile(r"[^\S ]")
"""Any other blank than the ordinary one: some programs drop it at the end of a line."""

_DROPPED = re.compile(r"^ | $|(?<= ) ")

_SHORT = 80
"""Characters of a text that is kept as Markdown, as names come again and again; kept long ones could fill the memory."""


def inline(text: str) -> str:
    """Markdown that shows just this text, which has to be inert and one line."""
    written = " ".join(map(_word, text.split(" ")))
    return _DROPPED.sub("&#32;", written)


def _word(word: str) -> str:
    if _LOOKED_FOR.search(word):
        return _code(word)
    plain = _OBEYED.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), word)
    return _BLANK.sub(lambda found: f"&#{ord(found[0])};", plain)


def _code(word: str) -> str:
    """The word between more backticks than it has in a row; of a blank on both sides, Markdown takes one away."""
    fence = "`" * (max(map(len, re.findall("`+", word)), default=0) + 1)
    blank = " " if "`" in (word[0], word[-1]) else ""
    return f"{fence}{blank}{word}{blank}{fence}"


def _shown(text: str) -> str:
    return inline(inert_line(text, TEXT_CAP).text)


_shown_again = lru_cache(4_096)(_shown)


class _Timeline:
    """Writes the days and the records."""

    content = ""  # its bytes tell it

    def __init__(self, destination: Destination, occasion: Occasion) -> None:
        self._stream = destination.stream
        self._clock = Clock(occasion.zone)
        self._by_time = occasion.order in _BY_TIME
        self._cut = 0
        self._section = ""
        self._head = "" if destination.written else "".join(_head(occasion, self._show))

    @property
    def warnings(self) -> Sequence[str]:
        """How many texts were cut; those of an earlier run are not known of."""
        texts = "1 text was" if self._cut == 1 else f"{self._cut:,} texts were"
        return (f"{texts} cut after {TEXT_CAP:,} characters.",) if self._cut else ()

    def write(self, records: Sequence[Record]) -> None:
        self._put("".join(line for record in records for line in self._lines(record)))

    def flush(self) -> None:
        self._stream.flush()

    def finish(self, ending: Ending) -> None:
        records = f"{ending.written:,} record{'' if ending.written == 1 else 's'}"
        complete = "complete" if ending.complete else "incomplete"
        self._put(f"\n**{records}**, {complete}: {self._show(ending.completeness)}\n")
        self._put("".join(f"\n{self._show(warning)}\n" for warning in ending.warnings))
        self.flush()

    def abandon(self) -> None:
        """Nothing is held."""

    def _put(self, text: str) -> None:
        """Write; before the first text of all, the head."""
        if text:
            self._stream.write((self._head + text).encode())
            self._head = ""

    def _show(self, text: str) -> str:
        if len(text) <= _SHORT:
            return _shown_again(text)
        self._cut += len(text) > TEXT_CAP
        return _shown(text)

    def _lines(self, record: Record) -> Iterator[str]:
        section, time = self._place(record)
        if section != self._section:
            yield f"\n## {section}\n\n"
            self._section = section
        yield f"- **{time}** {_sentence(record, self._show)}\n"
        yield from (f"  - {detail}\n" for detail in _details(record, self._show))

    def _place(self, record: Record) -> tuple[str, str]:
        """The heading under which it stands, and its time. In an order by something else, days would come by turns."""
        when = cell_text.time(record, self._clock, cell_text.WHOLE_TIME)
        if when.startswith("("):
            when = self._show(when)
            return ("Without a date" if self._by_time else "Records"), when
        return (when[:10], when[11:]) if self._by_time else ("Records", when)


def _head(occasion: Occasion, show: Show) -> Iterator[str]:
    since = moment(occasion.start) if occasion.start else "the oldest record kept"
    yield f"# Audit log of {show(occasion.site)}\n\n"
    yield f"- Range: {since} to {moment(occasion.end)}\n"
    yield f"- Searched for: {show(occasion.search) or 'anything'}\n"
    yield f"- Filter: {show(occasion.filter) or 'none'}\n"
    yield f"- Records: {show(occasion.selection)}, {show(occasion.order)}\n"
    yield f"- Exported: {moment(occasion.exported_at)}\n"
    yield f"- Times below: {show(occasion.zone.name)}\n"


def _sentence(record: Record, show: Show) -> str:
    address = f" ({show(record.address)})" if record.address else ""
    event = show(record.event) or "(no event named)"
    affected = record.affected
    named = _object(affected, show) if affected.name or affected.kind else "(object not named)"
    objects = "; ".join([named, *(_object(each, show) for each in record.associated)])
    return f"{show(record.author.label)}{address}: {event} — {objects}"


def _object(each: AuditObject, show: Show) -> str:
    name = f"*{show(each.label)}*" if each.label else "(no name)"
    return f"{show(each.kind)} {name}" if each.kind else name


def _details(record: Record, show: Show) -> Iterator[str]:
    """What stands below the record. Each begins with a word or a sign of ours, as what begins a line could be Markdown."""
    for change in record.changes:
        yield change_text(change, show, lambda name: f"*{show(name)}*")
    if ADMIN.test(record):
        yield "As an administrator"
    if record.description:
        yield f"Description: {show(record.description)}"
    yield from (f"Unusual: {show(remark)}" for remark in record.unusual)


MARKDOWN = Exporter(
    key="markdown",
    letter="m",
    title="Markdown timeline",
    what="for tickets: a heading a day, a line a record",
    suffix=".md",
    open=_Timeline,
)
