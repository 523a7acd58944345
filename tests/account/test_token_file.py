"""The credentials file: closed to others, whole after every write, and readable again."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from string import ascii_letters, digits, punctuation
from tempfile import TemporaryDirectory

import pytest
from filelock import FileLock
from hypothesis import given, strategies

from auditui.account.token_file import TokenFile
from auditui.model.account import Account, Credential
from auditui.model.errors import CredentialFileRefused
from auditui.model.secret import Secret
from auditui.model.site import Site

PRINTABLE = ascii_letters + digits + punctuation


TOKEN = "s3cr3t-t0ken"


def a_credential(site: str = "acme", token: str = TOKEN) -> Credential:
    return Credential(Account(Site.parse(site), "ann@example.com"), Secret(token))


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "config" / "auditui" / "credentials")


@pytest.fixture
def written(file: TokenFile) -> TokenFile:
    file.put(a_credential())
    return file


def refusal(file: TokenFile) -> str:
    with pytest.raises(CredentialFileRefused) as reading:
        file.read()
    with pytest.raises(CredentialFileRefused):
        file.put(a_credential("other"))
    assert TOKEN not in reading.value.sentences()
    return reading.value.sentences()


def test_without_a_file_nothing_is_kept(file: TokenFile) -> None:
    assert file.read() == ()
    assert file.drop(a_credential().account) is False
    assert not file.path.parent.exists()


@given(strategies.text(PRINTABLE, min_size=1))
def test_any_token_comes_back_as_it_was(token: str) -> None:
    with TemporaryDirectory() as folder:
        file = TokenFile(Path(folder) / "credentials")
        file.put(a_credential(token=token))
        assert file.read() == (a_credential(token=token),)


@given(strategies.binary() | strategies.text().map(json.dumps).map(str.encode))
def test_any_bytes_are_read_or_passed_over(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "credentials"
        path.touch(mode=0o600)
        path.write_bytes(content)
        assert TokenFile(path).read() == ()


def test_only_the_owner_can_read_it_whatever_the_umask(file: TokenFile) -> None:
    before = os.umask(0)
    try:
        file.put(a_credential())
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_an_open_folder_is_closed(file: TokenFile) -> None:
    file.path.parent.mkdir(parents=True)
    file.path.parent.chmod(0o755)
    file.put(a_credential())
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_the_newest_comes_first_and_replaces_its_older_self(written: TokenFile) -> None:
    written.put(a_credential("other"))
    written.put(a_credential(token="newer"))
    assert written.read() == (a_credential(token="newer"), a_credential("other"))


def test_nothing_else_lies_in_the_folder(written: TokenFile) -> None:
    written.put(a_credential("other"))
    assert sorted(path.name for path in written.path.parent.iterdir()) == ["credentials", "credentials.lock"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_open_to_others_is_refused(written: TokenFile, mode: int) -> None:
    written.path.chmod(mode)
    words = refusal(written)
    assert f"is open to other users (mode {mode:04o})" in words
    assert f"chmod 600 {written.path}" in words


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_of_another_user_is_refused(written: TokenFile) -> None:
    os.chown(written.path, 12345, -1)
    assert "belongs to another user" in refusal(written)


def test_a_symbolic_link_is_refused_and_its_target_left_alone(written: TokenFile, tmp_path: Path) -> None:
    target = written.path.rename(tmp_path / "target")
    before = target.read_bytes()
    written.path.symlink_to(target)
    assert "is a symbolic link" in refusal(written)
    assert target.read_bytes() == before


def test_a_pipe_is_refused_at_once(file: TokenFile) -> None:
    file.path.parent.mkdir(parents=True)
    os.mkfifo(file.path, 0o600)
    assert "is not a plain file" in refusal(file)


def test_a_file_beyond_all_measure_is_refused_and_left_as_it_is(written: TokenFile) -> None:
    with written.path.open("a") as more:
        more.write(" " * (1 << 20))
    before = written.path.read_bytes()
    assert "larger than any that auditui writes" in refusal(written)
    assert written.path.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
def test_a_device_is_refused_at_once(tmp_path: Path) -> None:
    assert "is not a plain file" in refusal(TokenFile(Path("/dev/zero")))


def test_a_folder_is_refused(file: TokenFile) -> None:
    file.path.mkdir(mode=0o700, parents=True)
    assert "(Is a directory)" in refusal(file)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    assert "cannot be read (Not a directory)" in refusal(TokenFile(tmp_path / "config" / "credentials"))


def test_dropping_the_last_deletes_the_file(written: TokenFile) -> None:
    written.put(a_credential("other"))
    assert written.drop(a_credential().account) is True
    assert written.read() == (a_credential("other"),)
    assert written.drop(a_credential("other").account) is True
    assert not written.path.exists()


def test_dropping_from_a_damaged_file_deletes_it(written: TokenFile) -> None:
    written.path.write_bytes(written.path.read_bytes()[:-3])
    assert written.drop(a_credential().account) is False
    assert not written.path.exists()


def test_a_damaged_element_does_not_cost_the_others(written: TokenFile) -> None:
    good = json.loads(written.path.read_text())
    written.path.write_text(json.dumps([7, {"site": "acme"}, {**good[0], "token": "two words"}, *good, None]))
    assert written.read() == (a_credential(),)


def test_deep_nesting_is_damage(written: TokenFile) -> None:
    written.path.write_text("[" * 100_000)
    assert written.read() == ()


# Other runs

WRITER = """
import sys
from pathlib import Path
from auditui.account.token_file import TokenFile
from tests.account.test_token_file import a_credential
file = TokenFile(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(15):
    file.put(a_credential(f"{sys.argv[2]}{number}"))
"""


def test_two_runs_lose_nothing_of_each_other(file: TokenFile) -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file.path), name],
            cwd=Path(__file__).parent.parent.parent,
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
    assert {each.account.site.host for each in file.read()} == {
        f"{name}{number}.atlassian.net" for name in ("one", "two") for number in range(15)
    }


def test_one_that_does_not_end_its_writing_is_not_waited_for(written: TokenFile) -> None:
    hasty = TokenFile(written.path, patience=0)
    with FileLock(written.path.with_name("credentials.lock")):
        assert hasty.read() == (a_credential(),)
        with pytest.raises(CredentialFileRefused, match="Another auditui is writing"):
            hasty.put(a_credential("other"))
        with pytest.raises(CredentialFileRefused, match="Another auditui is writing"):
            hasty.drop(a_credential().account)
    assert written.read() == (a_credential(),)


@pytest.mark.parametrize(
    "next_use",
    [
        lambda file: file.read(),
        lambda file: file.put(a_credential("other")),
        lambda file: file.drop(a_credential().account),
    ],
    ids=["read", "put", "drop"],
)
@pytest.mark.parametrize("whole", [True, False], ids=["beside a file", "alone"])
def test_the_token_that_a_killed_run_was_writing_does_not_stay(
    written: TokenFile, whole: bool, next_use: Callable[[TokenFile], object]
) -> None:
    left = written.path.with_name(".credentials-x_7abcde")
    left.write_bytes(written.path.read_bytes())
    if not whole:
        written.path.unlink()
    next_use(written)
    assert not left.exists()


def test_what_another_run_is_writing_stays(written: TokenFile) -> None:
    under_way = written.path.with_name(".credentials-x_7abcde")
    under_way.touch()
    with FileLock(written.path.with_name("credentials.lock")):
        assert written.read() == (a_credential(),)
    assert under_way.exists()
