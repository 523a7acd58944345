"""Session files: one a run, never another's, and whatever stands in one is told in a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditui.account.resumption_text import Unreadable, resumption_from, resumption_text
from auditui.account.sessions import Sessions
from auditui.model.errors import NotRemembered
from auditui.model.query import Pinned, Query
from auditui.model.resumption import DemoLog, Former, Owner, Resumption, Spot, Step, fingerprint
from auditui.model.view import Order, View
from auditui.model.when import Zone
from tests.account.test_memory import full_disk

HOSTILE = "\x1b]0;PWNED\x07 \u202e \ud800 [/x]"
FORMER = Former(
    Pinned(5, 1_900_000_000_000, HOSTILE.replace("\ud800", ""), 250),
    Zone("Europe/Berlin"),
    (Spot(7, fingerprint("a")),),
)
STEP = Step(
    View(Query("7d", "", HOSTILE, 250), HOSTILE, Order("author")), 0, Spot(12, fingerprint("b")), True
)
KEPT = Resumption(
    Owner(b"0" * 16, b"1" * 16),
    Zone("UTC"),
    (FORMER, Former(Pinned(0, 9, "", 1000), Zone(None))),
    (STEP, replace(STEP, former=1, spot=Spot(0, ""))),
    0,
    DemoLog(20_000, 1_900_000_000_000),
)
NOTHING_DONE = replace(KEPT, formers=KEPT.formers[1:], steps=(replace(KEPT.steps[1], former=0),))


@pytest.fixture
def kept(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "auditui")


def ended(kept: Sessions, what: Resumption, age: int = 0) -> Path:
    """The file of a run that has ended, some seconds ago."""
    file = kept.begin()
    file.write(what)
    file.release()
    at = file.path.stat().st_mtime - age
    os.utime(file.path, (at, at))
    return file.path


def test_what_is_kept_comes_back_as_it_was(kept: Sessions) -> None:
    ended(kept, KEPT)
    taken = kept.take()
    assert taken is not None
    assert taken.kept == KEPT
    assert taken.file.path.stat().st_mode & 0o777 == 0o600


def test_where_nothing_is_kept_nothing_is_taken_and_no_folder_made(kept: Sessions) -> None:
    assert kept.take() is None
    assert not kept.folder.exists()


def test_a_run_that_lives_keeps_its_file(kept: Sessions) -> None:
    older = ended(kept, KEPT, age=60)
    living = kept.begin()
    living.write(KEPT)
    taken = kept.take()
    assert taken is not None
    assert taken.file.path == older
    assert kept.held_elsewhere(taken), "one that is newer, and as good"
    assert kept.take() is None, "both are held now"
    assert kept.held_elsewhere(None)
    living.write(NOTHING_DONE)
    assert not kept.held_elsewhere(taken), "nothing was done there"
    living.write(KEPT)
    living.release()
    assert not kept.held_elsewhere(taken)
    again = kept.take()
    assert again is not None
    assert again.file.path == living.path


KILLED = """
import os, sys
from pathlib import Path
from tests.account.test_sessions import KEPT
from auditui.account.sessions import Sessions
file = Sessions(Path(sys.argv[1])).begin()
file.write(KEPT)
os.kill(os.getpid(), 9)
"""


def test_what_a_killed_run_kept_can_be_taken(kept: Sessions) -> None:
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", KILLED, str(kept.folder)], cwd=root, check=False)
    assert done.returncode == -9
    assert kept.broken_off()
    assert kept.take() is not None


@pytest.mark.parametrize("wrote_before", [True, False])
def test_what_a_killed_run_was_writing_goes_at_the_next_start_and_a_living_ones_stays(
    kept: Sessions, wrote_before: bool
) -> None:
    dead, living = kept.begin(), kept.begin()
    if wrote_before:
        dead.write(KEPT)
    under_way = [file.path.with_name(f".{file.path.name}-x_7abcde") for file in (dead, living)]
    for each in under_way:
        each.touch()
    dead.release()
    kept.begin().release()
    assert [each.exists() for each in under_way] == [False, True]
    living.write(KEPT)
    living.release()


def test_a_full_disk_is_told_and_what_was_kept_before_stays(kept: Sessions) -> None:
    file = kept.begin()
    file.write(KEPT)
    with full_disk(), pytest.raises(NotRemembered, match="File too large"):
        file.write(replace(KEPT, closed=True))
    file.release()
    taken = kept.take()
    assert taken is not None
    assert taken.kept == KEPT
    assert list(kept.folder.glob(".*")) == []


def test_a_run_in_which_nothing_was_done_comes_after_the_others(kept: Sessions) -> None:
    worth = ended(kept, KEPT, age=60)
    trifling = ended(kept, NOTHING_DONE)
    first, second = kept.take(), kept.take()
    assert first is not None
    assert second is not None
    assert (first.file.path, second.file.path) == (worth, trifling)


def test_of_the_demo_site_only_its_own_are_taken(kept: Sessions) -> None:
    ended(kept, replace(KEPT, demo=None))
    assert kept.take(demo=True) is None
    assert kept.take() is not None


def test_only_what_was_broken_off_is_told_as_such(kept: Sessions) -> None:
    assert not kept.broken_off()
    ended(kept, KEPT, age=60)
    assert kept.broken_off()
    ended(kept, replace(KEPT, closed=True))
    assert not kept.broken_off()


def test_the_oldest_files_go(kept: Sessions) -> None:
    paths = [ended(kept, KEPT, age=age) for age in range(10, 230, 10)]
    ancient = ended(kept, KEPT, age=31 * 86_400)
    kept.begin().release()
    assert not ancient.exists()
    assert [path.exists() for path in paths] == [True] * 20 + [False] * 2
    kept.begin().release()
    assert len(list(kept.folder.glob("session-*.lock"))) == 21, (
        "those of files that are there, and the last one's"
    )


def as_text(change: Callable[[dict[str, object]], object]) -> bytes:
    fields = json.loads(resumption_text(KEPT))
    change(fields)
    return json.dumps(fields).encode()


UNREADABLE = {
    "garbage": (b"\x00\xff garbage", "could not be read"),
    "nothing": (b"", "could not be read"),
    "a list": (b"[]", "could not be read"),
    "too deep": (b"[" * 200_000, "could not be read"),
    "a newer one": (as_text(lambda fields: fields.update(version=2)), "was written by a newer auditui"),
    "no place": (as_text(lambda fields: fields.update(steps=[])), "could not be read"),
    "a place of no search": (as_text(lambda fields: fields.update(searches=[])), "could not be read"),
    "a number too big": (as_text(lambda fields: fields.update(at=1 << 80)), "could not be read"),
    "no such zone": (as_text(lambda fields: fields.update(zone=HOSTILE)), "could not be read"),
    "too large": (b" " * (4 << 20) + b"{}", "is too large to be one"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_told_and_passed_over(kept: Sessions, name: str) -> None:
    content, words = UNREADABLE[name]
    bad = ended(kept, KEPT)
    bad.write_bytes(content)
    with pytest.raises(NotRemembered) as raised:
        kept.take()
    assert f"{bad} {words}." in raised.value.sentences()
    good = ended(kept, KEPT, age=60)
    taken = kept.take()
    assert taken is not None
    assert taken.file.path == good
    assert taken.notices == (f"{bad} {words}. It was passed over.",)
    assert bad.read_bytes() == content


def test_a_link_is_not_followed(kept: Sessions, tmp_path: Path) -> None:
    path = ended(kept, KEPT)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotRemembered, match="is a symbolic link"):
        kept.take()


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_text_with_a_strange_value_is_read_or_refused(data: st.DataObject) -> None:
    fields = json.loads(resumption_text(KEPT))
    where = data.draw(
        st.sampled_from([fields, fields["steps"][0], fields["steps"][0]["view"], fields["searches"][0]])
    )
    strange = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.lists(st.integers(), max_size=3)
    )
    where[data.draw(st.sampled_from(sorted(where)))] = data.draw(strange)
    found = None
    with suppress(Unreadable):
        found = resumption_from(json.dumps(fields).encode())
    assert found is None or resumption_from(resumption_text(found).encode()) == found


def test_an_owner_is_known_again_and_not_told() -> None:
    owner = Owner.of("https://acme.atlassian.net|ana@example.com", b"salt" * 4)
    assert owner.owns("https://acme.atlassian.net|ana@example.com")
    assert not owner.owns("https://acme.atlassian.net|ben@example.com")
    assert Owner.of("https://acme.atlassian.net|ana@example.com", b"tlas" * 4).digest != owner.digest
