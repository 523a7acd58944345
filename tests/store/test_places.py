"""Where runs keep their records, as it is told to a user: the folders that a run really takes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from auditui.store.places import places, runs
from auditui.store.spool import Spool


def test_a_run_is_in_the_first_place_and_is_told_there(home: Path) -> None:
    spool = Spool()
    assert spool.folder.parent == places()[0]
    assert runs(places()[0]) == (spool.folder,)
    spool.close()
    assert runs(places()[0]) == ()


def test_where_the_cache_cannot_be_used_it_is_in_the_second(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (home / "cache").write_text("no folder")
    spool = Spool()
    assert spool.folder.parent == places()[1]
    spool.close()


def test_a_place_that_is_not_there_holds_no_runs(tmp_path: Path) -> None:
    assert runs(tmp_path / "nowhere") == ()
