"""Every state in which a keyring is met, through the program in a terminal: what it says, that keys are heeded, what it keeps."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from tests.pty_terminal import PtyTerminal
from tests.stand_ins import SilentKeyring
from tests.started import AUDITUI
from tests.token.planted import EMAIL, TOKEN, assert_not_in, holding
from tests.token.site import PlantedSite, serve

HERE = Path(__file__).parent
LOCKED = "Your keyring is locked and cannot be unlocked from this terminal."
NONE = "No keyring is available here (usual over SSH)."
SILENT = "Your keyring did not answer within 3 seconds."


class Session(Protocol):
    """An environment of its own: see conftest.py."""

    environ: dict[str, str]


@dataclass(frozen=True)
class State:
    """How a keyring is made, and what is said of it."""

    words: str
    service: str = ""
    """A Secret Service: `unlocked`, `locked`, `never set up`; or a broken one: `mute`, `prompt`, `die`; `none` on a bus."""
    address: str = ""
    back_end: str = ""
    plug_in: bool = False
    """Whether a back end that keeps plain text is installed beside keyring, as keyrings.alt is."""
    usable: bool = False
    title: str = "no keyring that can be used here"


STATES = {
    "unlocked": State(
        "Tokens are kept in Secret Service (Login).", "unlocked", usable=True, title="Secret Service (Login)"
    ),
    "locked": State(LOCKED, "locked"),
    "never set up": State(f"{LOCKED} It was never set up.", "never set up"),
    "a bus without a service": State(NONE, "none"),
    "no bus": State(NONE),
    "a dead bus": State(NONE, address="unix:path=/nonexistent/bus"),
    "a garbage address": State(NONE, address="garbage"),
    "a bus that never speaks": State(NONE, address="listening"),
    "a mute service": State(SILENT, "mute"),
    "a prompt that nobody sees": State(SILENT, "prompt"),
    "one that dies midway": State("Your keyring failed. It answered with", "die"),
    "a plug-in that keeps plain text": State(NONE, plug_in=True),
    "a silent back end": State(SILENT, back_end="silent"),
    "null": State("keyring.backends.null.Keyring keeps nothing.", back_end="keyring.backends.null.Keyring"),
    "no such back end": State("PYTHON_KEYRING_BACKEND names “no.such.X”", back_end="no.such.X"),
    "plain text by hand": State(
        "Tokens are kept UNENCRYPTED in plain_keyring.PlaintextKeyring.",
        back_end="plain_keyring.PlaintextKeyring",
        usable=True,
        title="UNENCRYPTED in plain_keyring.PlaintextKeyring",
    ),
}
CASES = [
    pytest.param(name, marks=pytest.mark.secret_service if STATES[name].service else ()) for name in STATES
]


@contextmanager
def never_speaking(folder: Path) -> Iterator[str]:
    """The address of a bus that takes connections and says nothing."""
    path = folder / "silent-bus"
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(path))
        bus.listen()
        yield f"unix:path={path}"


def install_plug_in(folder: Path) -> None:
    """Let keyring find the stand-in back end by itself."""
    told = folder / "plain_keyring-1.0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: plain-keyring\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[keyring.backends]\nplain = plain_keyring\n")
    (folder / "plain_keyring.py").write_text((HERE / "plain_keyring.py").read_text())


@pytest.fixture
def environ(
    state: str,
    home: Path,
    plain_session: Session,
    on_bus: Callable[[], Session],
    with_service: Callable[[str], Session],
    with_broken_service: Callable[[str], Session],
) -> Iterator[dict[str, str]]:
    """A terminal's environment with a keyring in this state."""
    made = STATES[state]
    starts = {"": lambda: plain_session, "none": on_bus}
    starts |= dict.fromkeys(("mute", "prompt", "die"), lambda: with_broken_service(made.service))
    session = starts.get(made.service, lambda: with_service(made.service))()
    environ = session.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    environ["PLAIN_KEYRING_FILE"] = str(home / "plain-keyring.json")
    if made.back_end == "silent":
        environ |= SilentKeyring.environ()
    elif made.back_end:
        environ |= {"PYTHON_KEYRING_BACKEND": made.back_end, "PYTHONPATH": str(HERE)}
    if made.plug_in:
        install_plug_in(home / "plug-ins")
        environ["PYTHONPATH"] = str(home / "plug-ins")
    if made.address == "listening":
        with never_speaking(home) as environ["DBUS_SESSION_BUS_ADDRESS"]:
            yield environ
        return
    if made.address:
        environ["DBUS_SESSION_BUS_ADDRESS"] = made.address
    yield environ


@contextmanager
def signing_in(environ: dict[str, str]) -> Iterator[PtyTerminal]:
    """The dialog that opens where no account is known."""
    with PtyTerminal(AUDITUI, environ, columns=160, rows=36) as terminal:
        terminal.until("Test and continue")
        yield terminal


def on_one_line(text: str) -> str:
    """What stands in the dialog, without its frame and the breaks of its lines."""
    return " ".join(text.replace("│", " ").split())


def assert_ends_at_once(terminal: PtyTerminal) -> None:
    """It ends, and is not held up by a keyring that would be given three seconds."""
    terminal.send("\x11")
    asked = time.monotonic()
    assert terminal.exit_status() == 0
    assert time.monotonic() - asked < 2.5


@pytest.fixture
def url() -> Iterator[str]:
    """A site that takes the token."""
    with serve(PlantedSite()) as origin:
        yield origin


@pytest.mark.parametrize("state", CASES)
def test_it_is_said_while_keys_are_heeded_and_nothing_is_kept(
    state: str, environ: dict[str, str], home: Path
) -> None:
    made = STATES[state]
    with signing_in(environ) as terminal:
        terminal.send("acme")
        terminal.until("= https://acme.atlassian.net")
        terminal.until(made.title)
        terminal.until_so(lambda: made.words in on_one_line(terminal.text), f"it says {made.words}")
        chosen = f"(x) {made.title}" if made.usable else "(x) this session only"
        assert chosen in terminal.text
        assert b"assword for" not in terminal.raw
        assert_ends_at_once(terminal)
    assert not (home / "config").exists()
    assert not (home / "plain-keyring.json").exists()


@pytest.mark.parametrize(
    "state", [case for case in CASES if case.values[0] in ("unlocked", "plain text by hand")]
)
def test_a_token_is_kept_where_it_was_said_and_found_by_the_next_start(
    state: str, environ: dict[str, str], home: Path, url: str
) -> None:
    made = STATES[state]
    with signing_in(environ) as terminal:
        terminal.until(f"(x) {made.title}")
        terminal.send(f"{url}\t{EMAIL}\t{TOKEN}\r")
        terminal.until("all 60 loaded")
        terminal.until_so(lambda: b"aved " in terminal.raw, "it says that it is saved")
        assert_ends_at_once(terminal)
    with PtyTerminal(AUDITUI, environ, columns=160, rows=36) as terminal:
        terminal.until("all 60 loaded")
        assert b"Sign in" not in terminal.raw
        assert_ends_at_once(terminal)
    assert_not_in(bytes(terminal.raw), "the terminal")
    assert [path.name for path in holding(home)] == (["plain-keyring.json"] if state != "unlocked" else [])


@pytest.mark.parametrize(
    "state",
    [case for case in CASES if case.values[0] in ("a mute service", "a plug-in that keeps plain text")],
)
def test_one_can_go_on_without_it_and_nothing_is_written(
    state: str, environ: dict[str, str], home: Path, url: str
) -> None:
    with signing_in(environ) as terminal:
        terminal.until("(x) this session only")
        terminal.send(f"{url}\t{EMAIL}\t{TOKEN}\r")
        terminal.until("all 60 loaded")
        assert_ends_at_once(terminal)
    assert_not_in(bytes(terminal.raw), "the terminal")
    assert holding(home) == []
