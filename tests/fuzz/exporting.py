"""Any records in every format: none is lost, the texts are exact, and `verify` agrees."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from auditui.client.decode import decode
from auditui.export.exporter import Exporter
from auditui.export.files import NewFile
from auditui.export.formats import EXPORTERS
from auditui.export.verify import verify
from auditui.model.query import Pinned, Query
from auditui.model.text import inert
from auditui.model.when import Zone
from auditui.session.evidence import Circumstances, ending_of, finish
from auditui.session.outgoing import Outgoing
from auditui.session.plan import Plan
from tests.export.an_occasion import held
from tests.fuzz.chance import Chance
from tests.fuzz.json_texts import exactly, text
from tests.fuzz.rendering import fitting, require_inert, require_visible
from tests.fuzz.target import Target, Watch
from tests.model.records import DAY, NOW


def _plan(form: str, filter: str) -> Plan:
    return Plan(
        site="acme.atlassian.net",
        account="ana@example.com",
        origin="https://acme.atlassian.net",
        demo_records=None,
        format=form,
        query=Query(text=filter),
        pinned=Pinned(NOW - DAY, NOW, filter.encode(errors="replace").decode(), 1000),
        zone=Zone("Europe/Berlin"),
        began=NOW,
        filter=filter,
        filter_read_at=NOW,
        selection="all",
    )


def _check(case: tuple[list[str], Exporter, str], watch: Watch) -> None:
    raws, exporter, typed = case
    with TemporaryDirectory(prefix="auditui-fuzz-") as folder:
        path = Path(folder) / f"acme{exporter.suffix}"
        with watch.timed(f"export as {exporter.key}"):
            _export(path, raws, exporter, typed)
        with watch.timed(f"verify {exporter.key}"):
            verdict = verify(path)
        assert verdict.ok, verdict.lines
        for line in verdict.lines:
            require_inert(inert(line))
        before = csv.field_size_limit(1 << 30)  # else Python's csv module would refuse long cells
        try:
            assert _HELD[exporter.key](path, raws)
        finally:
            csv.field_size_limit(before)


def _export(path: Path, raws: Sequence[str], exporter: Exporter, typed: str) -> None:
    half = len(raws) // 2
    plan = _plan(exporter.key, typed)
    with NewFile.begin(path) as file:
        out = Outgoing(exporter, plan.occasion, file)
        for some in (raws[:half], raws[half:]):
            out.write([decode(raw) for raw in some], of=len(some))
            out.checkpoint(b"")
        done = Circumstances(ending_of(len(raws), late=0, notice=""), 0, None, NOW)
        outcome = finish(out, plan, done, path)
        out.close()
    assert outcome.counts.written == len(raws)


# What is in them


def _lines(path: Path, raws: Sequence[str]) -> bool:
    lines = path.read_text("utf-8").split("\n")
    assert lines.pop() == ""
    for line in lines:
        require_visible(line)
    return [exactly(line) for line in lines] == [exactly(raw) for raw in raws]


def _document(path: Path, raws: Sequence[str]) -> bool:
    text = path.read_text("utf-8")
    require_visible(text, lines=True)
    found = dict(exactly(text))
    return bool(found["records"] == [exactly(raw) for raw in raws])


def _table(path: Path, raws: Sequence[str]) -> bool:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return len(rows) - 1 == len(raws) and len({len(row) for row in rows}) == 1


def _exact_table(path: Path, raws: Sequence[str]) -> bool:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [exactly(row["raw"]) for row in rows] == [exactly(raw) for raw in raws]


def _events(path: Path, raws: Sequence[str]) -> bool:
    found = [json.loads(line) for line in path.read_bytes().decode("ascii").splitlines()]
    return [each["event"]["original"] for each in found] == list(map(held, raws))


def _database(path: Path, raws: Sequence[str]) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [raw for (raw,) in connection.execute("SELECT raw FROM records ORDER BY id")] == list(
            map(held, raws)
        )


def _columns(path: Path, raws: Sequence[str]) -> bool:
    return bool(pq.read_table(path).column("raw").to_pylist() == list(map(held, raws)))


def _report(path: Path, _raws: Sequence[str]) -> bool:
    require_visible(path.read_text("utf-8"), lines=True)
    return True


_HELD: dict[str, Callable[[Path, Sequence[str]], bool]] = {
    "jsonl": _lines,
    "json": _document,
    "csv": _table,
    "csv-exact": _exact_table,
    "ecs": _events,
    "sqlite": _database,
    "parquet": _columns,
    "markdown": _report,
}
"""Of each format, whether the records are in the file as they came."""


def _make(chance: Chance) -> tuple[list[str], Exporter, str]:
    return chance.several(fitting, 4), chance.of(EXPORTERS), text(chance)


EXPORTING = Target("exporting", "any records in every format, and verify", _make, _check, quick=80)
