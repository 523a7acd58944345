"""What is remembered comes back, whatever happens to the file, and two runs lose nothing of each other."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filelock import FileLock
from hypothesis import example, given
from hypothesis import strategies as st

from auditui.account.memory import Memory, memory_path
from auditui.model.columns import COLUMNS, DEFAULT_LAYOUT, Layout, tidied
from auditui.model.errors import NotRemembered, UsageError
from auditui.model.query import Query
from auditui.model.view import Named, Order, View

NOW = 1_793_525_407_000  # 2026-11-01 09:30:07 UTC

ANA = View(
    Query("7d", text="group"), 'author="Ana Example"', Order("author"), Layout((("time", 0), ("author", 4)))
)
BEN = View(Query("2026-11-01", "2026-11-02"), "author=ben")
LAYOUT = Layout((("event", 6), ("time", -2)))

KEYS = st.sampled_from([column.key for column in COLUMNS])
LAYOUTS = st.lists(st.tuples(KEYS, st.integers(-99, 999))).map(tidied)
ORDERS = st.builds(Order, st.sampled_from([column.key for column in COLUMNS if column.order]), st.booleans())
TEXTS = st.text(st.characters())  # lone surrogates and control characters, too
QUERIES = st.builds(Query, TEXTS, TEXTS, TEXTS, st.integers(1, 1000))
VIEWS = st.builds(View, QUERIES, TEXTS, ORDERS, st.none() | LAYOUTS)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["since", "text", "page_size", "filter", "order", "columns"])
ALMOST_VIEWS = st.dictionaries(FIELDS, JSON) | JSON
ALMOST = st.fixed_dictionaries(
    {},
    optional={
        "version": JSON | st.integers(0, 3),
        "saved": JSON | st.lists(st.fixed_dictionaries({"name": JSON, "view": ALMOST_VIEWS})),
        "recent": JSON | st.lists(ALMOST_VIEWS),
        "layout": JSON | st.lists(st.tuples(KEYS, JSON)),
    },
)


def all_of(memory: Memory) -> tuple[tuple[Named, ...], tuple[View, ...], Layout]:
    return memory.saved(), memory.recent(), memory.layout()


NOTHING: tuple[tuple[Named, ...], tuple[View, ...], Layout] = ((), (), DEFAULT_LAYOUT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "auditui" / "remembered.json"


@pytest.fixture
def memory(path: Path) -> Memory:
    return Memory(path, clock=lambda: NOW)


@pytest.fixture
def full(memory: Memory) -> Memory:
    """A memory with something of everything in it."""
    memory.save("ana", ANA)
    memory.note(BEN)
    memory.keep_layout(LAYOUT)
    return memory


def files(memory: Memory) -> list[str]:
    """What lies in the folder, locks aside."""
    return sorted(path.name for path in memory.path.parent.iterdir() if path.suffix != ".lock")


class TestKeeping:
    def test_without_a_file_nothing_is_remembered_and_none_is_made(self, memory: Memory) -> None:
        assert all_of(memory) == NOTHING
        assert memory.notices == ()
        assert not memory.path.parent.exists()

    def test_another_run_finds_everything(self, full: Memory) -> None:
        other = Memory(full.path)
        assert all_of(other) == ((Named("ana", ANA),), (BEN,), LAYOUT)
        assert other.notices == ()

    def test_it_lies_in_the_users_state_folder(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
        Memory().note(ANA)
        assert memory_path() == home / "state" / "auditui" / "remembered.json"
        assert memory_path().exists()

    def test_only_the_owner_can_read_it_whatever_the_umask(self, memory: Memory) -> None:
        before = os.umask(0)
        try:
            memory.note(ANA)
        finally:
            os.umask(before)
        assert stat.S_IMODE(memory.path.parent.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in memory.path.parent.iterdir()} == {0o600}

    def test_nothing_else_lies_in_the_folder(self, full: Memory) -> None:
        assert files(full) == ["remembered.json"]

    def test_the_same_name_replaces(self, full: Memory) -> None:
        full.save(" ana ", BEN)
        assert full.saved() == (Named("ana", BEN),)

    def test_saved_views_stand_by_name(self, memory: Memory) -> None:
        for name in ("b", "C", "a"):
            memory.save(name, ANA)
        assert [named.name for named in memory.saved()] == ["a", "b", "C"]

    def test_deleting_takes_one_and_only_that(self, full: Memory) -> None:
        full.save("ben", BEN)
        full.delete("ana")
        full.delete("nobody")
        assert full.saved() == (Named("ben", BEN),)
        assert full.recent() == (BEN,)

    def test_what_is_no_name_is_refused(self, memory: Memory) -> None:
        with pytest.raises(UsageError):
            memory.save("a\nb", ANA)
        assert memory.saved() == ()

    def test_recent_views_come_newest_first_without_doubles(self, memory: Memory) -> None:
        wider = View(ANA.query, ANA.filter, ANA.order, LAYOUT)
        for view in (ANA, BEN, wider):
            memory.note(view)
        assert memory.recent() == (wider, BEN)

    def test_only_the_last_twenty_are_remembered(self, memory: Memory) -> None:
        for number in range(25):
            memory.note(View(Query(text=str(number))))
        assert [view.query.text for view in memory.recent()] == [str(number) for number in range(24, 4, -1)]

    def test_what_changes_nothing_writes_nothing(self, full: Memory) -> None:
        before = full.path.stat().st_ino
        full.note(BEN)
        full.delete("nobody")
        full.keep_layout(LAYOUT)
        assert full.path.stat().st_ino == before

    @given(view=VIEWS, layout=LAYOUTS)
    @example(view=View(Query("\ud800", "\x1b[2J", "[/b]"), '"\0'), layout=LAYOUT)
    def test_any_view_comes_back_as_it_was(self, view: View, layout: Layout) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "remembered.json"
            Memory(path).save("it", view)
            Memory(path).note(view)
            Memory(path).keep_layout(layout)
            assert all_of(Memory(path)) == ((Named("it", view),), (view,), layout)


DAMAGED = {
    "empty": b"",
    "blank": b"\n ",
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
    "deep objects": b'{"saved":' * 100_000,
    "a list": b"[]",
    "a number": b"7",
    "a huge number": b'{"version": 1' + b"0" * 5_000 + b"}",
    "not Unicode": b'{"version": 1, "saved": [{"name": "\xff"}]}',
}


class TestDamage:
    @pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
    def test_a_file_that_is_none_of_ours_hinders_nobody(self, memory: Memory, content: bytes) -> None:
        memory.path.parent.mkdir(parents=True)
        memory.path.write_bytes(content)
        assert all_of(memory) == NOTHING
        memory.save("ana", ANA)
        assert memory.saved() == (Named("ana", ANA),)
        kept = [path.read_bytes() for path in memory.path.parent.glob("remembered.bad-*.json")]
        assert kept == ([content] if content.strip() else [])
        assert len(memory.notices) == len(kept)

    def test_a_file_cut_off_is_set_aside_by_the_first_who_reads(self, full: Memory) -> None:
        cut = full.path.read_bytes()[:-9]
        full.path.write_bytes(cut)
        assert all_of(full) == NOTHING
        assert files(full) == ["remembered.bad-20261101T093007Z.json"]
        assert (full.path.parent / files(full)[0]).read_bytes() == cut
        assert full.notices == (
            f"{full.path} could not be read; it is now remembered.bad-20261101T093007Z.json.",
        )

    def test_a_second_bad_file_does_not_replace_the_first(self, memory: Memory) -> None:
        memory.path.parent.mkdir(parents=True)
        for content in (b"one", b"two"):
            memory.path.write_bytes(content)
            memory.recent()
        assert sorted(path.read_bytes() for path in memory.path.parent.glob("*.json")) == [b"one", b"two"]

    def test_a_damaged_element_does_not_cost_the_others(self, full: Memory) -> None:
        good = json.loads(full.path.read_text())
        view = good["recent"][0]
        good["saved"] += [7, {"name": "x"}, {"name": "a\nb", "view": view}, {"name": 1, "view": view}]
        good["recent"] += [{**view, field: {}} for field in view] + [{**view, "order": "nonsense"}, None]
        damaged = json.dumps(good)
        full.path.write_text(damaged)
        assert all_of(full) == ((Named("ana", ANA),), (BEN,), LAYOUT)
        assert full.notices == (f"Parts of {full.path} could not be read and are left out.",)
        assert full.path.read_text() == damaged  # reading loses nothing
        full.note(ANA)
        assert all_of(Memory(full.path)) == ((Named("ana", ANA),), (ANA, BEN), LAYOUT)
        assert [path.read_text() for path in full.path.parent.glob("*.bad-*")] == [damaged]

    @pytest.mark.parametrize(
        "layout", ["time", [["time"]], [["time", "0"]], [["time", True]], {"time": 0}, 3]
    )
    def test_a_damaged_layout_is_the_default(self, full: Memory, layout: object) -> None:
        full.path.write_text(json.dumps({**json.loads(full.path.read_text()), "layout": layout}))
        assert all_of(full) == ((Named("ana", ANA),), (BEN,), DEFAULT_LAYOUT)
        assert full.notices

    def test_columns_that_are_no_more_are_left_out(self, full: Memory) -> None:
        layout = [["gone", 1], ["event", 10**30], ["event", 0]]
        full.path.write_text(json.dumps({**json.loads(full.path.read_text()), "layout": layout}))
        assert full.layout() == Layout((("event", 200),))

    @given(st.binary() | ALMOST.map(json.dumps).map(str.encode))
    def test_any_bytes_are_read_and_written_over(self, content: bytes) -> None:
        with TemporaryDirectory() as folder:
            memory = Memory(Path(folder) / "remembered.json")
            memory.path.write_bytes(content)
            all_of(memory)
            try:
                memory.save("ana", ANA)
            except NotRemembered:
                assert any("newer auditui" in notice for notice in memory.notices)
            else:
                assert Named("ana", ANA) in memory.saved()


class TestANewerFile:
    @pytest.fixture
    def newer(self, full: Memory) -> Memory:
        fields = json.loads(full.path.read_text())
        fields["recent"].append({"since": {"after": "7d"}})
        full.path.write_text(json.dumps({**fields, "version": 2, "notes": ["new"]}))
        return full

    def test_it_is_read_as_far_as_it_is_understood(self, newer: Memory) -> None:
        assert all_of(newer) == ((Named("ana", ANA),), (BEN,), LAYOUT)
        assert newer.notices == (
            f"{newer.path} was written by a newer auditui: what this one knows of is shown, and nothing is kept.",
        )

    def test_it_is_never_written(self, newer: Memory) -> None:
        before = newer.path.read_bytes()
        changes: list[Callable[[], None]] = [
            lambda: newer.save("b", BEN),
            lambda: newer.delete("ana"),
            lambda: newer.note(ANA),
            lambda: newer.keep_layout(DEFAULT_LAYOUT),
        ]
        for change in changes:
            with pytest.raises(NotRemembered, match="newer auditui"):
                change()
        assert newer.path.read_bytes() == before
        assert files(newer) == ["remembered.json"]


class TestWhatIsNoFile:
    def refused(self, memory: Memory, reason: str) -> None:
        assert all_of(memory) == NOTHING
        assert reason in " ".join(memory.notices)
        with pytest.raises(NotRemembered) as told:
            memory.note(ANA)
        assert told.value.remedy

    def test_a_folder(self, memory: Memory) -> None:
        memory.path.mkdir(parents=True)
        self.refused(memory, "Is a directory")

    def test_a_pipe(self, memory: Memory) -> None:
        memory.path.parent.mkdir(parents=True)
        os.mkfifo(memory.path)
        self.refused(memory, "not a plain file")

    def test_a_symbolic_link(self, memory: Memory, tmp_path: Path) -> None:
        memory.path.parent.mkdir(parents=True)
        (tmp_path / "target").write_text("mine")
        memory.path.symlink_to(tmp_path / "target")
        self.refused(memory, "is a symbolic link")
        assert (tmp_path / "target").read_text() == "mine"

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "state").write_text("a file where the folder should be")
        self.refused(Memory(tmp_path / "state" / "remembered.json"), "Not a directory")

    def test_a_file_beyond_all_measure(self, memory: Memory) -> None:
        memory.path.parent.mkdir(parents=True)
        with memory.path.open("wb") as file:
            file.truncate(5 << 20)
        self.refused(memory, "File too large")
        assert memory.path.stat().st_size == 5 << 20


@contextmanager
def full_disk() -> Iterator[None]:
    """Files grow to 100 bytes and no further."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class TestADiskThatTakesNothing:
    def test_what_was_kept_stays_as_it_was(self, full: Memory) -> None:
        before = full.path.read_bytes()
        with full_disk(), pytest.raises(NotRemembered, match="File too large"):
            full.note(ANA)
        assert full.path.read_bytes() == before
        assert files(full) == ["remembered.json"]

    def test_a_damaged_file_stays_where_it_is(self, full: Memory) -> None:
        damaged = json.dumps({**json.loads(full.path.read_text()), "saved": 7})
        full.path.write_text(damaged)
        with full_disk(), pytest.raises(NotRemembered):
            full.note(ANA)
        assert full.path.read_text() == damaged
        assert files(full) == ["remembered.json"]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
    def test_a_folder_for_reading_only(self, full: Memory) -> None:
        full.path.write_bytes(b"broken")
        full.path.parent.chmod(0o500)
        try:
            assert full.recent() == ()
            assert full.notices == (f"{full.path} could not be read and is left as it is.",)
        finally:
            full.path.parent.chmod(0o700)

    def test_more_than_fits_is_refused(self, full: Memory) -> None:
        before = full.path.read_bytes()
        with pytest.raises(NotRemembered, match="more to remember than fits"):
            full.save("big", View(Query(), "f" * (5 << 20)))
        assert full.path.read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from auditui.account.memory import Memory
from auditui.model.query import Query
from auditui.model.view import View
memory = Memory(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(15):
    memory.save(f"{sys.argv[2]} {number}", View(Query(text=str(number))))
"""


class TestTwoRuns:
    def test_they_lose_nothing_of_each_other(self, path: Path) -> None:
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in ("one", "two")
        ]
        for run in runs:
            assert run.stdout
            assert run.stdout.readline() == "ready\n"
        for run in runs:  # both at once
            assert run.stdin
            run.stdin.write("\n")
            run.stdin.flush()
        for run in runs:
            run.communicate()
        assert [run.returncode for run in runs] == [0, 0]
        assert {named.name for named in Memory(path).saved()} == {
            f"{name} {number}" for name in ("one", "two") for number in range(15)
        }

    def test_what_a_killed_one_was_writing_goes_with_the_next_change(self, full: Memory) -> None:
        for name in (".remembered.json-x_7abcde", ".remembered.bad-20261101T093007Z.json-x_7abcde"):
            full.path.with_name(name).write_text("{")
        full.note(BEN)  # which changes nothing
        assert files(full) == ["remembered.json"]

    def test_each_sees_what_the_other_has_done(self, full: Memory) -> None:
        other = Memory(full.path)
        other.save("ben", BEN)
        full.delete("ana")
        assert other.saved() == full.saved() == (Named("ben", BEN),)

    def test_one_that_does_not_end_its_writing_is_not_waited_for(self, full: Memory) -> None:
        hasty = Memory(full.path, patience=0)
        with FileLock(full.path.with_suffix(".lock")):
            assert hasty.recent() == (BEN,)
            with pytest.raises(NotRemembered, match="Another auditui is writing"):
                hasty.note(ANA)
            full.path.write_bytes(b"broken")
            assert hasty.recent() == ()
            assert full.path.read_bytes() == b"broken"
        assert full.recent() == ()
        assert not full.path.exists()


def test_nothing_of_the_file_is_told_in_a_notice(memory: Memory) -> None:
    memory.path.parent.mkdir(parents=True)
    for content in ('{"saved": ["s3cret"]}', "s3cret", '{"version": 9, "s3cret": 1}'):
        memory.path.write_text(content)
        all_of(memory)
    assert len(memory.notices) == 3
    assert "s3cret" not in " ".join(memory.notices)
