"""What the bench counts, proved with a program that does little and says what it did. No time is asserted but its order."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.bench.answer import Answer, Piece, answered, before, plain
from tests.bench.program import Failed, Program

_FAKE = r"""
import os, sys, termios, tty
tty.setraw(0)
say = lambda text: os.write(1, text.encode())
def ask(query, end):
    say(query)
    got = b""
    while not got.endswith(end): got += os.read(0, 1)
    return got.decode().replace("\x1b", "ESC")
heard = [ask("\x1b[?2026$p", b"y"), ask("\x1b[6n", b"R"), ask("\x1b[c", b"c")]
say("\x1b[2J\x1b[Hheard " + " ".join(heard) + "\r\nready")
while True:
    key = os.read(0, 1)
    if key == b"f": say("\x1b[?2026h\x1b[5;1Hframe\x1b[?2026l" * 2)
    if key == b"p": say("\x1b[6;1Hpl\x1b[1mai\x1b[0mn")
    if key == b"s": say("\x1b[7;1Hsp"); say("\x1b[9;1H~\x1b[7;3Hlit")
    if key == b"w": say("\x1b[8;1H日本\x1b[8;2Hx\x1b[8;9Hwide")
    if key == b"q": sys.exit()
"""


@pytest.fixture
def fake(tmp_path: Path) -> Program:
    """A program that answers f with two frames, p with plain bytes, s with a word in two parts, and q by ending."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color"}
    return Program([sys.executable, "-c", _FAKE], environ, columns=100, rows=12)


def test_queries_are_answered_as_by_a_terminal_that_knows_synchronised_updates(fake: Program) -> None:
    with fake as program:
        program.until("ready")
        assert "heard ESC[?2026;2$y ESC[1;1R ESC[?62;22c" in program.text


def test_bytes_and_frames_of_a_key_are_those_that_the_program_sent(fake: Program) -> None:
    with fake as program:
        program.until("ready")
        sent = program.send("f")
        program.until("frame")
        answer = Answer.to(sent, [piece for piece in program.pieces if piece.at > sent])
        assert (answer.size, answer.frames) == (2 * len("\x1b[?2026h\x1b[5;1Hframe\x1b[?2026l"), 2)
        assert 0 < answer.first <= answer.last


def test_bytes_outside_of_frames_are_counted_without_one(fake: Program) -> None:
    with fake as program:
        program.until("ready")
        sent = program.send("p")
        moment = program.until("plain")
        answer = Answer.to(sent, [piece for piece in program.pieces if piece.at > sent])
        assert (answer.size, answer.frames) == (len("\x1b[6;1Hpl\x1b[1mai\x1b[0mn"), 0)
        assert moment == pytest.approx(sent + answer.last / 1000)


def test_words_that_come_in_parts_are_found_on_the_screen(fake: Program) -> None:
    with fake as program:
        program.until("ready")
        program.send("s")
        program.until("^split")


def test_half_a_wide_character_hides_no_words(fake: Program) -> None:
    with fake as program:
        program.until("ready")
        program.send("w")
        program.until("wide")


def test_all_programs_are_read_while_one_is_waited_for(fake: Program, tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color"}
    with fake as waited, Program(["sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; cat"], environ) as loud:
        waited.until("ready")
        for _ in range(2_000):  # a terminal gives a few kB at a time
            if sum(len(piece.data) for piece in loud.pieces) < 300_000:
                waited.read(0.01)
        assert sum(len(piece.data) for piece in loud.pieces) == 300_000


def test_waiting_for_what_does_not_come_fails(fake: Program) -> None:
    with fake as program:
        program.until("ready")
        program.send("q")
        with pytest.raises(Failed, match="never came"):
            program.until("more")


def test_only_what_came_before_the_detail_belongs_to_the_answer() -> None:
    pieces = [Piece(1.01, b"ab"), Piece(1.14, b"c"), Piece(1.16, b"detail")]
    answer = Answer.to(1.0, before(1.15, pieces))
    assert (answer.size, answer.reads) == (3, 2)
    assert answer.first == pytest.approx(10)
    assert answer.last == pytest.approx(140)


def test_a_picture_answers_all_the_keys_before_its_cursor() -> None:
    sent = [(1.0, 5), (1.1, 6), (1.2, 7), (1.3, 8)]
    seen = [(0.9, 8), (1.05, 4), (1.25, 7), (1.26, None)]
    assert answered(sent, seen) == [pytest.approx(250), pytest.approx(150), pytest.approx(50), None]


def test_escape_sequences_do_not_hide_words() -> None:
    assert plain(b"\x1b[38;5;12mall \x1b[1m1,000\x1b[0m\x1b]8;;x\x1b\\ lo\x1b(Baded") == "all 1,000 loaded"
