"""Several runs at one file: none treads on one that lives, and what dead ones left is swept in time, and nothing else."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest

from auditui.export.claim import make
from auditui.export.files import NewFile, Sealed
from auditui.export.names import draft_of, manifest_of, note_of, part_of
from auditui.export.unfinished import sweep, unfinished
from auditui.export.verify import verify
from auditui.model.errors import FileRefused
from tests.export.one_run import LINES, WHOLE, broken_off, commit, export, manifest_for

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    return folder / "acme.jsonl"


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def journal_of(path: Path) -> Path:
    return part_of(path).with_name(f"{part_of(path).name}-journal")


# Other runs


@pytest.fixture
def another_run(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes the same file, and waits with committing it until it is told."""
    with another_process("wait", path) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        yield process


@contextmanager
def another_process(task: str, place: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.export.one_run", task, place],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("begin", [NewFile.begin, NewFile.resume])
def test_a_file_that_another_run_is_writing_is_left_to_it(
    path: Path, another_run: subprocess.Popen[str], begin: Callable[[Path], NewFile]
) -> None:
    with pytest.raises(FileRefused, match=r"Another run is writing this file just now\."):
        begin(path)
    assert unfinished(path) is None
    another_run.communicate("\n")
    assert another_run.returncode == 0
    assert path.read_bytes() == LINES[0]
    assert verify(path).ok


def test_a_file_that_a_dead_run_was_writing_can_be_written(
    path: Path, another_run: subprocess.Popen[str]
) -> None:
    another_run.kill()
    another_run.wait()
    found = unfinished(path)
    assert found is not None
    assert found.note == b"1"
    export(path)
    assert path.read_bytes() == WHOLE


def test_a_file_is_held_until_it_is_in_its_place(path: Path) -> None:
    def beside(sealed: Sealed) -> bytes:
        with pytest.raises(FileRefused, match="Another run is writing"):
            NewFile.begin(path)
        return manifest_for(path, sealed).to_json()

    with NewFile.begin(path) as file:
        file.stream.write(WHOLE)
        file.commit(beside)
    assert verify(path).ok


def test_of_runs_that_begin_at_once_behind_a_dead_one_just_one_writes(path: Path) -> None:
    runs = 4
    with ThreadPoolExecutor(runs) as pool:
        for _ in range(50):
            broken_off(path)
            all_here, all_tried = Barrier(runs), Barrier(runs)
            tries = [pool.submit(one_of_several, path, all_here, all_tried) for _ in range(runs)]
            assert sorted(each.result() for each in tries) == [
                "Another run is writing this file just now."
            ] * 3 + ["written"]
            assert path.read_bytes() == WHOLE
            assert names(path) == ["acme.jsonl", "acme.jsonl.manifest.json"]
            path.unlink()
            manifest_of(path).unlink()


def one_of_several(path: Path, all_here: Barrier, all_tried: Barrier) -> str:
    all_here.wait()
    try:
        file = NewFile.begin(path)
    except FileRefused as refused:
        all_tried.wait()
        return refused.happened
    with file:
        all_tried.wait()
        file.stream.write(WHOLE)
        commit(file)
    return "written"


def test_a_part_that_another_start_has_taken_for_a_dead_runs_is_left_to_it(
    path: Path, another_start: Callable[[], None]
) -> None:
    another_start()
    with pytest.raises(FileRefused, match="Another run is writing"):
        NewFile.begin(path)


def test_what_another_start_has_given_up_meanwhile_is_not_continued(
    path: Path, another_start: Callable[[], None]
) -> None:
    broken_off(path)
    another_start()
    with pytest.raises(FileRefused, match="to continue"):
        NewFile.resume(path)


@pytest.fixture
def another_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Lets another run begin the same file between two steps of the next one: when the part is open and not yet locked."""
    lock = fcntl.flock
    held: list[int] = []

    def lock_after_another(descriptor: int, operation: int) -> None:
        if not held:
            monkeypatch.setattr(fcntl, "flock", lock)
            part_of(path).unlink()
            held.append(make(path))
        lock(descriptor, operation)

    yield lambda: monkeypatch.setattr(fcntl, "flock", lock_after_another)
    assert held
    for descriptor in held:
        os.close(descriptor)


# What is swept

HOUR = 3_600
DAY = 86_400


def aged(folder: Path, seconds: int) -> None:
    then = time.time() - seconds
    for each in folder.iterdir():
        os.utime(each, (then, then), follow_symlinks=False)


def left_without_a_note(path: Path) -> None:
    os.close(make(path))
    journal_of(path).touch()


def left_in_the_making(path: Path) -> None:
    """What a kill leaves between two names of a file, or of two files."""
    for each in (draft_of(path), journal_of(path), note_of(path).with_name(f"{note_of(path).name}-x_7abcde")):
        each.touch(mode=0o600)


@pytest.mark.parametrize("leave", [left_without_a_note, left_in_the_making])
def test_what_cannot_be_continued_is_swept_after_an_hour(path: Path, leave: Callable[[Path], None]) -> None:
    leave(path)
    before = names(path)
    aged(path.parent, HOUR - 60)
    sweep(path.parent)
    assert names(path) == before
    aged(path.parent, HOUR + 60)
    sweep(path.parent)
    assert names(path) == []


def test_what_can_be_continued_is_swept_after_a_week(path: Path) -> None:
    broken_off(path)
    aged(path.parent, 7 * DAY - 60)
    sweep(path.parent)
    assert unfinished(path)
    aged(path.parent, 7 * DAY + 60)
    sweep(path.parent)
    assert names(path) == []


def test_a_living_runs_files_stay_however_old(path: Path, another_run: subprocess.Popen[str]) -> None:
    aged(path.parent, 30 * DAY)
    before = names(path)
    sweep(path.parent)
    assert names(path) == before
    another_run.communicate("\n")
    assert verify(path).ok


def test_an_export_sweeps_the_folder_it_goes_to(path: Path) -> None:
    left_without_a_note(path.with_name("another.csv"))
    aged(path.parent, DAY)
    export(path)
    assert names(path) == ["acme.jsonl", "acme.jsonl.manifest.json"]


def test_what_is_not_of_audituis_making_stays(path: Path) -> None:
    folder = path.parent
    target = folder.parent / "target"
    target.touch()
    (folder / ".a.auditui-part").symlink_to(target)
    (folder / ".b.auditui-part").mkdir()
    os.mkfifo(folder / ".c.auditui-note")
    for name in (
        "d.auditui-part",
        ".auditui-part",
        ".e.auditui-parts",
        "acme.jsonl.manifest.json",
        ".f.auditui-other",
    ):
        (folder / name).touch()
    before = names(path)
    aged(folder, 30 * DAY)
    sweep(folder)
    assert names(path) == before
    assert target.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_what_another_user_left_stays(path: Path) -> None:
    broken_off(path)
    for each in path.parent.iterdir():
        os.chown(each, 12345, -1)
    before = names(path)
    aged(path.parent, 30 * DAY)
    sweep(path.parent)
    assert names(path) == before


def test_a_folder_that_is_gone_is_no_trouble_to_a_sweep(path: Path) -> None:
    sweep(path.parent / "gone")
