"""What `auditui doctor` says of a keyring, with a real Secret Service, a broken one, and none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

HERE = Path(__file__).parent.parent.parent


class Session(Protocol):
    """An environment of its own, with or without D-Bus: see conftest.py."""

    environ: dict[str, str]

    def outcome(self, steps: str, *, seconds: float = 3.0) -> Any: ...


def report(environ: Mapping[str, str], *options: str) -> tuple[int, str]:
    """The exit status, and what is printed, each finding on one line."""
    done = subprocess.run(
        [sys.executable, "-m", "auditui", "doctor", "--offline", *options],
        env=dict(environ),
        cwd=HERE,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.stderr == ""
    for secret in ("s3cr3t-t0ken", "ann@", environ["HOME"]):
        assert secret not in done.stdout
    return done.returncode, done.stdout.replace("\n" + " " * 26, " ")


def test_without_d_bus(plain_session: Session) -> None:
    status, told = report(plain_session.environ)
    assert status == 4
    assert "note     D-Bus          DBUS_SESSION_BUS_ADDRESS is not set" in told
    assert "warning  Keyring        No keyring is available here (usual over SSH). -> To keep" in told


@pytest.mark.secret_service
def test_an_unlocked_keyring_with_an_account(with_service: Callable[[str], Session]) -> None:
    session = with_service("unlocked")
    session.outcome("await vault.save(ACCOUNT, TOKEN, Place.KEYRING)")
    status, told = report(session.environ)
    assert status == 0
    assert "ok       D-Bus          DBUS_SESSION_BUS_ADDRESS=unix:path=~/run/" in told
    assert "ok       Keyring        Secret Service (Login)" in told
    assert "ok       Used now       a***@example.com at acme.atlassian.net, from keyring: Secret" in told
    assert "ok       Saved          a***@example.com at acme.atlassian.net (keyring)" in told


@pytest.mark.secret_service
def test_a_locked_keyring(with_service: Callable[[str], Session]) -> None:
    status, told = report(with_service("locked").environ)
    assert status == 4
    assert "warning  Keyring        Your keyring is locked and cannot be unlocked from this" in told


@pytest.mark.secret_service
def test_a_keyring_that_never_answers_is_given_up(with_broken_service: Callable[[str], Session]) -> None:
    status, told = report(with_broken_service("mute").environ)
    assert status == 4
    assert "warning  Keyring        Your keyring did not answer within 3 seconds." in told
    assert "note     Saved          the keyring could not be asked" in told
    assert "ok       Cache          ~/cache/auditui (made when it is needed)" in told
