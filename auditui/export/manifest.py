"""The manifest beside an export: under which circumstances it came to be, and what its file must be to be that export.

JSON in plain ASCII, for people and programs. It has no place for a token. Knows nothing of files; nothing in it is inert,
and of one that was read nothing is proven.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from whenever import Instant

from auditui import __version__
from auditui.model.errors import NotAsExported
from auditui.model.when import utc_time

T = TypeVar("T")

_VERSION = 1
"""Of the form. A form with more keys has the same number."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The exported file."""

    name: str
    """Without its folder."""
    format: str
    """The exporter's key."""
    bytes: int
    sha256: str
    """In hexadecimal."""


@dataclass(frozen=True, slots=True)
class QueryFacts:
    """What the site was asked for."""

    since: str
    """As typed; "" for the oldest record the site keeps."""
    until: str
    """As typed; "" for now."""
    search: str
    """As typed; "" for nothing."""
    start: int
    """As asked, in milliseconds since the epoch, included."""
    end: int
    """As asked, in milliseconds since the epoch, included."""


@dataclass(frozen=True, slots=True)
class FilterFacts:
    """Which of the answers were let through."""

    text: str
    """As typed; "" lets everything through."""
    read_at: int
    """The moment its relative dates count from, in milliseconds since the epoch."""


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """How many records there were, and of when."""

    received: int
    """From the site."""
    passed: int
    """Let through by filter and selection."""
    written: int
    newest: int | None
    """The latest date among the written ones, in milliseconds since the epoch; None where none has one."""
    oldest: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One export, as it is told to whoever gets the file."""

    file: FileFacts
    site: str
    """The host."""
    account: str
    """The e-mail address the log was read with."""
    demo: bool
    """Whether it is the demo site's log, which nobody wrote."""
    query: QueryFacts
    filter: FilterFacts
    selection: str
    """In words: `all`, `the marked ones`."""
    order: str
    """In words: `newest first`."""
    zone: str
    """In which typed dates were read, and times are shown to people."""
    records: RecordFacts
    complete: bool
    """Whether it holds all that the site had for the query and that the selection lets through."""
    completeness: str
    """`whole answer`, or in a sentence where and why it stops."""
    late: int
    """Records that arrived above those already read, while reading: they are missing."""
    retention: str | None
    """How far back the site keeps its log; None where that was not told."""
    warnings: tuple[str, ...]
    began: int
    """Milliseconds since the epoch."""
    finished: int
    version: str = __version__
    """Of auditui."""

    def to_json(self) -> bytes:
        """The manifest as it is written: indented, plain ASCII, lone surrogates as escapes, a line feed at the end.

        Moments are in UTC; one before the year 1 or after 9999 is null.
        """
        value = {
            "auditui": {"version": self.version, "manifest": _VERSION},
            "file": _file(self.file),
            "site": self.site,
            "account": self.account,
            "demo": self.demo,
            "query": _query(self.query),
            "filter": {"text": self.filter.text, "read_at": self.filter.read_at},
            "selection": self.selection,
            "order": self.order,
            "zone": self.zone,
            "records": _records(self.records),
            "complete": self.complete,
            "completeness": self.completeness,
            "late": self.late,
            "retention": self.retention,
            "warnings": list(self.warnings),
            "began": _iso(self.began),
            "finished": _iso(self.finished),
        }
        return json.dumps(value, indent=2).encode("ascii") + b"\n"

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """Read what `to_json` wrote, this version's or a later one's with more keys.

        Raises:
            NotAsExported: it is no manifest, lacks something, or has another form.
        """
        try:
            return _manifest(_Facts(json.loads(content), "the manifest"))
        except (ValueError, RecursionError) as error:
            raise _unreadable("it is not JSON") from error


def _file(file: FileFacts) -> dict[str, Any]:
    return {"name": file.name, "format": file.format, "bytes": file.bytes, "sha256": file.sha256}


def _query(query: QueryFacts) -> dict[str, Any]:
    return {
        "since": query.since,
        "until": query.until,
        "search": query.search,
        "from": _iso(query.start),
        "to": _iso(query.end),
        "startDate": query.start,
        "endDate": query.end,
    }


def _records(records: RecordFacts) -> dict[str, Any]:
    return {
        "received": records.received,
        "passed": records.passed,
        "written": records.written,
        "newest": _iso(records.newest),
        "oldest": _iso(records.oldest),
    }


def _iso(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else utc_time(milliseconds)


class _Facts:
    """One object of a manifest, of which nothing is believed."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _unreadable(f"{where} is not an object")
        self._value: dict[str, Any] = value
        self._where = where

    def part(self, key: str) -> _Facts:
        return _Facts(self._value.get(key), f"“{key}”")

    def text(self, key: str) -> str:
        return self._get(key, str)

    def number(self, key: str) -> int:
        return self._get(key, int)

    def flag(self, key: str) -> bool:
        return self._get(key, bool)

    def text_or_none(self, key: str) -> str | None:
        return None if self._value.get(key, "") is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        found = self._get(key, list)
        if not all(isinstance(each, str) for each in found):
            raise self._wrong(key)
        return tuple(found)

    def moment_or_none(self, key: str) -> int | None:
        text = self.text_or_none(key)
        try:
            return None if text is None else Instant.parse_iso(text).timestamp_millis()
        except ValueError:
            raise self._wrong(key) from None

    def moment(self, key: str) -> int:
        found = self.moment_or_none(key)
        if found is None:
            raise self._wrong(key)
        return found

    def _get(self, key: str, kind: type[T]) -> T:
        found = self._value.get(key)
        # not isinstance: True is no number
        if type(found) is not kind:
            raise self._wrong(key)
        return found

    def _wrong(self, key: str) -> NotAsExported:
        return _unreadable(f"“{key}” in {self._where} is missing or of another kind")


def _manifest(facts: _Facts) -> Manifest:
    if facts.part("auditui").number("manifest") > _VERSION:
        raise _unreadable("a newer auditui wrote it")
    return Manifest(
        file=_file_from(facts.part("file")),
        site=facts.text("site"),
        account=facts.text("account"),
        demo=facts.flag("demo"),
        query=_query_from(facts.part("query")),
        filter=FilterFacts(facts.part("filter").text("text"), facts.part("filter").number("read_at")),
        selection=facts.text("selection"),
        order=facts.text("order"),
        zone=facts.text("zone"),
        records=_records_from(facts.part("records")),
        complete=facts.flag("complete"),
        completeness=facts.text("completeness"),
        late=facts.number("late"),
        retention=facts.text_or_none("retention"),
        warnings=facts.texts("warnings"),
        began=facts.moment("began"),
        finished=facts.moment("finished"),
        version=facts.part("auditui").text("version"),
    )


def _file_from(facts: _Facts) -> FileFacts:
    return FileFacts(facts.text("name"), facts.text("format"), facts.number("bytes"), facts.text("sha256"))


def _query_from(facts: _Facts) -> QueryFacts:
    return QueryFacts(
        facts.text("since"),
        facts.text("until"),
        facts.text("search"),
        facts.number("startDate"),
        facts.number("endDate"),
    )


def _records_from(facts: _Facts) -> RecordFacts:
    return RecordFacts(
        facts.number("received"),
        facts.number("passed"),
        facts.number("written"),
        facts.moment_or_none("newest"),
        facts.moment_or_none("oldest"),
    )


def _unreadable(why: str) -> NotAsExported:
    return NotAsExported(
        "The manifest cannot be read.",
        why=f"{why[0].upper()}{why[1:]}.",
        remedy="Take the one that was exported.",
    )
