"""Standard output passes on what it is given: exactly, or inert where a person reads it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui.export.files import Sealed
from auditui.export.standard_output import Piped, StandardOutput
from auditui.model.errors import FileRefused
from auditui.model.text import inert_text


def passed_on(pieces: list[bytes], *, terminal: bool = False) -> tuple[StandardOutput, bytes]:
    """What comes out at the other end of a pipe."""
    reading, writing = os.pipe()
    output = StandardOutput(writing)
    output.is_terminal = terminal
    for piece in pieces:
        assert output.write(piece) == len(piece)
    os.close(writing)
    with os.fdopen(reading, "rb") as end:
        return output, end.read()


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_a_pipe_gets_every_byte_and_its_size_and_hash_are_known(pieces: list[bytes]) -> None:
    output, came = passed_on(pieces)
    content = b"".join(pieces)
    assert came == content
    assert (output.size, output.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@given(st.lists(st.text(alphabet="ab\r\n\x1b\x9b\u202eé日", max_size=6), max_size=8), st.integers(1, 5))
def test_a_terminal_gets_nothing_it_would_obey_wherever_the_pieces_end(lines: list[str], size: int) -> None:
    content = "".join(f"{line}\r\n" for line in lines).encode()
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    _, came = passed_on(pieces, terminal=True)
    shown = came.decode()
    assert shown == inert_text(content.decode().replace("\r\n", "\n")).text
    assert all(character == "\n" or character.isprintable() for character in shown)


def test_bytes_that_are_no_text_reach_a_terminal_as_escapes() -> None:
    _, came = passed_on([b"a\xffb\xc3"], terminal=True)
    assert came.startswith(b"a\\xffb")


@pytest.fixture
def piped(tmp_path: Path) -> Callable[..., Piped]:
    def make(name: str = "m.json", *, overwrite: bool = False) -> Piped:
        return Piped(tmp_path / name, overwrite=overwrite)

    return make


def test_a_manifest_is_not_put_over_one_that_is_there_unless_that_is_agreed(
    piped: Callable[..., Piped], tmp_path: Path
) -> None:
    (tmp_path / "m.json").write_text("old")
    with pytest.raises(FileRefused, match="is there already"):
        piped()
    piped(overwrite=True).commit(lambda _sealed: b"new")
    assert (tmp_path / "m.json").read_text() == "new"


def test_a_manifest_that_appears_meanwhile_stays(piped: Callable[..., Piped], tmp_path: Path) -> None:
    place = piped()
    (tmp_path / "m.json").write_text("other's")
    with pytest.raises(FileRefused):
        place.commit(lambda _sealed: b"ours")
    place.abandon(keep=True)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["other's"]


def test_the_manifest_is_told_what_was_passed_on(piped: Callable[..., Piped]) -> None:
    seen: list[Sealed] = []

    def beside(sealed: Sealed) -> bytes:
        seen.append(sealed)
        return b""

    assert piped().commit(beside) == seen[0] == Sealed(0, hashlib.sha256(b"").hexdigest())
