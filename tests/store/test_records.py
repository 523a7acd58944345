"""The loaded records survive whatever the disk does, and nobody else reads them."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditui.client.decode import decode
from auditui.model.errors import StoreFailed
from auditui.store.records import RecordStore
from tests.store.demo_records import demo_records
from tests.store.plain_records import records, window

REPOSITORY = Path(__file__).parent.parent.parent

FULL_DISK = """
import json, resource, sys
from pathlib import Path
from auditui.model.errors import StoreFailed
from auditui.store.records import RecordStore
from tests.store.plain_records import records, window

def room(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

store = RecordStore(Path(sys.argv[1]))
store.append(records("first", "second"))
room(2_000_000)
try:
    store.append(records(*(str(row) * 100_000 for row in range(100))))
    failure = ""
except StoreFailed as error:
    failure = error.sentences()
while_full = [store.count, window(store)]
room(resource.RLIM_INFINITY)
store.append(records("third"))
print(json.dumps({"failure": failure, "while_full": while_full, "after": window(store)}))
store.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[RecordStore]:
    opened = RecordStore(path)
    yield opened
    opened.close()


@pytest.fixture
def everybody_may_read() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        (range(3), [0, 1, 2]),
        ([6, 4, 5], [4, 5, 6]),
        (range(8, 108), [8, 9]),
        ([500], []),
        ([], []),
        (range(1_000), list(range(10))),
    ],
)
def test_the_rows_asked_for_are_given_as_far_as_they_are_there(
    store: RecordStore, asked: Sequence[int], rows: list[int]
) -> None:
    store.append(records(*(f"row {row}" for row in range(6))))
    store.append(records(*(f"row {row}" for row in range(6, 10))))
    assert store.count == 10
    assert store.texts(asked) == {row: f"row {row}" for row in rows}


def test_a_new_store_is_empty(store: RecordStore) -> None:
    store.append([])
    assert (store.count, store.texts(range(10))) == (0, {})


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "x" * 1_000_000,
        '{ "a" :\t"\\u00e9é\\ud800" }\r\n',
        "nul\x00in",
        "7",
        "0012",
        "日本語\u202e",
        "1e5",
    ],
)
def test_texts_come_back_character_for_character(store: RecordStore, raw: str) -> None:
    store.append(records(raw, raw))
    assert window(store) == [raw, raw]


def test_rows_can_be_read_while_another_thread_appends(store: RecordStore) -> None:
    texts = [f"row {row}" for row in range(2000)]
    with ThreadPoolExecutor(1) as thread:
        appended = [
            thread.submit(store.append, records(*texts[at : at + 20])) for at in range(0, len(texts), 20)
        ]
        while not appended[-1].done():
            count = store.count
            seen = window(store, len(texts))
            assert len(seen) >= count
            assert seen == texts[: len(seen)]
    assert window(store) == texts


def test_a_full_disk_keeps_the_earlier_rows_and_none_of_the_new(path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, path], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    told = json.loads(run.stdout)
    assert "could not be kept on disk" in told["failure"]
    assert str(path.parent) in told["failure"]
    assert told["while_full"] == [2, ["first", "second"]]
    assert told["after"] == ["first", "second", "third"]


@pytest.mark.usefixtures("everybody_may_read")
def test_only_the_owner_may_read_the_files(path: Path) -> None:
    store = RecordStore(path)
    store.append(records("secret"))
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    store.close()
    assert modes == dict.fromkeys(modes, 0o600)
    assert path.name in modes


def test_closing_removes_every_file(path: Path) -> None:
    store = RecordStore(path)
    store.append(records("row"))
    assert window(store) == ["row"]
    store.close()
    assert list(path.parent.iterdir()) == []


def test_after_closing_the_rows_are_gone_with_words(path: Path) -> None:
    store = RecordStore(path)
    store.close()
    with pytest.raises(StoreFailed):
        store.append(records("late"))
    with pytest.raises(StoreFailed):
        store.texts([0])


@pytest.mark.parametrize("target", ["file", "link"])
def test_what_is_there_already_is_not_overwritten(path: Path, target: str) -> None:
    other = path.with_name("other")
    other.touch()
    if target == "file":
        path.touch()
    else:
        path.symlink_to(other)
    with pytest.raises(StoreFailed):
        RecordStore(path)
    assert path.read_bytes() == other.read_bytes() == b""


def test_a_folder_that_is_not_there_is_said_to_fail(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed) as failure:
        RecordStore(tmp_path / "gone" / "records.sqlite")
    assert "XDG_CACHE_HOME" in failure.value.remedy


@pytest.mark.parametrize("most", [1, 7, 1_000])
def test_records_that_are_filed_later_are_filed_as_those_that_were_filed_at_once(
    tmp_path: Path, most: int
) -> None:
    loaded = demo_records(300)
    at_once, later = RecordStore(tmp_path / "once.sqlite"), RecordStore(tmp_path / "later.sqlite")
    for first in range(0, 300, 100):
        at_once.append(loaded[first : first + 100])
        later.append_unfiled([record.raw for record in loaded[first : first + 100]])
    assert (later.count, later.filed) == (300, 0)
    while later.filed < later.count:
        later.file_next(most, decode)
    assert filed(later) == filed(at_once)
    assert window(later) == window(at_once)
    at_once.close()
    later.close()


def filed(store: RecordStore) -> list[list[tuple[object, ...]]]:
    """All that is written down of the records; names by their texts, as their numbers may differ."""
    connection = sqlite3.connect(store.path)
    names = dict(connection.execute("SELECT id, folded FROM names"))
    facts = connection.execute("SELECT * FROM facts ORDER BY row").fetchall()
    texts = connection.execute("SELECT * FROM texts ORDER BY row").fetchall()
    firsts = connection.execute("SELECT * FROM firsts").fetchall()
    connection.close()
    singles = [(*row[:3], *(names[number] for number in row[3:])) for row in facts]
    first_ones = sorted(
        (kind, names[person], names.get(other, b""), *rest) for kind, person, other, *rest in firsts
    )
    return [singles, texts, first_ones]


def test_a_disk_that_is_full_while_records_are_filed_costs_none_of_them(store: RecordStore) -> None:
    loaded = demo_records(200)
    store.append_unfiled([record.raw for record in loaded])
    store._writer.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreFailed):
        store.file_next(100, decode)
    assert (store.count, store.filed) == (200, 0)
    store._writer.execute("PRAGMA max_page_count = 1000000")
    store.file_next(1_000, decode)
    assert store.filed == 200
    assert len(filed(store)[0]) == 200


def test_a_file_that_cannot_be_removed_hinders_no_end(tmp_path: Path) -> None:
    """As on a disk that became one for reading only."""
    store = RecordStore(tmp_path / "records.sqlite")
    store.path.unlink()
    store.path.mkdir()
    store.close()
