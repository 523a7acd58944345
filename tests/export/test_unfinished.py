"""What a run leaves of an export: another goes on exactly there, or begins anew, and trusts nothing that is not its own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from auditui.export.claim import make
from auditui.export.files import NewFile
from auditui.export.names import note_of, part_of
from auditui.export.unfinished import unfinished
from auditui.export.verify import verify
from auditui.model.errors import FileRefused
from tests.export.one_run import LINES, OLD, WHOLE, broken_off, commit, export


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    return folder / "acme.jsonl"


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def journal_of(path: Path) -> Path:
    return part_of(path).with_name(f"{part_of(path).name}-journal")


def test_an_export_goes_on_behind_its_last_checkpoint(path: Path) -> None:
    broken_off(path)
    assert part_of(path).stat().st_size > len(b"".join(LINES[:3]))
    found = unfinished(path)
    assert found is not None
    assert (found.note, found.kept) == (b"3", len(b"".join(LINES[:3])))
    assert found.at == part_of(path).stat().st_mtime_ns // 1_000_000
    assert export(path, resume=True) == 3
    assert path.read_bytes() == WHOLE
    assert names(path) == ["acme.jsonl", "acme.jsonl.manifest.json"]


def test_an_export_can_be_broken_off_again_and_again(path: Path) -> None:
    broken_off(path)
    for place in range(3, len(LINES)):
        with NewFile.resume(path) as file:
            assert file.note == b"%d" % place
            assert file.stream.tell() == len(b"".join(LINES[:place]))
            file.stream.write(LINES[place])
            file.checkpoint(b"%d" % (place + 1))
            file.stream.write(b"given up")
            file.abandon(keep=True)
    assert export(path, resume=True) == len(LINES)
    assert path.read_bytes() == WHOLE


def test_what_was_kept_is_still_there_when_it_was_gone_on_with_in_vain(path: Path) -> None:
    broken_off(path)
    with NewFile.resume(path) as file:
        file.stream.write(b"given up")
        file.abandon(keep=True)
    assert export(path, resume=True) == 3


def test_any_note_comes_back_as_it_was(path: Path) -> None:
    note = b"\n\x00auditui-note 1 7\n\xff" * 3
    with NewFile.begin(path) as file:
        file.checkpoint(note)
        file.abandon(keep=True)
    with NewFile.resume(path) as file:
        assert file.note == note


def fill(database: Path, rows: int) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS records (raw)")
        connection.executemany("INSERT INTO records VALUES (?)", [("{}",)] * rows)


def test_a_database_is_not_cut_where_it_was_committed_later_than_noted(path: Path) -> None:
    with NewFile.begin(path) as file:
        fill(file.part, 10)
        file.checkpoint(b"10")
        fill(file.part, 10_000)
        file.abandon(keep=True)
    with NewFile.resume(path) as file:
        file.checkpoint(b"10")
        fill(file.part, 10_000)
        file.abandon(keep=True)
    found = unfinished(path)
    assert found is not None
    assert found.kept is None
    with NewFile.resume(path) as file:
        commit(file, form="sqlite", written=20_010)
    assert verify(path).ok
    assert "20,010 records." in verify(path).lines[0]


def test_a_new_beginning_gives_up_what_was_left(path: Path) -> None:
    broken_off(path)
    journal_of(path).touch()
    with NewFile.begin(path) as file:
        assert file.note is None
        assert names(path) == [part_of(path).name]
        assert part_of(path).read_bytes() == b""


def test_a_note_that_was_left_alone_does_not_speak_for_a_new_part(path: Path) -> None:
    broken_off(path)
    part_of(path).unlink()
    descriptor = make(path)
    os.write(descriptor, WHOLE)
    os.close(descriptor)  # as a run that is killed before its first checkpoint leaves it
    assert unfinished(path) is None


def nothing_to_continue(path: Path) -> str:
    before = names(path)
    assert unfinished(path) is None
    with pytest.raises(FileRefused, match="to continue") as refused:
        NewFile.resume(path)
    assert names(path) == before
    return refused.value.sentences()


def test_where_nothing_was_left_there_is_nothing_to_continue(path: Path) -> None:
    assert "Begin it anew." in nothing_to_continue(path)


def cut_short(path: Path) -> None:
    os.truncate(part_of(path), 100)


def no_note(path: Path) -> None:
    note_of(path).unlink()


def damaged_note(path: Path) -> None:
    note_of(path).write_bytes(b"auditui-note 2 7\n")


def linked_note(path: Path) -> None:
    note_of(path).symlink_to(note_of(path).rename(path.parent.parent / "note"))


def open_note(path: Path) -> None:
    note_of(path).chmod(0o620)


def open_part(path: Path) -> None:
    part_of(path).chmod(0o606)


def second_name(path: Path) -> None:
    (path.parent / "other").hardlink_to(part_of(path))


@pytest.mark.parametrize(
    "spoil", [cut_short, no_note, damaged_note, linked_note, open_note, open_part, second_name]
)
def test_what_cannot_be_trusted_is_not_continued(path: Path, spoil: Callable[[Path], None]) -> None:
    broken_off(path)
    spoil(path)
    nothing_to_continue(path)
    export(path)
    assert path.read_bytes() == WHOLE


# What was not left here, however it looks


def somebody_elses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an archive that was unpacked here leaves it: ours by owner and mode."""
    monkeypatch.setenv("XDG_STATE_HOME", str(path.parent.parent / "state of another machine"))


def not_made_here(path: Path) -> None:
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    with pytest.raises(FileRefused, match="was not made here, or was changed since") as refused:
        NewFile.resume(path)
    assert "--overwrite" in refused.value.remedy
    assert before == {each.name: each.read_bytes() for each in path.parent.iterdir()}
    export(path, overwrite=True)
    assert path.read_bytes() == WHOLE


def test_what_was_begun_elsewhere_is_not_continued(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_off(path)
    somebody_elses(path, monkeypatch)
    not_made_here(path)


@pytest.mark.parametrize("place", [0, len(b"".join(LINES[:3])) - 2])
def test_a_part_in_which_a_byte_was_changed_is_not_continued(path: Path, place: int) -> None:
    broken_off(path)
    with part_of(path).open("r+b") as part:
        part.seek(place)
        part.write(b"#")
    not_made_here(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note + b"0",
        lambda note: note.replace(b" %d " % len(b"".join(LINES[:3])), b" %d " % len(LINES[0])),
        lambda note: note.replace(b" %d " % len(b"".join(LINES[:3])), b" all "),
    ],
    ids=["what it tells", "how much is kept", "that the format knows"],
)
def test_a_note_that_was_changed_is_not_heeded(path: Path, change: Callable[[bytes], bytes]) -> None:
    broken_off(path)
    before = note_of(path).read_bytes()
    note_of(path).write_bytes(change(before))
    assert note_of(path).read_bytes() != before
    not_made_here(path)


def test_a_part_does_not_go_with_the_note_of_another(path: Path) -> None:
    other = path.with_name("other.jsonl")
    broken_off(path)
    with NewFile.begin(other) as file:
        file.stream.write(b"x" * len(b"".join(LINES[:3])))
        file.checkpoint(b"3")
        file.abandon(keep=True)
    part_of(other).replace(part_of(path))
    note_of(other).unlink()
    not_made_here(path)


def test_what_the_format_knows_its_work_by_comes_back_with_the_note(path: Path) -> None:
    with NewFile.begin(path) as file:
        fill(file.part, 1)
        file.checkpoint(b"1", "5e" * 32)
        file.abandon(keep=True)
    with NewFile.resume(path) as file:
        assert file.content == "5e" * 32


@pytest.mark.parametrize("key", ["no folder for it", "open to others", "too short"])
def test_without_a_key_an_export_comes_whole_or_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    state = path.parent.parent / "state"
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null" if key == "no folder for it" else str(state))
    file = state / "auditui" / "unfinished.key"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"k" * (31 if key == "too short" else 32))
    file.chmod(0o644 if key == "open to others" else 0o600)
    broken_off(path)
    assert names(path) == []
    export(path)
    assert path.read_bytes() == WHOLE


def test_the_key_is_made_once_and_is_the_users_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(path.parent.parent / "state"))
    broken_off(path)
    key = path.parent.parent / "state" / "auditui" / "unfinished.key"
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    before = key.read_bytes()
    assert export(path, resume=True) == 3
    assert key.read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
@pytest.mark.parametrize("which", [part_of, note_of])
def test_what_another_user_left_is_not_continued(path: Path, which: Callable[[Path], Path]) -> None:
    broken_off(path)
    os.chown(which(path), 12345, -1)
    assert unfinished(path) is None
    with pytest.raises(FileRefused):
        NewFile.resume(path)


def test_a_file_that_is_there_is_not_replaced_by_going_on(path: Path) -> None:
    broken_off(path)
    path.write_bytes(OLD)
    with pytest.raises(FileRefused, match="is there already"):
        NewFile.resume(path)
    assert path.read_bytes() == OLD
    assert export(path, resume=True, overwrite=True) == 3
    assert path.read_bytes() == WHOLE
