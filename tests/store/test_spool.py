"""Each run has a private folder; what a crash leaves behind goes at the next start, what is in use stays."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from auditui.model.errors import StoreFailed
from auditui.store.records import RecordStore
from auditui.store.spool import Spool
from tests.store.plain_records import records

REPOSITORY = Path(__file__).parent.parent.parent

OTHER_RUN = """
import sys
from pathlib import Path
from auditui.store.records import RecordStore
from auditui.store.spool import Spool
from tests.store.plain_records import records

spool = Spool(Path(sys.argv[1]))
store = RecordStore(spool.new_file())
store.append(records("a record"))
print(spool.folder, flush=True)
sys.stdin.read()
store.close()
spool.close()
"""


class Run:
    """Another auditui that has loaded a record and waits."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout
        self.folder = Path(process.stdout.readline().strip())

    def crash(self) -> None:
        self.process.kill()
        self.process.wait()

    def quit(self) -> None:
        self.process.communicate()


@pytest.fixture
def another_run(tmp_path: Path) -> Iterator[Callable[[], Run]]:
    with ExitStack() as ends:

        def start() -> Run:
            process = subprocess.Popen(
                [sys.executable, "-c", OTHER_RUN, tmp_path],
                cwd=REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            ends.enter_context(process)
            ends.callback(process.kill)
            return Run(process)

        yield start


def test_a_dead_runs_records_are_swept_at_the_next_start(
    tmp_path: Path, another_run: Callable[[], Run]
) -> None:
    dead = another_run()
    dead.crash()
    assert any(dead.folder.glob("records-*"))
    spool = Spool(tmp_path)
    assert not dead.folder.exists()
    spool.close()


def test_a_living_runs_records_stay(tmp_path: Path, another_run: Callable[[], Run]) -> None:
    dead, alive = another_run(), another_run()
    dead.crash()
    spool = Spool(tmp_path)
    assert [dead.folder.exists(), alive.folder.exists()] == [False, True]
    assert any(alive.folder.glob("records-*"))
    alive.quit()
    assert (alive.process.returncode, alive.folder.exists()) == (0, False)
    spool.close()


def test_two_runs_in_one_process_do_not_sweep_each_other(tmp_path: Path) -> None:
    first, second = Spool(tmp_path), Spool(tmp_path)
    assert first.folder != second.folder
    assert first.folder.is_dir()
    first.close()
    assert second.folder.is_dir()
    second.close()


def test_what_is_not_a_runs_folder_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").touch()
    parent = tmp_path / "cache"
    parent.mkdir()
    (parent / "run-link").symlink_to(elsewhere)
    (parent / "run-file").touch()
    (parent / "other").mkdir()
    Spool(parent).close()
    assert sorted(each.name for each in parent.iterdir()) == [
        "other",
        "run-file",
        "run-link",
        "starting.lock",
    ]
    assert (elsewhere / "lock").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_the_run_of_another_user_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "run-theirs"
    theirs.mkdir(mode=0)
    try:
        Spool(tmp_path).close()
        assert theirs.exists()
    finally:
        theirs.chmod(0o700)


def test_the_folder_is_private_and_gone_in_the_end(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        spool = Spool(tmp_path / "made" / "on the way")
    finally:
        os.umask(before)
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(spool.folder.parent.stat().st_mode) == 0o700
    store = RecordStore(spool.new_file())
    store.append(records("a record"))
    spool.close()
    assert not spool.folder.exists()
    store.close()


def test_new_files_do_not_meet(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    paths = {spool.new_file() for _ in range(100)}
    assert len(paths) == 100
    assert not any(path.exists() for path in paths)
    spool.close()


def test_a_folder_that_somebody_cleared_away_is_made_anew_and_is_a_living_runs(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    shutil.rmtree(spool.folder)
    store = RecordStore(spool.new_file())
    store.append(records("a record"))
    Spool(tmp_path).close()
    assert store.path.exists()
    spool.close()
    assert list(tmp_path.glob("run-*")) == []
    store.close()


def test_it_is_in_the_cache_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    spool = Spool()
    assert spool.folder.parent == tmp_path / "auditui"
    spool.close()


def test_without_a_cache_folder_it_is_in_the_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool = Spool()
    assert spool.folder.parent == tmp_path / f"auditui-{os.getuid()}"
    spool.close()


def test_a_folder_of_somebody_else_in_the_temporary_one_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    with pytest.raises(StoreFailed, match="somebody else"):
        Spool(tmp_path / "link")
    assert list((tmp_path / "mine").iterdir()) == []


def test_no_place_at_all_is_said_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(StoreFailed, match="a file"):
        Spool(tmp_path / "a file")
