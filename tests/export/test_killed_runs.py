"""kill -9 at every step, and at any moment: the old file or the whole new one, and the export goes on."""

from __future__ import annotations

import hashlib
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from auditui.export.files import NewFile
from auditui.export.manifest import Manifest
from auditui.export.names import draft_of, manifest_of, note_of
from auditui.export.unfinished import unfinished
from auditui.export.verify import verify
from auditui.model.errors import ExportFailed
from tests.export.one_run import OLD, WHOLE, export

REPOSITORY = Path(__file__).parent.parent.parent


def killed(task: str, folder: Path) -> list[Path]:
    """The exports of runs that were killed, as `one_run` does it, from first to last."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.export.one_run", task, folder],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Path(line) for line in done.stdout.splitlines()]


def state_of(path: Path) -> str:
    """What a killed run has left in the file's place: never anything but the old file or the whole new one."""
    if not path.exists():
        return "nothing"
    content = path.read_bytes()
    assert content in (OLD, WHOLE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return "old" if content == OLD else "new"


def agrees(path: Path) -> bool:
    """Whether file and manifest belong together, found out without `verify`."""
    if not (path.exists() and manifest_of(path).exists()):
        return False
    told = Manifest.from_json(manifest_of(path).read_bytes()).file
    return told.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def verified(path: Path) -> bool:
    try:
        return verify(path).ok
    except ExportFailed:
        return False


def recovered(path: Path) -> int:
    """Go on where that is possible, else begin anew; how many lines were there already."""
    first = export(path, overwrite=True, resume=unfinished(path) is not None)
    assert path.read_bytes() == WHOLE
    assert verify(path).ok
    assert left_over(path) == set()
    return first


def left_over(path: Path) -> set[str]:
    """What is neither file nor manifest, nor in the making under a name of its own, which a sweep takes later."""
    making = (f"{note_of(path).name}-", f"{draft_of(path).name}-")
    return {
        each.name
        for each in path.parent.iterdir()
        if each not in (path, manifest_of(path)) and not each.name.startswith(making)
    }


@pytest.mark.parametrize(("task", "before"), [("steps", "nothing"), ("steps-over", "old")])
def test_a_kill_at_any_step_harms_nothing_and_the_export_goes_on(
    tmp_path: Path, task: str, before: str
) -> None:
    paths = killed(task, tmp_path)
    states = [state_of(path) for path in paths]
    agreements = [agrees(path) for path in paths]
    assert [verified(path) for path in paths] == agreements
    # as it was, and behind one moment the new file; its manifest comes at the next
    first = states.index("new")
    assert first > 30
    assert states == [before] * first + ["new"] * (len(states) - first)
    assert agreements == [before == "old"] * first + [False] + [True] * (len(states) - first - 1)
    assert {recovered(path) for path in paths} == {0, 3, 6, 9, 12}


@pytest.mark.parametrize(("task", "before"), [("moments", "nothing"), ("moments-over", "old")])
def test_a_kill_at_any_moment_harms_nothing_and_the_export_goes_on(
    tmp_path: Path, task: str, before: str
) -> None:
    paths = killed(task, tmp_path)
    assert len(paths) == 30
    assert {state_of(path) for path in paths} <= {before, "new"}
    assert [verified(path) for path in paths] == [agrees(path) for path in paths]
    assert len({recovered(path) for path in paths}) > 1


def test_a_run_that_was_killed_when_its_file_was_in_place_has_nothing_to_continue(tmp_path: Path) -> None:
    whole = [path for path in killed("steps", tmp_path) if state_of(path) == "new"]
    assert whole
    for path in whole:
        assert unfinished(path) is None
        with pytest.raises(ExportFailed):
            NewFile.resume(path, overwrite=True)
        assert path.read_bytes() == WHOLE
