"""One export of plain lines, with checkpoints and a manifest: run by tests here, in another process, or until it is killed.

As a program it exports to the path it is given, and waits for a line on standard input before it commits.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

from auditui.export.files import NewFile, Sealed
from auditui.export.manifest import FileFacts, FilterFacts, Manifest, QueryFacts, RecordFacts

NOON = 1_795_694_400_000
"""2026-11-26 12:00:00 UTC."""

LINES = tuple(
    f'{{"summary": "{place}", "description": "{"x" * 4_000}"}}\n'.encode() for place in range(1, 13)
)
"""Each of nearly half the buffer between a stream and the disk, so that both have some of them at any time."""
WHOLE = b"".join(LINES)
OLD = b'{"summary": "what stood there before"}\n'

_EACH = 3  # lines between two checkpoints


def manifest_for(path: Path, sealed: Sealed, *, form: str = "jsonl", written: int = len(LINES)) -> Manifest:
    """A manifest of a file of that form with so many records."""
    return Manifest(
        file=FileFacts(path.name, form, sealed.bytes, sealed.sha256),
        site="acme.atlassian.net",
        account="ann@example.com",
        demo=False,
        query=QueryFacts("7d", "", "group", NOON - 604_800_000, NOON),
        filter=FilterFacts("author:ana", NOON),
        selection="those that pass the filter",
        order="newest first",
        zone="Europe/Berlin",
        records=RecordFacts(1_000, written, written, NOON - 1, NOON - 86_400_000),
        complete=True,
        completeness="whole answer",
        late=0,
        retention="1 year",
        warnings=(),
        began=NOON,
        finished=NOON + 4_500,
    )


def commit(file: NewFile, *, form: str = "jsonl", written: int = len(LINES)) -> Sealed:
    """Put the file and its manifest in place."""
    return file.commit(lambda sealed: manifest_for(file.path, sealed, form=form, written=written).to_json())


def put_old(path: Path) -> None:
    """An export that stood there before, with its manifest."""
    with NewFile.begin(path) as file:
        file.stream.write(OLD)
        commit(file, written=1)


def broken_off(path: Path) -> None:
    """Three lines are sure, the fourth was on its way."""
    with NewFile.begin(path) as file:
        file.stream.write(b"".join(LINES[:3]))
        file.checkpoint(b"3")
        file.stream.write(LINES[3])
        file.abandon(keep=True)


def export(
    path: Path, *, overwrite: bool = False, resume: bool = False, step: Callable[[], None] = lambda: None
) -> int:
    """Export all lines, or go on with that; how many were there already.

    Args:
        path: where to.
        overwrite: whether to replace what is there.
        resume: whether to go on.
        step: called before each line, and before the manifest is written.
    """
    open_it = NewFile.resume if resume else NewFile.begin
    with open_it(path, overwrite=overwrite) as file:
        first = int(file.note or b"0")
        for place, line in enumerate(LINES[first:], first + 1):
            step()
            file.stream.write(line)
            if place % _EACH == 0:
                file.checkpoint(b"%d" % place)
        step()
        commit(file)
    return first


def killed_at_each_step(folder: Path, *, overwrite: bool) -> Iterator[Path]:
    """Exports of which each was killed one call to the file system, or one line, later than the one before; their paths."""
    for nth in count(1):
        path = _prepared(folder / str(nth), overwrite=overwrite)
        if not _was_killed(partial(_until, nth, path, overwrite)):
            return
        yield path


def killed_at_any_moment(folder: Path, rounds: int, *, overwrite: bool) -> Iterator[Path]:
    """Exports that were killed from outside, some steps after their beginning, whatever they were about; their paths."""
    for number in range(rounds):
        path = _prepared(folder / f"any-{number}", overwrite=overwrite)
        _kill_during(path, number % (len(LINES) + 2), overwrite)
        yield path


def _prepared(folder: Path, *, overwrite: bool) -> Path:
    folder.mkdir()
    path = folder / "acme.jsonl"
    if overwrite:
        put_old(path)
    return path


_CALLS = frozenset(
    "open os.rename os.link os.remove os.truncate os.chmod os.scandir fcntl.flock tempfile.mkstemp a.line".split()
)
"""What Python announces before it does it; `a.line` is our own."""


def _until(nth: int, path: Path, overwrite: bool) -> None:
    calls = count(1)

    def die_at_the_nth(event: str, _arguments: tuple[object, ...]) -> None:
        if event in _CALLS and next(calls) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(die_at_the_nth)
    export(path, overwrite=overwrite, step=lambda: sys.audit("a.line"))


def _was_killed(work: Callable[[], None]) -> bool:
    child = os.fork()
    if not child:
        _and_exit(work)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _kill_during(path: Path, steps: int, overwrite: bool) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _and_exit(lambda: export(path, overwrite=overwrite, step=lambda: _tell(writing)))
    os.close(writing)
    for _ in range(steps):
        os.read(reading, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)


def _tell(writing: int) -> None:
    os.write(writing, b".")


def _and_exit(work: Callable[[], object]) -> None:
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def _wait_before_committing(path: Path) -> None:
    with NewFile.begin(path) as file:
        file.stream.write(LINES[0])
        file.checkpoint(b"1")
        print("writing", flush=True)  # noqa: T201
        sys.stdin.readline()
        commit(file, written=1)


def main(task: str, place: Path) -> None:
    """Do what the test asked another process for, and print a path for each export that was killed."""
    match task:
        case "wait":
            _wait_before_committing(place)
        case "steps" | "steps-over":
            for path in killed_at_each_step(place, overwrite=task == "steps-over"):
                print(path)  # noqa: T201
        case "moments" | "moments-over":
            for path in killed_at_any_moment(place, 30, overwrite=task == "moments-over"):
                print(path)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
