"""Folders of a user's own: closed to others whatever the umask, and nobody else's is taken for one."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditui.private_folder import is_own_folder, make_folder, prepare_folder
from auditui.store.spool import Spool

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
SOMEBODY = 54_321


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("no_umask")
@pytest.mark.parametrize("make", [make_folder, prepare_folder, lambda folder: Spool(folder).close()])
def test_every_folder_that_was_missing_is_closed_to_others(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    folder = tmp_path / ".local" / "state" / "auditui"
    make(folder)
    assert [mode(each) for each in (folder, *folder.parents[:2])] == [0o700] * 3


def test_a_folder_that_was_there_is_closed_and_those_above_it_stay_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "auditui"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    folder.parent.chmod(0o755)
    prepare_folder(folder)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o755)


def test_a_link_of_the_users_own_is_followed(tmp_path: Path) -> None:
    kept, link = tmp_path / "dotfiles", tmp_path / "auditui"
    kept.mkdir(mode=0o755)
    link.symlink_to(kept)
    prepare_folder(link)
    assert (mode(kept), link.is_symlink()) == (0o700, True)


@as_root
def test_a_link_of_another_user_closes_no_folder(tmp_path: Path) -> None:
    kept, link = tmp_path / "ours", tmp_path / "auditui"
    kept.mkdir(mode=0o755)
    link.symlink_to(kept)
    os.lchown(link, SOMEBODY, -1)
    with pytest.raises(PermissionError, match="it belongs to another user"):
        prepare_folder(link)
    assert mode(kept) == 0o755


@as_root
def test_a_folder_of_another_user_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "auditui"
    folder.mkdir(mode=0o700)
    os.chown(folder, SOMEBODY, -1)
    with pytest.raises(PermissionError, match="it belongs to another user"):
        prepare_folder(folder)
    assert not is_own_folder(folder)


@pytest.mark.parametrize("make", [make_folder, prepare_folder])
def test_what_is_no_folder_is_told(tmp_path: Path, make: Callable[[Path], None]) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        make(tmp_path / "file")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        make(tmp_path / "dangling")


def test_what_others_can_put_files_into_is_nobodys_own(tmp_path: Path) -> None:
    assert is_own_folder(tmp_path)
    tmp_path.chmod(0o777)
    assert not is_own_folder(tmp_path)
    assert not is_own_folder(tmp_path / "missing")
