"""A home of our own, a keyring that is a file, and private D-Bus sessions with good, locked and broken services."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditui.model.account import Account
from auditui.model.site import Site

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"""

PRELUDE = """
import asyncio, json
from auditui.account.keyrings import Keyrings
from auditui.account.vault import Place, Saved, Vault
from auditui.model.account import Account
from auditui.model.errors import AudituiError
from auditui.model.secret import Secret
from auditui.model.site import Site

ACCOUNT = Account(Site.parse("acme"), "ann@example.com")
TOKEN = Secret("s3cr3t-t0ken")
vault = Vault(Keyrings({seconds}))

async def main():
    try:
        return await steps()
    except AudituiError as error:
        return error.sentences()

async def steps():
{steps}

print(json.dumps(asyncio.run(main())))
"""


@pytest.fixture
def account() -> Account:
    return Account(Site.parse("acme"), "ann@example.com")


@pytest.fixture(autouse=True)
def home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """For every test of accounts, and no keyring is chosen by hand: what D-Bus offers decides."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    return home


@pytest.fixture
def chosen_keyring(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working back end, chosen by the variable; the answer is the file in which it writes plain text."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "plain_keyring.PlaintextKeyring")
    path = home / "plain-keyring.json"
    monkeypatch.setenv("PLAIN_KEYRING_FILE", str(path))
    return path


@dataclass(frozen=True)
class Session:
    """An environment in which steps run in a process of their own, as `keyring` keeps its choice for a process."""

    environ: dict[str, str]

    def with_variables(self, **variables: str) -> Session:
        """The same with other variables."""
        return Session({**self.environ, **variables})

    def outcome(self, steps: str, *, seconds: float = 3.0) -> Any:
        """What the steps return; the words of an AudituiError that they raise."""
        code = PRELUDE.format(seconds=seconds, steps=textwrap.indent(textwrap.dedent(steps), "    "))
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=self.environ,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "s3cr3t-t0ken" not in done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def plain_session(home: Path) -> Session:
    """No D-Bus at all."""
    return Session(dict(os.environ))


@pytest.fixture
def on_bus(home: Path) -> Iterator[Callable[[], Session]]:
    """Starts a private D-Bus session, without any service on it."""
    _need("dbus-daemon")
    with ExitStack() as processes:

        def start() -> Session:
            config = home / "bus.conf"
            config.write_text(BUS.format(folder=home / "run"))
            bus = processes.enter_context(
                _process(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"])
            )
            return Session({**os.environ, "DBUS_SESSION_BUS_ADDRESS": _line(bus)})

        yield start


@pytest.fixture
def with_service(on_bus: Callable[[], Session]) -> Iterator[Callable[[str], Session]]:
    """Starts gnome-keyring on a private bus: `unlocked`, `locked` or `never set up`."""
    _need("gnome-keyring-daemon")
    with ExitStack() as processes:

        def start(state: str) -> Session:
            session = on_bus()
            words = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
            words += [] if state == "never set up" else ["--unlock"]
            keyring = processes.enter_context(_process(words, session.environ))
            assert keyring.stdin is not None
            # the password of the keyring ends where stdin ends, and must have no line end
            with keyring.stdin as stdin:
                stdin.write("a-password")
            _control(session, "wait")
            if state == "locked":
                _control(session, "lock")
            return session

        yield start


@pytest.fixture
def with_broken_service(on_bus: Callable[[], Session]) -> Iterator[Callable[[str], Session]]:
    """Starts our own Secret Service on a private bus: `mute`, `prompt` or `die`."""
    with ExitStack() as processes:

        def start(mode: str) -> Session:
            session = on_bus()
            words = [sys.executable, str(HERE / "broken_service.py"), mode]
            assert _line(processes.enter_context(_process(words, session.environ))) == "ready"
            return session

        yield start


def _need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed (apt-get install dbus gnome-keyring)")


def _control(session: Session, step: str) -> None:
    subprocess.run(
        [sys.executable, str(HERE / "service_control.py"), step], env=session.environ, timeout=20, check=True
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@contextmanager
def _process(words: list[str], environ: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        words,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()
