"""`verify` says of a file whether it is what its manifest says, what differs, and what the manifest tells of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.export.exporter import Destination, Ending, Exporter, Occasion
from auditui.export.files import NewFile, Sealed
from auditui.export.formats import EXPORTERS
from auditui.export.manifest import Manifest
from auditui.export.names import manifest_of
from auditui.export.verify import NOT_SIGNED, verify
from auditui.model.errors import NotAsExported
from auditui.model.record import Record
from auditui.model.when import Zone
from tests.export.one_run import NOON, WHOLE, commit, export, manifest_for
from tests.model.records import records

SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""Of nothing at all."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An export of twelve records."""
    path = tmp_path / "acme.jsonl"
    export(path)
    return path


def differences(path: Path) -> list[str]:
    """What is said to differ."""
    verdict = verify(path)
    assert verdict.ok == verdict.lines[0].startswith(f"{path} is what its manifest says: ")
    return [line for line in verdict.lines if line.startswith("It ")]


def refusal(path: Path) -> str:
    with pytest.raises(NotAsExported) as refused:
        verify(path)
    return refused.value.sentences()


def amend(path: Path, change: Callable[[Manifest], Manifest]) -> None:
    """Change what the manifest says."""
    manifest = manifest_of(path)
    manifest.write_bytes(change(Manifest.from_json(manifest.read_bytes())).to_json())


# What agrees


def test_a_file_as_it_was_exported_is_told_with_its_circumstances(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    with NewFile.begin(path) as file:
        file.commit(lambda sealed: told(path, sealed).to_json())
    verdict = verify(path)
    assert verdict.ok
    assert verdict.lines == (
        f"{path} is what its manifest says: 0 bytes, SHA-256 {SHA256}, 0 records.",
        "Site: acme.atlassian.net, read as ann@example.com.",
        "Exported: 2026-11-26 12:00:00.000 UTC to 2026-11-26 12:00:04.500 UTC by auditui 0.9, as jsonl.",
        "Asked for: 2026-11-19 12:00:00.000 UTC to 2026-11-26 12:00:00.000 UTC (typed: 7d → now, search “group”).",
        "Filter: author:ana (relative dates count from 2026-11-26 12:00:00.000 UTC).",
        "Selection: those that pass the filter, newest first, times in Europe/Berlin.",
        "Records: 1,000 read, 0 let through, 0 written; oldest 2026-11-25 12:00:00.000 UTC, newest 2026-11-26 11:59:59.999 UTC.",
        "Complete: no, it stops at a page that could not be read.",
        "Late: 2 records arrived while it was read and are missing.",
        "Retention: 1 year.",
        "Warning: One is strange.",
        "Warning: Another, too.",
        NOT_SIGNED,
    )


def told(path: Path, sealed: Sealed) -> Manifest:
    return replace(
        manifest_for(path, sealed, written=0),
        complete=False,
        completeness="it stops at a page that could not be read.",
        late=2,
        warnings=("One is strange.", "Another, too."),
        version="0.9",
    )


def test_what_was_not_asked_for_is_told_as_such(path: Path) -> None:
    amend(
        path,
        lambda manifest: replace(
            manifest,
            demo=True,
            query=replace(manifest.query, since="", search=""),
            filter=replace(manifest.filter, text=""),
            records=replace(manifest.records, newest=None, oldest=None),
            retention=None,
        ),
    )
    text = "\n".join(verify(path).lines)
    for line in (
        "Site: acme.atlassian.net (the demo site, whose log is made up).",
        "(typed: oldest → now, no search text).",
        "Filter: none.",
        "12 written; none has a date.",
        "Complete: yes, whole answer.",
    ):
        assert line in text
    assert "Retention" not in text
    assert "Late" not in text


def test_the_manifest_can_be_given_as_well(path: Path) -> None:
    assert verify(manifest_of(path)) == verify(path)
    assert verify(path).ok


def test_both_under_another_name_are_told_to_be_the_same(path: Path) -> None:
    other = path.rename(path.with_name("case 7.jsonl"))
    manifest_of(path).rename(manifest_of(other))
    assert verify(other).ok
    assert "It was exported under the name acme.jsonl." in verify(other).lines


def test_a_name_in_the_manifest_leads_nowhere(path: Path) -> None:
    amend(path, lambda manifest: replace(manifest, file=replace(manifest.file, name="../../etc/passwd")))
    assert verify(manifest_of(path)).lines[0].startswith(f"{path} is what its manifest says")


def test_nothing_is_changed_by_looking(path: Path) -> None:
    before = [(each.name, each.stat().st_mtime_ns) for each in sorted(path.parent.iterdir())]
    verify(path)
    assert [(each.name, each.stat().st_mtime_ns) for each in sorted(path.parent.iterdir())] == before


# What differs


def test_a_longer_file_is_told_by_how_much(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"{}\n")
    longer, other, more = differences(path)
    size = len(WHOLE)
    assert longer == f"It is 3 bytes longer than the manifest says: {size + 3:,} instead of {size:,}."
    assert other.startswith("It has other content: its SHA-256 is ")
    assert more == "It holds 13 records, the manifest says 12."


def test_a_shorter_file_is_told_by_how_much(path: Path) -> None:
    os.truncate(path, len(WHOLE) - 1)
    assert differences(path)[0].startswith("It is 1 byte shorter than the manifest says: ")


def test_an_empty_file_is_not_what_was_exported(path: Path) -> None:
    os.truncate(path, 0)
    assert f"It has other content: its SHA-256 is {SHA256}, the manifest says " in differences(path)[1]
    assert differences(path)[2] == "It holds 0 records, the manifest says 12."


@pytest.fixture(scope="module")
def exported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("once") / "acme.jsonl"
    export(path)
    return path


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_no_byte_can_be_another(exported_once: Path, place: int, difference: int) -> None:
    changed = bytearray(WHOLE)
    changed[place] ^= difference
    exported_once.write_bytes(changed)
    verdict = verify(exported_once)
    assert not verdict.ok
    assert verdict.lines[0] == f"{exported_once} is not what its manifest says."
    assert verdict.lines[1].startswith("It has other content: its SHA-256 is ")


def test_a_manifest_of_another_number_of_records_is_told(path: Path) -> None:
    amend(path, lambda manifest: replace(manifest, records=replace(manifest.records, written=1)))
    assert differences(path) == ["It holds 12 records, the manifest says 1."]


def test_a_manifest_of_another_size_is_told(path: Path) -> None:
    amend(path, lambda manifest: replace(manifest, file=replace(manifest.file, bytes=1)))
    assert [line.split(" than")[0] for line in differences(path)] == [
        f"It is {len(WHOLE) - 1:,} bytes longer"
    ]


# What cannot be compared


def test_without_a_manifest_nothing_is_known(path: Path) -> None:
    manifest_of(path).unlink()
    assert f"There is no manifest {manifest_of(path)}." in refusal(path)


def test_without_the_file_there_is_nothing_to_compare(path: Path) -> None:
    path.unlink()
    assert f"There is no file {path}." in refusal(path)
    assert f"There is no file {path}." in refusal(manifest_of(path))


def test_a_manifest_that_cannot_be_read_is_told(path: Path) -> None:
    manifest_of(path).write_bytes(b"{}")
    assert "The manifest cannot be read." in refusal(path)


def test_a_manifest_that_does_not_end_is_not_read_to_its_end(path: Path) -> None:
    os.truncate(manifest_of(path), 1 << 40)  # takes no room on the disk
    assert "too big for a manifest" in refusal(path)


@pytest.mark.parametrize("which", [Path, manifest_of])
@pytest.mark.parametrize(
    ("put", "words"),
    [
        (lambda there: there.symlink_to("elsewhere"), "is a symbolic link"),
        (os.mkfifo, "cannot be read (it is not a plain file)"),
        (os.mkdir, "cannot be read (Is a directory)"),
    ],
)
def test_what_is_no_plain_file_is_not_read(
    path: Path, which: Callable[[Path], Path], put: Callable[[Path], None], words: str
) -> None:
    there = which(path)
    there.rename(path.with_name("elsewhere"))
    put(there)
    assert f"{there} {words}." in refusal(path)


@pytest.mark.parametrize(
    "text", ["/", ".", "..", "folder/..", ".manifest.json", "..manifest.json", "folder/...manifest.json"]
)
def test_what_names_no_file_is_told(text: str) -> None:
    assert "is not the name of an export" in refusal(Path(text))


NAMES = st.text(st.sampled_from("./\\a \n\x1bé" + "\N{LINE SEPARATOR}"), max_size=12)


@given(NAMES, st.sampled_from(["", ".manifest.json"]))
def test_no_name_whatever_ends_otherwise_than_by_saying_what_is_wrong(name: str, suffix: str) -> None:
    with TemporaryDirectory() as empty:
        refusal(Path(empty) / "a" / f"{name}{suffix}")


# What is counted

COUNTED = {"csv", "csv-exact", "jsonl", "sqlite", "ecs"}
formats = pytest.mark.parametrize("exporter", [pytest.param(each, id=each.key) for each in EXPORTERS])
OCCASION = Occasion(
    "acme.atlassian.net", "ann@example.com", Zone("UTC"), 0, NOON, "", "", "all", "newest first", NOON
)


@formats
@settings(max_examples=20, deadline=None)  # each makes sure of files on the disk
@given(found=st.lists(records(), max_size=4))
def test_the_records_of_every_format_are_counted_or_not_spoken_of(
    exporter: Exporter, found: list[Record]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"acme{exporter.suffix}"
        with NewFile.begin(path) as file:
            writer = exporter.open(Destination(file.stream, file.part), OCCASION)
            writer.write(found)
            writer.finish(Ending(len(found), complete=True, completeness="whole answer"))
            commit(file, form=exporter.key, written=len(found))
        verdict = verify(path)
        assert verdict.ok
        counted = f", {len(found)} record{'' if len(found) == 1 else 's'}."
        assert verdict.lines[0].endswith(counted) == (exporter.key in COUNTED)
        amend(path, lambda told: replace(told, records=replace(told.records, written=len(found) + 1)))
        assert verify(path).ok == (exporter.key not in COUNTED)


def database(path: Path, script: str) -> None:
    with NewFile.begin(path) as file:
        with closing(sqlite3.connect(file.part)) as connection:
            connection.executescript(script)
        commit(file, form="sqlite", written=1)


def test_a_database_in_which_counting_could_take_for_ever_is_not_asked(tmp_path: Path) -> None:
    path = tmp_path / "acme.sqlite"
    database(path, "CREATE VIEW records AS SELECT 1 AS raw")
    assert verify(path).ok
    assert "record." not in verify(path).lines[0]


def branch_to_one_leaf(path: Path) -> None:
    """Have the table at the second page branch 300 times at each of 15 levels, always to the next page."""
    size, levels, branches = 4096, 15, 300
    content = path.read_bytes()
    pages = [content[:size]]
    for child in range(3, 3 + levels):
        cells = size - 5 * branches
        head = struct.pack(">BHHHBI", 5, 0, branches, cells, 0, child)
        places = struct.pack(f">{branches}H", *range(cells, size, 5))
        pages.append((head + places).ljust(cells, b"\0") + (struct.pack(">I", child) + b"\1") * branches)
    pages.append(content[size : 2 * size])
    pages[0] = pages[0][:28] + struct.pack(">I", len(pages)) + pages[0][32:]
    path.write_bytes(b"".join(pages))


def endless(folder: Path) -> Path:
    """An export of 70 kB in which SQLite finds 300 to the power of 15 records."""
    path = folder / "acme.sqlite"
    with NewFile.begin(path) as file:
        with closing(sqlite3.connect(file.part)) as connection:
            connection.execute("PRAGMA page_size = 4096")
            connection.executescript("CREATE TABLE records (raw); INSERT INTO records VALUES (1)")
        branch_to_one_leaf(file.part)
        commit(file, form="sqlite", written=1)
    return path


def test_a_database_of_which_the_count_would_not_end_is_damaged(tmp_path: Path) -> None:
    (line,) = differences(endless(tmp_path))
    assert line.startswith("It is damaged: ")


def test_ctrl_c_ends_a_count(tmp_path: Path) -> None:
    path = endless(tmp_path)
    command = [sys.executable, "-c", COUNTING, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as counting:
        assert counting.stdout is not None
        counting.stdout.readline()
        counting.send_signal(signal.SIGINT)
        try:
            assert b"KeyboardInterrupt" in counting.communicate(timeout=30)[1]
        finally:
            counting.kill()


COUNTING = """
import sqlite3, sys
from auditui.export.foreign_sqlite import wary
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro&immutable=1", uri=True)
with wary(database, 1 << 40):
    print("counting", flush=True)
    database.execute("SELECT count(*) FROM records NOT INDEXED WHERE ?", (1,)).fetchone()
"""


def test_a_database_with_another_content_is_not_opened(tmp_path: Path) -> None:
    path = endless(tmp_path)
    amend(path, lambda told: replace(told, file=replace(told.file, sha256="0" * 64)))
    (line,) = differences(path)
    assert line.startswith("It has other content")


def test_what_lies_beside_a_database_is_not_heeded(tmp_path: Path) -> None:
    path = tmp_path / "acme.sqlite"
    database(path, "CREATE TABLE records AS SELECT 1 AS raw")
    wal = path.with_name("acme.sqlite-wal")
    wal.write_bytes(b"not of ours")
    assert verify(path).ok
    assert "1 record." in verify(path).lines[0]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "acme.sqlite",
        "acme.sqlite-wal",
        "acme.sqlite.manifest.json",
    ]


def test_a_database_that_is_none_is_told_by_its_content_alone(tmp_path: Path) -> None:
    path = tmp_path / "acme.sqlite"
    database(path, "CREATE TABLE records AS SELECT 1 AS raw")
    path.write_bytes(b"x" * path.stat().st_size)
    assert [line.split(":")[0] for line in differences(path)] == ["It has other content"]
