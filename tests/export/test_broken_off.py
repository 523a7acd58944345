"""An export that is broken off, by an exception or a disk that fails: what stood there stays, and nothing else is left."""

from __future__ import annotations

import errno
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditui.export.files import NewFile, Sealed, failing_kindly
from auditui.export.names import manifest_of, part_of
from auditui.export.verify import verify
from auditui.model.errors import ExportFailed, FileRefused
from tests.export.one_run import LINES, OLD, WHOLE, commit, export, put_old

Work = Callable[[NewFile], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    return folder / "acme.jsonl"


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def assert_old_is_intact(path: Path) -> None:
    """What stood there before still does, and nothing else."""
    assert names(path) == [path.name, manifest_of(path).name]
    assert path.read_bytes() == OLD
    assert verify(path).ok


def attempt(path: Path, work: Work, *, overwrite: bool = False) -> None:
    with NewFile.begin(path, overwrite=overwrite) as file:
        work(file)


def failure(path: Path, work: Work, *, overwrite: bool = False) -> str:
    with pytest.raises(ExportFailed) as failed:
        attempt(path, work, overwrite=overwrite)
    return failed.value.happened


# Exceptions

exceptions = pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit])
whether_something_was_there = pytest.mark.parametrize("old", [False, True])


@exceptions
@whether_something_was_there
@pytest.mark.parametrize("when", ["while it is written", "while its manifest is made"])
def test_an_exception_leaves_nothing_but_what_was_there(
    path: Path, kind: type[BaseException], old: bool, when: str
) -> None:
    def interrupt(_sealed: Sealed) -> bytes:
        raise kind

    def work(file: NewFile) -> None:
        file.stream.write(WHOLE)
        file.checkpoint(b"note")
        for end in ("-journal", "-wal", "-shm"):
            file.part.with_name(file.part.name + end).touch()
        if when == "while it is written":
            raise kind
        file.commit(interrupt)

    if old:
        put_old(path)
    with pytest.raises(kind):
        attempt(path, work, overwrite=old)
    if old:
        assert_old_is_intact(path)
    else:
        assert names(path) == []


@exceptions
def test_an_exception_between_file_and_manifest_leaves_no_file_without_one(
    path: Path, kind: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def link_no_manifest(source: Path, target: Path) -> None:
        if target == manifest_of(path):
            raise kind
        link(source, target)

    monkeypatch.setattr(os, "link", link_no_manifest)
    with pytest.raises(kind):
        export(path)
    assert names(path) == []


def test_what_is_abandoned_after_it_was_committed_stays(path: Path) -> None:
    with NewFile.begin(path) as file:
        commit(file, written=0)
        file.abandon(keep=False)
    assert verify(path).ok


def test_without_a_checkpoint_nothing_is_kept(path: Path) -> None:
    with NewFile.begin(path) as file:
        file.stream.write(WHOLE)
        file.abandon(keep=True)
    assert names(path) == []


# Full disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with room for 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def no_room(folder: Path) -> str:
    return f"There is no room left for the export in the folder {folder}."


def fill_up(disk: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        (disk / "filling").write_bytes(b"x" * 70_000)


def test_a_full_disk_is_told_and_leaves_what_was_there(small_disk: Path) -> None:
    def work(file: NewFile) -> None:
        with failing_kindly(file.part):
            for line in LINES * 2:
                file.stream.write(line)

    path = small_disk / "acme.jsonl"
    put_old(path)
    assert failure(path, work, overwrite=True) == no_room(small_disk)
    assert_old_is_intact(path)


def test_a_disk_that_is_full_only_at_the_end_is_told(small_disk: Path) -> None:
    def work(file: NewFile) -> None:
        file.stream.write(LINES[0])  # still in the buffer
        fill_up(small_disk)
        commit(file)

    path = small_disk / "acme.jsonl"
    put_old(path)
    assert failure(path, work, overwrite=True) == no_room(small_disk)
    (small_disk / "filling").unlink()
    assert_old_is_intact(path)


def test_a_disk_without_room_for_the_manifest_is_told(small_disk: Path) -> None:
    def work(file: NewFile) -> None:
        file.stream.write(LINES[0])
        file.commit(lambda _sealed: b"x" * 70_000)

    path = small_disk / "acme.jsonl"
    assert failure(path, work) == no_room(small_disk)
    assert names(path) == []


def test_a_full_disk_costs_no_checkpoint_and_the_export_goes_on_when_there_is_room(small_disk: Path) -> None:
    def write_on(file: NewFile) -> None:
        with failing_kindly(file.part):
            file.stream.write(b"".join(LINES[3:6]))
        file.checkpoint(b"6")

    path = small_disk / "acme.jsonl"
    with NewFile.begin(path) as file:
        file.stream.write(b"".join(LINES[:3]))
        file.checkpoint(b"3")
        fill_up(small_disk)
        with pytest.raises(ExportFailed) as failed:
            write_on(file)
        file.abandon(keep=True)
    assert failed.value.happened == no_room(small_disk)
    (small_disk / "filling").unlink()
    assert export(path, resume=True) == 3
    assert path.read_bytes() == WHOLE


def test_a_read_only_disk_is_told(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(FileRefused) as refused:
        NewFile.begin(small_disk / "acme.jsonl")
    assert refused.value.happened == (
        f"Nothing can be written to the folder {small_disk} (Read-only file system)."
    )


# Failing disks


class FailingAtClose(io.FileIO):
    """A disk that says only at closing what became of the bytes, as one over a network does."""

    def close(self) -> None:
        if not self.closed:
            super().close()
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))


def test_an_error_at_closing_is_told(path: Path) -> None:
    def work(file: NewFile) -> None:
        with file.stream as plain:
            file.stream = io.BufferedWriter(FailingAtClose(os.dup(plain.fileno()), "wb"))
        file.stream.write(WHOLE)
        commit(file)

    put_old(path)
    assert failure(path, work, overwrite=True) == no_room(path.parent)
    assert_old_is_intact(path)


@pytest.fixture
def unsure_of(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files and folders of which the disk cannot make sure; none yet."""
    places: list[Path] = []
    make_sure = os.fsync

    def fsync(descriptor: int) -> None:
        if any(each.exists() and os.path.samestat(each.stat(), os.fstat(descriptor)) for each in places):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        make_sure(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return places


@pytest.mark.parametrize("call", [lambda file: file.checkpoint(b"note"), commit])
def test_an_error_at_making_sure_is_told(path: Path, unsure_of: list[Path], call: Work) -> None:
    def work(file: NewFile) -> None:
        file.stream.write(WHOLE)
        call(file)

    put_old(path)
    unsure_of.append(part_of(path))
    assert failure(path, work, overwrite=True) == (
        f"The export could not be written to the folder {path.parent} (Input/output error)."
    )
    assert_old_is_intact(path)


def test_an_error_at_making_sure_of_the_names_is_told(path: Path, unsure_of: list[Path]) -> None:
    unsure_of.append(path.parent)
    assert "(Input/output error)" in failure(path, lambda file: commit(file, written=0))
    assert verify(path).ok


def test_a_failure_between_file_and_manifest_is_told_and_verify_sees_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def replace_no_manifest(source: Path, target: Path) -> None:
        if target == manifest_of(path):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        replace(source, target)

    put_old(path)
    monkeypatch.setattr(os, "replace", replace_no_manifest)
    with pytest.raises(ExportFailed, match="whole, but its manifest could not be replaced"):
        export(path, overwrite=True)
    assert path.read_bytes() == WHOLE
    assert names(path) == ["acme.jsonl", "acme.jsonl.manifest.json"]
    assert not verify(path).ok


# Standard output


def test_a_full_disk_behind_standard_output_is_told_without_a_folder() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(ExportFailed) as failed, failing_kindly(None):
        os.write(full, b"x")
    os.close(full)
    assert failed.value.happened == "There is no room left for the export in standard output."


def test_a_reader_that_has_left_standard_output_is_no_failure_of_the_disk() -> None:
    with pytest.raises(BrokenPipeError), failing_kindly(None):
        raise BrokenPipeError(errno.EPIPE, "")
