"""A file comes whole or not at all: what stands in its place, or comes there, is replaced by agreement or stays."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from auditui.export.files import NewFile, Sealed
from auditui.export.names import manifest_of, note_of, part_of
from auditui.export.place import standing
from auditui.export.verify import verify
from auditui.model.errors import FileRefused
from tests.export.one_run import LINES, OLD, WHOLE, commit, export, manifest_for, put_old


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    return folder / "acme.jsonl"


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def put_something(path: Path) -> None:
    path.write_bytes(OLD)


# Whole


def test_it_is_there_whole_with_its_manifest_and_nothing_else(path: Path) -> None:
    export(path)
    assert names(path) == ["acme.jsonl", "acme.jsonl.manifest.json"]
    assert path.read_bytes() == WHOLE
    assert verify(path).ok


def test_the_manifest_is_told_what_is_on_the_disk(path: Path) -> None:
    told: list[Sealed] = []

    def beside(sealed: Sealed) -> bytes:
        told.append(sealed)
        return b"{}"

    with NewFile.begin(path) as file:
        file.stream.write(WHOLE)
        sealed = file.commit(beside)
    assert told == [sealed] == [Sealed(len(WHOLE), hashlib.sha256(WHOLE).hexdigest())]
    assert manifest_of(path).read_bytes() == b"{}"


def test_before_the_end_its_name_is_not_taken(path: Path) -> None:
    with NewFile.begin(path) as file:
        file.stream.write(WHOLE)
        file.checkpoint(b"note")
        assert names(path) == [".acme.jsonl.auditui-note", ".acme.jsonl.auditui-part"]
        commit(file)


@pytest.mark.parametrize("umask", [0, 0o777])
def test_only_the_owner_can_read_any_of_it_whatever_the_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with NewFile.begin(path) as file:
            file.checkpoint(b"note")
            assert {mode(part_of(path)), mode(note_of(path))} == {0o600}
            commit(file, written=0)
    finally:
        os.umask(before)
    assert {mode(path), mode(manifest_of(path))} == {0o600}


def test_what_was_open_to_all_is_not_when_it_is_replaced(path: Path) -> None:
    for each in (path, manifest_of(path)):
        put_something(each)
        each.chmod(0o666)
    export(path, overwrite=True)
    assert {mode(path), mode(manifest_of(path))} == {0o600}
    assert path.read_bytes() == WHOLE


def test_another_name_of_a_replaced_file_keeps_the_old_content(path: Path) -> None:
    put_something(path)
    other = path.with_name("another name")
    other.hardlink_to(path)
    export(path, overwrite=True)
    assert other.read_bytes() == OLD


def test_a_database_that_is_written_by_its_name_is_sealed_like_any_other(path: Path) -> None:
    with NewFile.begin(path) as file:
        with closing(sqlite3.connect(file.part)) as database, database:
            database.execute("CREATE TABLE records AS VALUES (1), (2), (3)")
        commit(file, form="sqlite", written=3)
    assert names(path) == ["acme.jsonl", "acme.jsonl.manifest.json"]
    assert "3 records." in verify(path).lines[0]


# What stands there


def refusal(path: Path, *, overwrite: bool = False) -> str:
    before = names(path)
    with pytest.raises(FileRefused) as refused:
        NewFile.begin(path, overwrite=overwrite)
    assert names(path) == before
    return refused.value.sentences()


def test_a_file_that_is_there_is_replaced_only_if_that_was_agreed(path: Path) -> None:
    put_old(path)
    with pytest.raises(FileRefused, match=r"acme\.jsonl is there already\.") as refused:
        NewFile.begin(path, how="Press enter again to replace it.")
    assert refused.value.remedy == "Press enter again to replace it."
    assert names(path) == ["acme.jsonl", "acme.jsonl.manifest.json"]
    assert path.read_bytes() == OLD
    assert verify(path).ok
    export(path, overwrite=True)
    assert path.read_bytes() == WHOLE
    assert verify(path).ok


def test_a_manifest_that_is_there_is_guarded_like_the_file(path: Path) -> None:
    put_something(manifest_of(path))
    assert f"{manifest_of(path)} is there already." in refusal(path)
    assert standing(path) == (manifest_of(path),)
    assert manifest_of(path).read_bytes() == OLD


def link(path: Path) -> None:
    target = path.parent.parent / "target"
    target.write_bytes(OLD)
    path.symlink_to(target)


def dangling_link(path: Path) -> None:
    path.symlink_to(path.parent.parent / "nowhere")


def open_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, in_folder(path.parent):
        server.bind(path.name)  # the whole path can be too long for a socket


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


NEVER_REPLACED: dict[str, Callable[[Path], None]] = {
    "a symbolic link": link,
    "a symbolic link, which dangles": dangling_link,
    "a pipe": os.mkfifo,
    "a folder": os.mkdir,
    "a socket": open_socket,
}
kinds = pytest.mark.parametrize("kind", NEVER_REPLACED)
either_name = pytest.mark.parametrize("which", [Path, manifest_of])
whether_agreed_or_not = pytest.mark.parametrize("overwrite", [False, True])


@kinds
@either_name
@whether_agreed_or_not
def test_what_is_no_plain_file_is_never_replaced(
    path: Path, kind: str, which: Callable[[Path], Path], overwrite: bool
) -> None:
    there = which(path)
    NEVER_REPLACED[kind](there)
    before = there.lstat()
    assert f"{there} is {kind.split(',')[0]}, not a plain file." in refusal(path, overwrite=overwrite)
    assert there.lstat() == before
    assert not (path.parent.parent / "nowhere").exists()


def test_a_device_is_never_written_to() -> None:
    with pytest.raises(FileRefused, match="/dev/null is a device, not a plain file"):
        NewFile.begin(Path("/dev/null"), overwrite=True)


@kinds
def test_what_is_no_plain_file_in_the_place_of_the_part_is_told(path: Path, kind: str) -> None:
    NEVER_REPLACED[kind](part_of(path))
    assert f"{part_of(path)} is in the way" in refusal(path)


def test_a_folder_that_is_missing_is_not_made(path: Path) -> None:
    missing = path.parent / "missing"
    with pytest.raises(FileRefused) as refused:
        NewFile.begin(missing / "acme.jsonl")
    assert refused.value.happened == f"There is no folder {missing}."
    assert names(path) == []


def test_a_file_in_the_place_of_the_folder_is_told(path: Path) -> None:
    put_something(path)
    with pytest.raises(FileRefused, match=r"acme\.jsonl is not a folder\."):
        NewFile.begin(path / "acme.jsonl")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into every folder")
def test_a_folder_that_cannot_be_written_to_is_told(path: Path) -> None:
    path.parent.chmod(0o500)
    assert f"Nothing can be written to the folder {path.parent}" in refusal(path)


# What appears meanwhile


def appearing(path: Path, put: Callable[[Path], None], *, overwrite: bool = False) -> FileRefused:
    """Let something appear at the very last moment, when the file is written and the manifest is being made."""
    target = path.with_name("acme.jsonl")

    def beside(sealed: Sealed) -> bytes:
        put(path)
        return manifest_for(target, sealed).to_json()

    with NewFile.begin(target, overwrite=overwrite) as file:
        file.stream.write(WHOLE)
        with pytest.raises(FileRefused) as refused:
            file.commit(beside)
    return refused.value


@either_name
def test_a_file_that_appears_while_writing_stays(path: Path, which: Callable[[Path], Path]) -> None:
    there = which(path)
    assert appearing(there, put_something).happened == f"{there} is there already."
    assert there.read_bytes() == OLD
    assert names(path) == [there.name]


@kinds
@either_name
@whether_agreed_or_not
def test_what_is_no_plain_file_stays_when_it_appears_while_writing(
    path: Path, kind: str, which: Callable[[Path], Path], overwrite: bool
) -> None:
    there = which(path)
    appearing(there, NEVER_REPLACED[kind], overwrite=overwrite)
    assert not stat.S_ISREG(there.lstat().st_mode)
    assert names(path) == [there.name]
    assert not (path.parent.parent / "nowhere").exists()


def test_an_export_that_finds_its_name_taken_in_the_end_can_be_kept(path: Path) -> None:
    with NewFile.begin(path) as file:
        file.stream.write(b"".join(LINES[:3]))
        file.checkpoint(b"3")
        file.stream.write(LINES[3])
        put_something(path)
        with pytest.raises(FileRefused, match="is there already"):
            commit(file)
        file.abandon(keep=True)
    assert names(path) == [".acme.jsonl.auditui-note", ".acme.jsonl.auditui-part", "acme.jsonl"]
    path.unlink()
    assert export(path, resume=True) == 3
    assert path.read_bytes() == WHOLE


def test_a_part_that_somebody_replaced_is_not_taken_for_the_export(path: Path) -> None:
    with NewFile.begin(path) as file:
        file.part.unlink()
        put_something(file.part)
        with pytest.raises(FileRefused, match="was removed or replaced"):
            commit(file)
    assert names(path) == [part_of(path).name]
    assert part_of(path).read_bytes() == OLD


# Without hard links


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers as a file system without hard links does, such as a memory stick's."""

    def refuse(_source: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(target))

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("no_links")
def test_it_is_whole_on_a_disk_without_hard_links_too(path: Path) -> None:
    export(path)
    assert names(path) == ["acme.jsonl", "acme.jsonl.manifest.json"]
    assert path.read_bytes() == WHOLE
    assert verify(path).ok


@pytest.mark.usefixtures("no_links")
@either_name
def test_what_appears_on_a_disk_without_hard_links_stays_too(
    path: Path, which: Callable[[Path], Path]
) -> None:
    there = which(path)
    appearing(there, put_something)
    assert there.read_bytes() == OLD
    assert names(path) == [there.name]
