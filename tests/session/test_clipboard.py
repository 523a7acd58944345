"""Which way a copy goes, that it arrives there whole, and that no more is said of it than is known."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from auditui.model.errors import ExportFailed
from auditui.session.clipboard import Clipboard, Copied, told
from auditui.session.clipboard_route import Way, osc52, problem, route, through_screen
from auditui.session.copies import Copy
from auditui.store.places import places

ALL = frozenset({"wl-copy", "xclip", "xsel", "pbcopy"})
SSH = {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}
XTERM = {"TERM": "xterm-256color"}
X11, WAYLAND = {"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}
TMUX, SCREEN = {"TMUX": "/run/tmux/default,1,0", "TERM": "screen"}, {"STY": "1.tty.host", "TERM": "screen"}
LINE = Copy("1 record as one line", "2026-11-01 · Ana · 日本")


def forced(name: str) -> dict[str, str]:
    return {"AUDITUI_CLIPBOARD": name}


@pytest.mark.parametrize(
    ("environ", "installed", "platform", "words"),
    [
        (XTERM, ALL, "linux", "the terminal (OSC 52)"),
        (XTERM | SSH, ALL, "linux", "the terminal (OSC 52)"),
        (XTERM | X11 | SSH, ALL, "linux", "the terminal (OSC 52)"),
        (XTERM | WAYLAND | {"SSH_TTY": "/dev/pts/0"}, ALL, "linux", "the terminal (OSC 52)"),
        (XTERM | X11, ALL, "linux", "the clipboard (xclip)"),
        (XTERM | X11, {"xsel"}, "linux", "the clipboard (xsel)"),
        (XTERM | X11, set(), "linux", "the terminal (OSC 52)"),
        (XTERM | X11, {"wl-copy"}, "linux", "the terminal (OSC 52)"),
        (XTERM | WAYLAND | X11, ALL, "linux", "the clipboard (wl-copy)"),
        (XTERM | WAYLAND | X11, {"xclip"}, "linux", "the clipboard (xclip)"),
        (XTERM, ALL, "darwin", "the clipboard (pbcopy)"),
        (XTERM | SSH, ALL, "darwin", "the terminal (OSC 52)"),
        (XTERM, set(), "win32", "the terminal (OSC 52)"),
        (TMUX, set(), "linux", "the tmux buffer"),
        (TMUX | SSH, set(), "linux", "the tmux buffer"),
        (TMUX | X11, ALL, "linux", "the tmux buffer"),
        (TMUX | SCREEN, set(), "linux", "the tmux buffer"),
        (SCREEN | X11, ALL, "linux", "the terminal, through screen (OSC 52)"),
        ({"TERM": "linux"}, ALL, "linux", "a file"),
        ({"TERM": "vt100"}, ALL, "linux", "a file"),
        ({"TERM": "linux"} | X11, ALL, "linux", "the clipboard (xclip)"),
        ({}, set(), "linux", "the terminal (OSC 52)"),
        (TMUX | forced("auto"), ALL, "linux", "the tmux buffer"),
        (TMUX | forced("osc52"), ALL, "linux", "the terminal (OSC 52)"),
        (TMUX | forced(" File "), ALL, "linux", "a file"),
        (TMUX | X11 | forced("native"), ALL, "linux", "the clipboard (xclip)"),
        (XTERM | X11 | SSH | forced("native"), ALL, "linux", "the clipboard (xclip)"),
        (XTERM | forced("native"), ALL, "linux", "a file"),
        (XTERM | forced("tmux"), ALL, "linux", "the tmux buffer"),
        (XTERM | forced("screen"), ALL, "linux", "the terminal, through screen (OSC 52)"),
        ({"TERM": "linux"} | forced("osc52"), ALL, "linux", "the terminal (OSC 52)"),
        (TMUX | forced("xclip"), ALL, "linux", "the tmux buffer"),
    ],
)
def test_the_surroundings_decide_which_way_a_copy_goes(
    environ: Mapping[str, str], installed: frozenset[str], platform: str, words: str
) -> None:
    assert route(environ, installed.__contains__, platform).words == words


@pytest.mark.parametrize("name", ["", "auto", "AUTO ", *(way.value for way in Way)])
def test_nothing_is_wrong_with_a_way_there_is(name: str) -> None:
    assert problem(forced(name)) == ""


def test_a_way_there_is_not_is_told_with_those_there_are() -> None:
    assert problem(forced("xclip")) == (
        "AUDITUI_CLIPBOARD is “xclip”, which is none of auto, tmux, screen, osc52, native, file; auto is used."
    )
    assert problem({}) == ""


# What the terminal is sent


@given(st.binary(max_size=5_000))
def test_screen_passes_on_all_of_it_in_pieces_that_are_short_enough(data: bytes) -> None:
    sent = through_screen(osc52(data))
    pieces = re.findall(r"\x1bP(.{1,700})\x1b\\", sent, re.DOTALL)
    assert "".join(f"\x1bP{piece}\x1b\\" for piece in pieces) == sent
    assert "".join(pieces) == f"\x1b]52;c;{base64.b64encode(data).decode()}\a"


async def test_osc_52_is_written_once_and_whole() -> None:
    written: list[str] = []
    copied = await Clipboard(XTERM).send(LINE, written.append)
    assert written == [f"\x1b]52;c;{base64.b64encode(LINE.text.encode()).decode()}\a"]
    assert (copied.way, copied.size) == (Way.OSC52, len(LINE.text.encode()))


@pytest.mark.parametrize("environ", [XTERM, SCREEN])
async def test_what_is_too_long_for_the_terminal_is_written_to_a_private_file(
    environ: dict[str, str], home: Path
) -> None:
    written: list[str] = []
    clipboard = Clipboard(environ | {"XDG_RUNTIME_DIR": str(home / "run")}, clock=lambda: 1_794_477_630_123)
    await clipboard.send(Copy("many", "x" * 56_244), written.append)
    assert len(written) == 1
    copied = await clipboard.send(Copy("many", "x" * 56_247), written.append)
    assert len(written) == 1
    file = home / "run" / "auditui" / "copied-20261112T100030.123Z.txt"
    assert file.read_text() == "x" * 56_247
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert told(copied) == f"Too long for OSC 52: wrote many, 56,247 B, to {file} (0600)."


# Programs


def tool(folder: Path, name: str, script: str) -> dict[str, str]:
    """A program of this name, and the environment in which it is found."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    return {"PATH": f"{folder}:/usr/bin:/bin", "TAKEN": str(folder / "taken"), "XDG_RUNTIME_DIR": str(folder)}


def never(sequence: str) -> None:
    raise AssertionError(f"the terminal was sent {sequence!r}")


@pytest.mark.parametrize("size", [0, 1_000_000])
async def test_a_program_is_given_the_text_whole(tmp_path: Path, size: int) -> None:
    copy = Copy("it", LINE.text + "x" * size)
    environ = tool(tmp_path, "xclip", 'echo "$@" >"$TAKEN.how"; cat >"$TAKEN"')
    copied = await Clipboard(X11 | environ).send(copy, never)
    assert (tmp_path / "taken").read_text() == copy.text
    assert (tmp_path / "taken.how").read_text() == "-selection clipboard\n"
    assert told(copied) == f"Copied it, {len(copy.text.encode()):,} B, to the clipboard (xclip)."


async def test_tmux_is_given_the_text_with_the_wish_that_its_terminal_gets_it_too(tmp_path: Path) -> None:
    environ = tool(tmp_path, "tmux", 'echo "$@" >"$TAKEN.how"; cat >"$TAKEN"')
    copied = await Clipboard(TMUX | environ).send(LINE, never)
    assert (tmp_path / "taken").read_text() == LINE.text
    assert (tmp_path / "taken.how").read_text() == "load-buffer -w -\n"
    assert told(copied) == "Copied 1 record as one line, 27 B, to the tmux buffer."


async def test_a_tmux_that_does_not_know_the_terminals_clipboard_keeps_it_and_that_is_told(
    tmp_path: Path,
) -> None:
    script = (
        'test "$2" = -w && { echo "usage: load-buffer [-b buffer-name] path" >&2; exit 1; }; cat >"$TAKEN"'
    )
    copied = await Clipboard(TMUX | tool(tmp_path, "tmux", script)).send(LINE, never)
    assert (tmp_path / "taken").read_text() == LINE.text
    assert "to tmux's buffer only (tmux is older than 3.2)" in told(copied)


@pytest.mark.parametrize("script", ["exit 1", "cat >/dev/null; exit 1", "exec sleep 20", "kill -9 $$"])
async def test_a_program_that_fails_or_hangs_leaves_the_copy_in_a_file(tmp_path: Path, script: str) -> None:
    environ = tool(tmp_path, "xclip", script)
    copied = await Clipboard(X11 | environ, patience=0.2).send(LINE, never)
    assert copied.way is Way.FILE
    assert told(copied).startswith("xclip took nothing: wrote 1 record as one line, 27 B, to ")
    (file,) = (tmp_path / "auditui").iterdir()
    assert file.read_text() == LINE.text


async def test_where_tmux_is_named_and_not_installed_the_copy_is_in_a_file(tmp_path: Path) -> None:
    environ = TMUX | {"PATH": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    copied = await Clipboard(environ).send(LINE, never)
    assert told(copied).startswith("tmux took nothing: wrote 1 record")


async def test_a_program_that_stays_to_answer_for_the_clipboard_is_not_waited_for(tmp_path: Path) -> None:
    environ = tool(tmp_path, "xclip", 'cat >/dev/null; exec 9<&0; cat <"$TAKEN" 8<&9 & exit 0')
    fifo = tmp_path / "taken"
    os.mkfifo(fifo)
    copied = await Clipboard(X11 | environ, patience=5).send(LINE, never)
    assert copied.way is Way.NATIVE
    await asyncio.to_thread(fifo.write_text, "now it may go")


async def test_no_program_is_given_the_token(tmp_path: Path) -> None:
    environ = tool(tmp_path, "xclip", 'cat >/dev/null; env >"$TAKEN"')
    await Clipboard(X11 | environ | {"AUDITUI_TOKEN": "planted-token", "LANG": "C.UTF-8"}).send(LINE, never)
    seen = (tmp_path / "taken").read_text()
    assert "LANG=C.UTF-8" in seen
    assert "planted-token" not in seen
    assert "planted-token" not in repr(Clipboard({"AUDITUI_TOKEN": "planted-token"}))


async def test_keys_are_heeded_while_a_program_takes_its_time(tmp_path: Path) -> None:
    environ, fifo = tool(tmp_path, "xclip", 'cat <"$TAKEN" >/dev/null'), tmp_path / "taken"
    os.mkfifo(fifo)
    copying = asyncio.create_task(Clipboard(X11 | environ, patience=5).send(LINE, never))
    for _turn in range(20):
        await asyncio.sleep(0)
    assert not copying.done()
    await asyncio.to_thread(fifo.write_text, "go on")
    assert (await copying).way is Way.NATIVE


# Files


@pytest.mark.parametrize("environ", [{}, {"XDG_RUNTIME_DIR": "/dev/null"}])
async def test_without_a_folder_of_the_log_in_the_cache_takes_the_file(
    environ: dict[str, str], home: Path
) -> None:
    copied = await Clipboard(environ).keep(LINE)
    (file,) = (home / "cache" / "auditui").iterdir()
    assert file.read_text() == LINE.text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert told(copied) == f"Wrote 1 record as one line, 27 B, to {file} (0600)."


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
async def test_another_users_folder_of_the_log_in_takes_no_copy(home: Path) -> None:
    theirs, ours = home / "run", home / "ours"
    ours.mkdir(mode=0o755)
    (theirs / "auditui").symlink_to(ours)
    os.chown(theirs, 54_321, -1)
    copied = await Clipboard({"XDG_RUNTIME_DIR": str(theirs)}).keep(LINE)
    assert copied.place.startswith(str(home / "cache"))
    assert (list(ours.iterdir()), ours.stat().st_mode & 0o777) == ([], 0o755)


async def test_where_no_file_can_be_written_that_is_told(home: Path) -> None:
    (home / "cache").write_text("a file, no folder")
    with pytest.raises(ExportFailed, match="copy could not be written") as failed:
        await Clipboard({}).keep(LINE)
    assert "AUDITUI_CLIPBOARD" in failed.value.remedy


async def test_a_link_of_the_files_name_is_replaced_and_not_followed(home: Path) -> None:
    folder, precious = home / "run" / "auditui", home / "precious"
    folder.mkdir()
    precious.write_text("precious")
    (folder / "copied-20261112T100030.123Z.txt").symlink_to(precious)
    clipboard = Clipboard({"XDG_RUNTIME_DIR": str(home / "run")}, clock=lambda: 1_794_477_630_123)
    await clipboard.keep(LINE)
    assert precious.read_text() == "precious"
    assert (folder / "copied-20261112T100030.123Z.txt").read_text() == LINE.text


NOW = 1_794_477_630_123  # 2026-11-12 10:00:30.123 UTC


def put(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()


async def test_copies_of_more_than_a_week_ago_go_when_another_is_written(home: Path) -> None:
    runtime, cache = home / "run" / "auditui", home / "cache" / "auditui"
    cache.parent.mkdir()
    for folder in (runtime, cache):
        put(
            folder,
            "copied-20261105T100030.122Z.txt",
            "copied-20261105T100030.123Z.txt",
            "copied-20211105T100030.122Z (case 7).txt",
            "copied-evidence.txt",
        )
    await Clipboard({"XDG_RUNTIME_DIR": str(home / "run")}, clock=lambda: NOW).keep(LINE)
    stay = {
        "copied-20261105T100030.123Z.txt",
        "copied-20211105T100030.122Z (case 7).txt",
        "copied-evidence.txt",
    }
    assert {each.name for each in runtime.iterdir()} == stay | {"copied-20261112T100030.123Z.txt"}
    assert {each.name for each in cache.iterdir()} == stay


OLD = "copied-20211105T100030.122Z.txt"


async def test_a_link_is_not_taken_for_an_old_copy(home: Path) -> None:
    cache = home / "cache" / "auditui"
    cache.mkdir(parents=True)
    (cache / OLD).symlink_to(home)
    await Clipboard({}, clock=lambda: NOW).keep(LINE)
    assert {each.name for each in cache.iterdir()} == {OLD, "copied-20261112T100030.123Z.txt"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
async def test_an_old_copy_of_another_user_stays(home: Path) -> None:
    cache = home / "cache" / "auditui"
    cache.mkdir(parents=True)
    put(cache, OLD)
    os.chown(cache / OLD, 65_534, 65_534)
    await Clipboard({}, clock=lambda: NOW).keep(LINE)
    assert {each.name for each in cache.iterdir()} == {OLD, "copied-20261112T100030.123Z.txt"}


async def test_old_copies_stay_where_no_new_one_could_be_written(home: Path) -> None:
    cache = home / "cache" / "auditui"
    cache.mkdir(parents=True)
    put(cache, OLD)
    (cache / "copied-20261112T100030.123Z.txt").mkdir()
    with pytest.raises(ExportFailed):
        await Clipboard({}, clock=lambda: NOW).keep(LINE)
    assert (cache / OLD).exists()


async def test_the_cache_is_the_one_in_which_records_are_kept(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    class AsOnWindows(platformdirs.PlatformDirs):
        """Elsewhere, the author makes no difference."""

        @property
        def user_cache_path(self) -> Path:
            return home / f"author {self.appauthor}" / str(self.appname)

    monkeypatch.setattr(platformdirs, "PlatformDirs", AsOnWindows)
    copied = await Clipboard({}).keep(LINE)
    assert copied.place.startswith(f"{places()[0]}/copied-")


# What is said


@pytest.mark.parametrize(
    "what", ["1 record as one line", "1 record as Markdown", "the selected text", "the command"]
)
@pytest.mark.parametrize(
    ("way", "place"),
    [(Way.OSC52, ""), (Way.SCREEN, ""), (Way.TMUX, "the tmux buffer")],
)
def test_what_is_said_of_one_record_fits_beside_the_position_at_80_columns(
    what: str, way: Way, place: str
) -> None:
    assert cell_len(told(Copied(what, 1_412, way, place))) <= 64


@pytest.mark.parametrize("way", [Way.OSC52, Way.SCREEN])
def test_what_only_the_terminal_knows_is_not_claimed(way: Way) -> None:
    text = told(Copied("1 record as one line", 412, way, ""))
    assert text.startswith("Sent 1 record as one line, 412 B, ")
    assert "opied" not in text
    assert "Y f" in text


def test_that_something_was_spelled_out_is_said() -> None:
    copied = Copied("the cell Author", 7, Way.TMUX, "the tmux buffer", spelled_out=True)
    assert (
        told(copied) == "Copied the cell Author, 7 B, to the tmux buffer. Unseen characters are spelled out."
    )
