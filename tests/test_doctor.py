"""`auditui doctor`, from the outside: in terminals and without, over good and bad networks, with nothing secret in it."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from auditui.cli import main
from auditui.commands.doctor import multiplexer, terminal
from auditui.commands.doctor.multiplexer import Tmux, of_tmux
from auditui.demo.site import EMAIL
from auditui.demo.site import TOKEN as DEMO_TOKEN
from auditui.model.errors import UsageError
from auditui.session.checkup import way
from auditui.session.checkup.finding import Verdict
from tests import pty_terminal
from tests.pty_terminal import PtyTerminal

TOKEN = "s3cr3t-t0ken"
PASSWORD = "hunter2-and-more"
HERE = Path(__file__).parent.parent


class Told:
    """What was printed, read as a person would: each topic's verdict, words and remedy."""

    def __init__(self, text: str, status: int) -> None:
        self.text = text
        self.status = status
        joined = re.sub(r"\n {26,}(?!-> )", " ", text)
        lines = re.findall(r"^  (\w+) +(.+?)(?:  +(.*))$((?:\n {26}-> .*$)?)", joined, re.MULTILINE)
        self.lines = [(topic, verdict, words, remedy.strip()) for verdict, topic, words, remedy in lines]

    def of(self, topic: str) -> tuple[str, str, str]:
        """Verdict, words and remedy of a topic, which must be told once."""
        (found,) = [rest for name, *rest in self.lines if name == topic]
        return found[0], found[1], found[2].removeprefix("-> ")

    def verdicts(self) -> dict[str, str]:
        return {topic: verdict for topic, verdict, _, _ in self.lines}


Doctor = Callable[..., Told]


@pytest.fixture
def doctor(home: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Runs it in this process, without a terminal, and sees that nothing secret and nothing too wide is printed."""

    def run(*options: str) -> Told:
        status = main(["doctor", *options])
        told = Told(capsys.readouterr().out, status)
        assert not revealed(told.text, home)
        assert max(map(len, told.text.splitlines())) <= 100
        assert told.lines
        return told

    return run


def revealed(text: str, home: Path) -> list[str]:
    """What must never be in a report and is in this one."""
    return [secret for secret in (TOKEN, PASSWORD, str(home), EMAIL, "ann@", "\x1b") if secret in text]


@pytest.fixture
def environ(home: Path) -> dict[str, str]:
    """The environment for a process of its own in a terminal."""
    dropped = ("TMUX", "STY", "COLORTERM", "LC_ALL", "LC_CTYPE", "PYTHONUTF8", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SSH_")}
    return {name: value for name, value in kept.items() if name not in dropped} | {
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }


def in_a_terminal(
    environ: Mapping[str, str], *options: str, columns: int = 120, rows: int = 80
) -> tuple[Told, bytes]:
    """What stands on the screen of a pty in the end, and every byte of it."""
    command = ["-m", "auditui", "doctor", *options]
    with PtyTerminal(command, environ, columns=columns, rows=rows) as opened:
        status = opened.exit_status()
        text = "\n".join(line.rstrip() for line in opened.text.splitlines())
        return Told(text, status), bytes(opened.raw)


def signed_in(monkeypatch: pytest.MonkeyPatch, url: str, token: str = DEMO_TOKEN, email: str = EMAIL) -> None:
    monkeypatch.setenv("AUDITUI_SITE", url)
    monkeypatch.setenv("AUDITUI_EMAIL", email)
    monkeypatch.setenv("AUDITUI_TOKEN", token)


# Without a terminal


def test_nothing_is_set_up(doctor: Doctor) -> None:
    told = doctor("--offline")
    assert told.status == 4
    assert told.verdicts()["Terminal"] == "note"
    verdict, words, remedy = told.of("Used now")
    assert (verdict, remedy.split(",")[0]) == ("FAILED", "Sign in with auditui")
    assert words.startswith("It is not known whether an account is saved.")
    assert told.of("Keyring")[0] == "warning"
    assert told.of("Site") == ("skipped", "not asked, as --offline was given", "")
    assert "1 failed, 1 warning." in told.text


def test_the_demo_needs_neither_account_nor_network(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", None)
    monkeypatch.setenv("HTTPS_PROXY", f"junk://ann:{PASSWORD}@127.0.0.1")
    told = doctor("--demo")
    assert told.status == 0
    assert [told.of(topic)[0] for topic in ("Site", "Audit log", "Retention")] == ["ok"] * 3
    assert told.of("Used now") == ("ok", "the demo site, which needs none", "")
    assert told.of("Keyring")[0] == "note"
    assert "Name" not in told.verdicts()


def test_a_gateway_that_is_none_stops_even_the_demo(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITUI_GATEWAY", "http://gateway.example.com")
    told = doctor("--demo")
    assert told.status == 2
    words = "AUDITUI_GATEWAY: gateway.example.com would be reached without encryption."
    assert told.of("Gateway")[1].startswith(words)
    assert told.of("Site")[0] == "skipped"


def test_a_site_that_can_be_read(doctor: Doctor, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(monkeypatch, url)
    told = doctor("--tz=utc")
    assert told.status == 0
    steps = ("Name", "Connection", "Site", "Audit log", "Clock", "Retention")
    assert [told.of(topic)[0] for topic in steps] == ["ok"] * 6
    assert told.of("Used now")[1] == f"d***@example.com at {url.removeprefix('http://')}, from AUDITUI_TOKEN"
    assert told.of("Connection")[1].startswith("not encrypted, as it does not leave this machine")
    assert told.of("Audit log")[1].startswith("can be read, at the site’s own address")
    assert told.of("Retention")[1].startswith("records are kept for 12 months, from 20")
    assert told.of("Time")[1].endswith(", UTC")


def test_only_one_record_is_asked_for(
    doctor: Doctor, site: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(monkeypatch, url)
    doctor()
    audits = [asked for asked in site.requests if asked.path == "/wiki/rest/api/audit"]
    assert [asked.params["limit"] for asked in audits] == ["1"]
    assert {asked.method for asked in site.requests} == {"GET"}


def test_a_token_that_is_refused(doctor: Doctor, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(monkeypatch, url, TOKEN, "ann@example.com")
    told = doctor()
    assert told.status == 4
    verdict, words, remedy = told.of("Audit log")
    assert verdict == "FAILED"
    assert words.startswith("Atlassian rejected the token for a***@example.com.")
    assert "create a new token" in remedy
    assert told.of("Clock")[0] == "ok"
    assert told.of("Retention") == ("skipped", "not tried, as “Audit log” failed", "")


def test_a_site_without_a_token_is_asked_what_it_tells_anybody(doctor: Doctor, site: Any, url: str) -> None:
    told = doctor("--site", url)
    assert told.status == 4
    assert told.of("Site")[0] == "ok"
    assert told.of("Audit log") == ("skipped", "not asked, as there is no token", "")
    assert [asked.path for asked in site.requests] == ["/_edge/tenant_info"]


def test_a_port_that_refuses(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        signed_in(monkeypatch, f"http://127.0.0.1:{taken.getsockname()[1]}", TOKEN)
        told = doctor()
    assert told.status == 1
    verdict, words, remedy = told.of("Connection")
    assert verdict == "FAILED"
    assert "refused the connection." in words
    assert remedy == "Check the site address and your network."
    assert [told.of(topic)[0] for topic in ("Site", "Audit log", "Retention")] == ["skipped"] * 3


def test_a_name_that_is_looked_up_for_ever(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    done = Event()

    def hang(*_: Any, **__: Any) -> Any:
        done.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(way, "_LOOK_UP", 0.2)
    try:
        told = doctor("--site", "acme.example.com")
    finally:
        done.set()
    assert told.status == 1
    verdict, words, remedy = told.of("Name")
    assert verdict == "FAILED"
    assert words.startswith("No address of acme.example.com came within")
    assert "set HTTPS_PROXY" in remedy
    assert told.of("Connection") == ("skipped", "not tried, as “Name” failed", "")


def test_a_site_that_says_nothing_is_given_up(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditui.session.checkup.site._ANSWER", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        signed_in(monkeypatch, host, TOKEN)
        told = doctor()
    assert told.status == 1
    assert told.of("Site") == ("FAILED", f"{host} did not answer within 1 s.", "Try again later.")
    assert told.of("Audit log")[0] == "skipped"


@contextmanager
def answering(status: int, body: bytes, date: str, gate: Event | None = None) -> Iterator[str]:
    """A site that gives one answer to everything, with a clock of its own; not before the gate is set."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if gate:
                gate.wait(20)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return date

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


PAGE = json.dumps({"cloudId": "c1", "results": [], "number": 1, "units": "YEARS"}).encode()


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("Thu, 01 Jan 2099 00:00:00 GMT", r"This machine’s clock is [\d,]+ s behind the site’s"),
        ("Thu, 01 Jan 2015 00:00:00 GMT", r"This machine’s clock is [\d,]+ s ahead of the site’s"),
    ],
)
def test_a_clock_that_is_wrong(
    date: str, words: str, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(200, PAGE, date) as url:
        signed_in(monkeypatch, url, TOKEN)
        told = doctor()
    assert told.status == 0
    verdict, clock, remedy = told.of("Clock")
    assert verdict == "warning"
    assert re.match(words, clock)
    assert "NTP" in remedy


def test_a_site_that_is_no_confluence(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(404, b"\x1b[2Jnothing here", "") as url:
        signed_in(monkeypatch, url, TOKEN)
        told = doctor()
    assert told.status == 1
    assert told.of("Site")[0] == "warning"
    assert told.of("Audit log")[0] == "FAILED"
    assert "Clock" not in told.verdicts()


# Variables


def test_a_proxy_that_does_not_answer(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("HTTPS_PROXY", f"http://corp:{PASSWORD}@{proxy}")
        monkeypatch.setattr("auditui.session.checkup.site._ANSWER", 1.0)
        signed_in(monkeypatch, "acme.example.com", TOKEN, "ann@example.com")
        told = doctor()
    assert told.status == 1
    assert told.of("Proxy")[1] == f"HTTPS_PROXY=http://{proxy} (with a user and password)"
    assert told.of("Name") == ("skipped", f"the proxy {proxy} looks it up", "")
    assert told.of("Connection")[0] == "skipped"
    assert f"No connection came about through the proxy {proxy}." in told.of("Site")[1]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HTTPS_PROXY", f"junk://ann:{PASSWORD}@127.0.0.1", "The environment variable HTTPS_PROXY"),
        ("ALL_PROXY", f"socks5://ann:{PASSWORD}@127.0.0.1", "The environment variable ALL_PROXY"),
        ("NO_PROXY", "[::1]:80", "The environment variable NO_PROXY"),
        ("SSL_CERT_FILE", "nowhere.pem", "SSL_CERT_FILE does not name a readable file"),
    ],
)
def test_a_variable_that_cannot_be_used(
    name: str, value: str, words: str, doctor: Doctor, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv(name, str(home / value) if value.endswith(".pem") else value)
    signed_in(monkeypatch, "acme.example.com", TOKEN, "ann@example.com")
    told = doctor()
    assert told.status == 1
    assert told.of("Variables")[0] == "FAILED"
    assert told.of("Variables")[1].startswith(words)
    assert told.of("Variables")[2] == "Correct the variable or remove it."
    assert told.of("Site") == ("skipped", "not asked, as the variables have to be corrected first", "")


def test_a_site_in_the_environment_that_is_none(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITUI_SITE", "\x1b]0;pwned\x07 acme")
    told = doctor()
    assert told.status == 2
    assert "‹ESC›]0;pwned‹BEL› acme" in told.of("Used now")[1]
    assert told.of("Site")[0] == "skipped"


@pytest.mark.parametrize("option", ["--site=a b", "--email=a b", "--tz=Mars/Olympus"])
def test_an_option_that_is_wrong_is_told_before_anything_is_checked(
    option: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError):
        main(["doctor", option])
    assert capsys.readouterr().out == ""


# Folders


@pytest.mark.skipif(sys.platform == "win32", reason="no modes of this kind")
def test_folders_that_are_open_to_others(doctor: Doctor, home: Path) -> None:
    (home / "config" / "auditui").mkdir(parents=True)
    (home / "config" / "auditui").chmod(0o755)
    told = doctor("--offline")
    assert told.of("Settings") == (
        "warning",
        "~/config/auditui is open to other users (mode 0755).",
        "chmod 700 ~/config/auditui",
    )


@pytest.mark.parametrize("name", ["XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_STATE_HOME", "SSL_CERT_DIR"])
def test_a_path_that_cannot_even_be_looked_for_stops_no_check(
    name: str, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, f"/{'x' * 300}/folder")
    told = doctor("--demo")
    assert told.status == 0
    assert told.of("Retention")[0] == "ok"


def test_a_folder_of_settings_that_cannot_even_be_looked_for_is_told(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", f"/{'x' * 300}")
    told = doctor("--demo")
    assert told.status == 0
    assert told.of("Settings")[0] == told.of("settings.toml")[0] == told.of("Credentials")[0] == "warning"


def test_a_resolver_that_breaks_stops_no_check_and_what_it_says_is_not_repeated(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(PASSWORD)

    monkeypatch.setattr(socket, "getaddrinfo", broken)
    told = doctor("--site", "acme.example.com")
    assert told.status == 1
    assert told.of("Name")[0] == "FAILED"
    assert told.of("Name")[1].startswith("This check broke off: RuntimeError, at test_doctor.py:")
    assert told.of("Retention") == ("skipped", "not tried, as “Name” failed", "")


def test_checks_that_break_in_one_chapter_after_the_other_stop_no_other(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> int:
        raise RuntimeError(PASSWORD)

    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr(os, "getuid", broken)
    monkeypatch.setattr(platform, "platform", broken)
    told = doctor("--demo")
    assert told.status == 1
    for chapter in ("auditui", "Accounts", "Folders"):
        assert told.of(chapter)[0] == "FAILED"
        assert told.of(chapter)[1].startswith("This check broke off: RuntimeError, at test_doctor.py:")
    assert [told.of(topic)[0] for topic in ("Keyring", "State", "Retention")] == ["note", "ok", "ok"]


def test_a_library_that_cannot_be_used_at_all_is_told(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(PASSWORD)

    monkeypatch.setattr(httpx, "AsyncClient", broken)
    told = doctor("--demo")
    assert told.status == 1
    assert told.of("Site")[0] == "FAILED"
    told = doctor("--site", "acme.example.com")
    assert told.status == 1
    assert told.of("Variables")[0] == "FAILED"
    assert told.of("Site")[0] == "skipped"


def test_no_more_is_said_to_be_left_out_than_is(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(monkeypatch, "acme.example.com", TOKEN, "ann@example.com")
    told = doctor("--offline")
    assert "a***@example.com" in told.of("Used now")[1]
    assert "an e-mail address keeps its first letter and its domain" in " ".join(told.text.split())


@pytest.mark.skipif(sys.platform != "linux", reason="asked of Linux")
def test_no_other_program_may_look_into_one_that_holds_the_token(doctor: Doctor) -> None:
    import ctypes

    libc = ctypes.CDLL(None)
    libc.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE
    assert libc.prctl(3, 0, 0, 0, 0) == 1  # PR_GET_DUMPABLE
    doctor("--offline")
    assert libc.prctl(3, 0, 0, 0, 0) == 0


# In a terminal


def test_a_variable_that_no_check_foresees_stops_no_other(environ: dict[str, str]) -> None:
    told, _ = in_a_terminal(environ | {"SSH_TTY": "/dev/pts/1", "ESCDELAY": "9" * 5_000}, "--demo")
    assert told.status == 1
    verdicts = [(verdict, words) for topic, verdict, words, _ in told.lines if topic == "Terminal"]
    assert [verdict for verdict, _ in verdicts] == ["ok", "FAILED"]
    assert "This check broke off: ValueError" in verdicts[1][1]
    assert told.of("Retention")[0] == "ok"


def test_a_terminal_that_answers(environ: dict[str, str], home: Path) -> None:
    told, raw = in_a_terminal(environ, "--demo")
    assert told.status == 0
    assert told.of("Terminal") == ("ok", "TERM=xterm-256color", "")
    assert told.of("Size")[1].startswith("120x80")
    assert told.of("Colours")[1] == "256, by TERM=xterm-256color"
    assert re.fullmatch(r"(\d+|under 1) ms; auditui draws all", told.of("Round trip")[1])
    assert raw.count(b"\x1b") == 1
    assert not revealed(told.text, home)


def test_a_terminal_that_does_not_answer(
    environ: dict[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pty_terminal, "_QUERIES", {})
    told, _ = in_a_terminal(environ, "--demo")
    assert told.status == 0
    assert told.of("Round trip")[:2] == ("note", "The terminal did not answer within 1 s.")


_LOOKED_AT_AFTERWARDS = """
import select, subprocess, sys, termios
before = termios.tcgetattr(0)
subprocess.run([sys.executable, "-m", "auditui", "doctor", *sys.argv[1:]])
print("left as it was" if termios.tcgetattr(0) == before else "left otherwise")
termios.tcsetattr(0, termios.TCSANOW, [*before[:3], before[3] & ~termios.ICANON, *before[4:]])
print("something waits" if select.select([0], [], [], 0)[0] else "nothing waits")
"""


def test_an_answer_that_comes_too_late_is_not_typed_into_the_shell(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pty_terminal, "_QUERIES", {})
    late = Event()
    with answering(200, PAGE, "", gate=late) as url:
        command = ["-c", _LOOKED_AT_AFTERWARDS, "--site", url]
        with PtyTerminal(command, environ, columns=120, rows=80) as opened:
            opened.until("does not leave this machine")
            opened.send(b"\x1b[1;1R")
            late.set()
            opened.until(" waits")
            assert "left as it was" in opened.text
            assert "nothing waits" in opened.text


def test_what_is_typed_ahead_stays(environ: dict[str, str]) -> None:
    late = Event()
    with answering(200, PAGE, "", gate=late) as url:
        command = ["-c", _LOOKED_AT_AFTERWARDS, "--site", url]
        with PtyTerminal(command, environ, columns=120, rows=80) as opened:
            opened.until("does not leave this machine")
            opened.send(b"ls")
            late.set()
            opened.until(" waits")
            assert "something waits" in opened.text


POOR, GOOD = {"TERM": "linux"}, {"TERM": "xterm-256color"}
REMOTE = GOOD | {"SSH_TTY": "/dev/pts/1"}


@pytest.mark.parametrize(
    ("environ", "topic", "verdict", "words"),
    [
        (GOOD, "Colours", Verdict.OK, "256, by TERM=xterm-256color"),
        (POOR, "Colours", Verdict.NOTE, "16, by TERM=linux; auditui takes the theme terminal."),
        ({"TERM": "xterm-kitty"}, "Colours", Verdict.OK, "256, by TERM=xterm-kitty"),
        ({"TERM": "alacritty"}, "Colours", Verdict.OK, "16.7 million, by TERM=alacritty"),
        (POOR | {"COLORTERM": "truecolor"}, "Colours", Verdict.OK, "16.7 million, by COLORTERM=truecolor"),
        (
            POOR | {"NO_COLOR": "1"},
            "Colours",
            Verdict.OK,
            "none, as NO_COLOR is set; marks and words tell the same",
        ),
        (
            GOOD | {"TEXTUAL_COLOR_SYSTEM": "standard"},
            "Colours",
            Verdict.NOTE,
            "16, by TEXTUAL_COLOR_SYSTEM; auditui takes the theme terminal.",
        ),
        (
            POOR,
            "Signs",
            Verdict.NOTE,
            "plain ASCII, as this terminal is expected to have little more",
        ),
        (GOOD, "Signs", Verdict.OK, "lines and blocks are drawn; --ascii if they look wrong"),
        (GOOD, "SSH", Verdict.OK, "no"),
        (GOOD, "Mouse", Verdict.OK, "on, by itself; --no-mouse leaves it to the terminal"),
        (REMOTE, "Mouse", Verdict.OK, "off, by itself; --mouse turns it on"),
        (REMOTE, "Escape delay", Verdict.OK, "400 ms (ESCDELAY)"),
        (
            REMOTE | {"ESCDELAY": "25"},
            "Escape delay",
            Verdict.NOTE,
            "ESCDELAY=25: over a slow line, an arrow key may come in pieces and be taken for esc.",
        ),
        (POOR, "Copies", Verdict.NOTE, "This terminal has no clipboard: copies are written to files."),
        (
            GOOD,
            "Copies",
            Verdict.NOTE,
            "are sent to the terminal (OSC 52); whether it takes them cannot be told.",
        ),
        (
            GOOD | {"STY": "1.x"},
            "Copies",
            Verdict.NOTE,
            "are sent to the terminal, through screen (OSC 52); whether it takes them cannot be told.",
        ),
        (GOOD | {"TMUX": "x"}, "Copies", Verdict.OK, "go to the tmux buffer"),
    ],
)
def test_what_the_environment_says_of_the_terminal(
    environ: dict[str, str], topic: str, verdict: Verdict, words: str
) -> None:
    (found,) = [each for each in terminal.by_environment(environ, None) if each.topic == topic]
    assert (found.verdict, found.words) == (verdict, words)
    assert bool(found.remedy) is (verdict is Verdict.NOTE and topic != "Signs")


def test_what_the_settings_say_of_the_mouse_comes_first() -> None:
    told = [each.words for each in terminal.by_environment(REMOTE, True) if each.topic == "Mouse"]
    assert told == ["on, by the settings; --no-mouse leaves it to the terminal"]


def test_a_variable_for_copies_that_says_nothing() -> None:
    environ = GOOD | {"AUDITUI_CLIPBOARD": "carrier pigeon"}
    wrong, _ = [each for each in terminal.by_environment(environ, None) if each.topic == "Copies"]
    assert wrong.words.startswith("AUDITUI_CLIPBOARD is “carrier pigeon”, which is none of")


def test_an_encoding_that_is_not_utf_8(environ: dict[str, str], home: Path) -> None:
    latin = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "TERM": "", "TMUX": "/nowhere,1,0"}
    told, raw = in_a_terminal(environ | latin | {"STY": "1.x", "PATH": "/nowhere"}, "--demo")
    assert told.status == 0
    assert told.of("Encoding")[0] == "warning"
    assert "(LC_ALL=C) is not UTF-8" in told.of("Encoding")[1]
    assert told.of("Terminal")[0] == "warning"
    assert told.of("Signs")[0] == "note"
    assert told.of("tmux") == ("note", "TMUX is set, and tmux does not answer.", "")
    assert told.of("screen")[1].startswith("of an unknown version")
    assert raw.isascii()


def test_a_terminal_that_cannot_place_text_is_not_asked(environ: dict[str, str]) -> None:
    told, raw = in_a_terminal(environ | {"TERM": "dumb"}, "--demo")
    assert told.status == 1
    assert told.of("Terminal")[0] == "FAILED"
    assert "Round trip" not in told.verdicts()
    assert b"\x1b" not in raw


def test_a_terminal_that_is_too_small(environ: dict[str, str]) -> None:
    with PtyTerminal(["-m", "auditui", "doctor", "--demo"], environ, columns=50, rows=12) as opened:
        opened.exit_status()
        assert b"auditui needs 60x16; this is 50x12." in b" ".join(opened.raw.split())


def test_ctrl_c_ends_it_at_once(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        command = ["-m", "auditui", "doctor", "--site", url]
        with PtyTerminal(command, environ, columns=120, rows=80) as opened:
            opened.until("does not leave this machine")
            opened.send("\x03")
            assert opened.exit_status() == 130


_HANGING_RESOLVER = """
import socket, sys, time
def hang(*_, **__):
    print("looking up", file=sys.stderr, flush=True)
    time.sleep(120)
socket.getaddrinfo = hang
"""


def test_ctrl_c_ends_it_at_once_also_where_a_look_up_hangs(environ: dict[str, str], home: Path) -> None:
    (home / "sitecustomize.py").write_text(_HANGING_RESOLVER)
    proxied = environ | {"PYTHONPATH": str(home), "HTTPS_PROXY": "http://proxy.example.com:3128"}
    command = ["-m", "auditui", "doctor", "--site", "acme.example.com"]
    with PtyTerminal(command, proxied, columns=120, rows=80) as opened:
        opened.until("looking up")
        opened.send("\x03")
        assert opened.exit_status() == 130


def test_a_reader_that_goes_away_is_no_crash(environ: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "auditui", "doctor", "--demo"],
        env=environ,
        cwd=HERE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(20) == 141
        assert process.stderr.read() == ""


def test_a_narrow_terminal_breaks_no_line(environ: dict[str, str]) -> None:
    _, raw = in_a_terminal(environ, "--demo", columns=64, rows=120)
    told = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw.decode())
    assert "Audit log" in told
    assert max(map(len, told.splitlines())) <= 64


# tmux


@pytest.fixture
def tmux_server(tmp_path: Path) -> Iterator[str]:
    """The name of a tmux server of our own, with the defaults of tmux."""
    name = f"auditui-{os.getpid()}-{tmp_path.name}"
    yield name
    subprocess.run(["tmux", "-L", name, "kill-server"], stderr=subprocess.DEVNULL, check=False)


@pytest.mark.program("tmux")
@pytest.mark.parametrize(
    ("outside", "verdict", "copies"),
    [("xterm-256color", "ok", "go to its buffer"), ("linux", "note", "tmux does not know that the terminal")],
)
def test_inside_a_default_tmux(
    outside: str, verdict: str, copies: str, tmux_server: str, environ: dict[str, str], home: Path
) -> None:
    told_to = home / "told.txt"
    inside = f"'{sys.executable}' -m auditui doctor --demo > '{told_to}'; echo $? > '{told_to}.status'"
    command = ["-L", tmux_server, "-f", "/dev/null", "new-session", "-c", str(HERE), inside]
    program = shutil.which("tmux")
    assert program is not None
    with PtyTerminal(command, environ | {"TERM": outside}, columns=120, rows=36, program=program) as opened:
        assert opened.exit_status() == 0
    text = told_to.read_text()
    told = Told(text, int(Path(f"{told_to}.status").read_text()))
    assert told.status == 0
    assert re.search(r", escape-time \d+ ms", told.of("tmux")[1])
    assert told.of("tmux copies")[0] == verdict
    assert told.of("tmux copies")[1].startswith(copies)
    assert told.of("Copies") == ("ok", "go to the tmux buffer", "")
    assert "to tmux, which answers itself" in told.of("Round trip")[1]
    assert not revealed(text, home)


SOUND = Tmux("3.3a", 20, "external", False, "xterm", frozenset({"clipboard"}))


@pytest.mark.parametrize(
    ("version", "loads"),
    [("3.3a", True), ("3.2", True), ("next-3.6", True), ("10.0", True), ("3.1c", False), ("2.9", False)],
)
def test_which_tmux_brings_copies_to_the_terminal(version: str, loads: bool) -> None:
    _, copies = of_tmux(Tmux(version, 20, "external", False, "xterm", frozenset({"clipboard"})))
    assert (copies.verdict is Verdict.OK) is loads


def test_a_tmux_without_fault() -> None:
    assert [finding.verdict for finding in of_tmux(SOUND)] == [Verdict.OK, Verdict.OK]


def test_nobody_looks_at_the_tmux_so_nothing_is_said_of_its_terminal() -> None:
    _, copies = of_tmux(Tmux("3.3a", 20, "external", False, "", frozenset()))
    assert copies.verdict is Verdict.OK


def test_a_tmux_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tmux"
    says = "3.3a|20|external|0|xterm|clipboard"
    program.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(4)\nprint({says!r})\n")
    program.chmod(0o700)
    monkeypatch.setattr(multiplexer, "_LIMIT", 0.2)
    environ = {"TMUX": "x", "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    monkeypatch.setenv("PATH", environ["PATH"])
    assert multiplexer.ask_tmux(environ) is None


@pytest.mark.parametrize(("variable", "program"), [("TMUX", "tmux"), ("STY", "screen")])
def test_what_is_asked_is_not_given_the_token(
    variable: str, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / program
    asked.write_text(f"#!/bin/sh\nenv >'{tmp_path}/seen'\n")
    asked.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    list(multiplexer.checks(os.environ | {variable: "x", "AUDITUI_TOKEN": TOKEN, "LANG": "C.UTF-8"}))
    seen = (tmp_path / "seen").read_text()
    assert "LANG=C.UTF-8" in seen
    assert TOKEN not in seen


@pytest.mark.parametrize(
    ("environ", "took", "slow", "words"),
    [
        ({}, 0.2, None, "under 1 ms; auditui draws all"),
        ({}, 12.4, True, "12 ms; auditui draws less"),
        ({}, 400.0, None, "400 ms: a slow line; auditui draws all."),
        (REMOTE, 140.0, None, "140 ms; auditui draws all"),
        (REMOTE, 400.0, None, "400 ms: a slow line; auditui draws less."),
        (REMOTE, 400.0, False, "400 ms: a slow line; auditui draws all."),
        (
            {"TMUX": "x"},
            400.0,
            None,
            "400 ms to tmux, which answers itself; from there to you is not in it, so a slow line needs --slow",
        ),
        (
            {"TMUX": "x"},
            400.0,
            True,
            "400 ms to tmux, which answers itself; from there to you is not in it",
        ),
        ({}, None, None, "The terminal did not answer within 1 s."),
    ],
)
def test_what_a_round_trip_means(
    environ: dict[str, str], took: float | None, slow: bool | None, words: str
) -> None:
    found = terminal.speed(environ, took, slow)
    assert found.words == words
    assert ("ssh -C" in found.remedy) is (found.verdict is Verdict.NOTE)
