"""`auditui export` and `auditui verify` as processes, over loopback HTTP: what comes out, what is said, and how it ends."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import EMAIL, TOKEN, DemoSite
from tests.pty_terminal import PATIENCE, PtyTerminal
from tests.ui.gated import Gated

NOW = 1_795_000_000_000
SIZE = 2_300
CORPUS = Corpus(SIZE, NOW)
RECORDS = [CORPUS.record(row) for row in range(SIZE)]
FILTERED = [record for record in RECORDS if record["author"]["displayName"] == "System"]
AUDITUI = (sys.executable, "-m", "auditui")


def newest(record: dict[str, Any]) -> int:
    return int(record["creationDate"])


@pytest.fixture
def gate() -> Gated:
    """A site that answers as often as it is let, a thousand records at a time."""
    return Gated(CORPUS, page_cap=500)


@pytest.fixture
def gated_url(gate: Gated) -> Iterator[str]:
    with serve(gate) as served:
        yield served.url
        gate.let_through(1_000)


@pytest.fixture
def url() -> Iterator[str]:
    with serve(DemoSite(CORPUS, page_cap=500)) as served:
        yield served.url


def variables(home: Path, url: str, token: str = TOKEN) -> dict[str, str]:
    """No more than a cron job has, and the account."""
    account = {"AUDITUI_SITE": url, "AUDITUI_EMAIL": EMAIL, "AUDITUI_TOKEN": token}
    return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": os.getcwd(), **account}  # noqa: PTH109


Export = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def export(tmp_path: Path, url: str) -> Export:
    """Runs `auditui export` without a terminal, in the test's folder."""

    def run(*arguments: str, token: str = TOKEN, **more: Any) -> subprocess.CompletedProcess[bytes]:
        more = {"stdout": subprocess.PIPE, **more}
        return subprocess.run(
            [*AUDITUI, "export", "--tz", "utc", *arguments],
            cwd=tmp_path,
            env=variables(tmp_path, url, token),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
            **more,
        )

    return run


def verify(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*AUDITUI, "verify", name],
        cwd=folder,
        env=variables(folder, ""),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def lines(content: bytes) -> list[Any]:
    return [json.loads(line) for line in content.splitlines()]


def manifest(path: Path) -> Any:
    return json.loads(path.with_name(f"{path.name}.manifest.json").read_bytes())


# What comes out


def test_standard_output_gets_every_record_once_as_the_site_sent_it_and_nothing_else(export: Export) -> None:
    done = export()
    assert done.returncode == 0
    assert lines(done.stdout) == RECORDS
    assert done.stderr.decode().splitlines()[-1].startswith(f"Wrote {SIZE:,} records to standard output")


def test_a_filter_lets_through_what_it_says_and_the_manifest_says_how_many(
    export: Export, tmp_path: Path
) -> None:
    done = export("--filter", "author=System", "-o", "system.jsonl")
    assert (done.returncode, done.stdout) == (0, b"")
    path = tmp_path / "system.jsonl"
    assert lines(path.read_bytes()) == FILTERED
    told = manifest(path)
    assert told["records"]["received"] == SIZE
    assert told["records"]["written"] == told["records"]["passed"] == len(FILTERED)
    assert (told["filter"]["text"], told["complete"], told["account"]) == ("author=System", True, EMAIL)
    assert oct(path.stat().st_mode)[-3:] == "600"
    checked = verify(tmp_path, "system.jsonl")
    assert checked.returncode == 0
    assert f"{len(FILTERED):,} records" in checked.stdout


def test_a_filter_by_date_asks_the_site_for_no_more_than_it_lets_through(
    export: Export, tmp_path: Path
) -> None:
    middle = newest(RECORDS[SIZE // 2])
    day = time.strftime("%Y-%m-%d", time.gmtime(middle / 1000))
    done = export("--filter", f"after:{day}", "-o", "late.jsonl")
    assert done.returncode == 0
    told = manifest(tmp_path / "late.jsonl")
    assert told["query"]["from"] == f"{day}T00:00:00.000Z"
    assert told["records"]["received"] == told["records"]["written"] < SIZE
    start = told["query"]["startDate"]
    expected = [record for record in RECORDS if newest(record) >= start]
    assert lines((tmp_path / "late.jsonl").read_bytes()) == expected


@pytest.mark.parametrize(
    "name",
    [
        "all.csv",
        "all.exact.csv",
        "all.jsonl",
        "all.json",
        "all.md",
        "all.sqlite",
        "all.ecs.jsonl",
        "all.parquet",
    ],
)
def test_the_name_of_the_file_tells_the_format_and_verify_finds_it_as_it_was_written(
    export: Export, tmp_path: Path, name: str
) -> None:
    done = export("-o", name)
    assert done.returncode == 0, done.stderr.decode()
    told = manifest(tmp_path / name)
    assert told["records"]["written"] == SIZE
    assert verify(tmp_path, name).returncode == 0
    with (tmp_path / name).open("ab") as file:
        file.write(b"x")
    assert verify(tmp_path, name).returncode == 1


def test_the_formats_hold_the_same_records(export: Export, tmp_path: Path) -> None:
    for name in ("all.exact.csv", "all.json", "all.sqlite"):
        assert export("-o", name).returncode == 0
    with (tmp_path / "all.exact.csv").open(newline="", encoding="utf-8") as file:
        assert [json.loads(row["raw"]) for row in csv.DictReader(file)] == RECORDS
    assert json.loads((tmp_path / "all.json").read_bytes())["records"] == RECORDS
    with sqlite3.connect(tmp_path / "all.sqlite") as database:
        assert [
            json.loads(raw) for (raw,) in database.execute("SELECT raw FROM records ORDER BY id")
        ] == RECORDS
    database.close()


def test_the_demo_goes_the_same_way_without_any_account(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": os.getcwd()}  # noqa: PTH109
    done = subprocess.run(
        [*AUDITUI, "export", "--demo", "--demo-records", "1500", "-q"],
        env=environ,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(lines(done.stdout)) == 1_500


# What is said, and how it ends


def test_without_a_terminal_no_progress_is_told_and_quiet_says_nothing(export: Export) -> None:
    told = export().stderr
    assert b"\r" not in told
    assert b"\x1b" not in told
    assert export("--quiet").stderr == b""


def test_on_a_terminal_progress_is_told_and_the_data_stays_apart(tmp_path: Path, url: str) -> None:
    script = f"{sys.executable} -m auditui export --tz utc > out.jsonl"
    environ = variables(tmp_path, url) | {"TERM": "xterm"}
    arguments = ["-c", f"cd {tmp_path} && {script}"]
    with PtyTerminal(arguments, environ, program="/bin/sh", columns=120) as terminal:
        assert terminal.exit_status() == 0
    assert b"received" in terminal.raw
    assert b"\r" in terminal.raw
    assert lines((tmp_path / "out.jsonl").read_bytes()) == RECORDS


def test_a_reader_that_leaves_ends_it_quietly(tmp_path: Path, url: str) -> None:
    script = f"({sys.executable} -m auditui export -q; echo status $? >&2) | head -c 100"
    headed = subprocess.run(
        ["/bin/sh", "-c", script], env=variables(tmp_path, url), capture_output=True, timeout=60, check=False
    )
    assert (len(headed.stdout), headed.stderr) == (100, b"status 141\n")


@pytest.mark.parametrize(
    ("arguments", "token", "status", "words"),
    [
        (["--filter", "author=nobody-at-all"], TOKEN, 3, "Wrote 0 of 2,300 records"),
        (["--since", "someday"], TOKEN, 2, "“someday” is not a date"),
        (["--filter", "author:"], TOKEN, 2, "auditui: "),
        (
            ["--format", "sqlite"],
            TOKEN,
            2,
            "SQLite cannot be written to standard output. Give --output FILE.",
        ),
        (["-o", "records.xyz"], TOKEN, 2, "“records.xyz” does not tell a format."),
        (["--resume"], TOKEN, 2, "Only a file can be gone on with."),
        (["-o", "a.csv", "--resume", "--since", "7d"], TOKEN, 2, "--since has no place beside it"),
        (
            ["-o", "a.csv", "--manifest", "b"],
            TOKEN,
            2,
            "--manifest is for records that go to standard output.",
        ),
        (["-o", "a.csv", "--resume"], TOKEN, 1, "auditui: "),
        (["-o", "nowhere/a.csv"], TOKEN, 1, "There is no folder"),
        ([], "wrong", 4, "auditui: "),
    ],
)
def test_every_end_has_its_status_and_a_sentence(
    export: Export, tmp_path: Path, arguments: list[str], token: str, status: int, words: str
) -> None:
    done = export(*arguments, token=token)
    assert (done.returncode, words in done.stderr.decode()) == (status, True), done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert [each.name for each in tmp_path.iterdir() if "a.csv" in each.name] == []


def test_with_no_account_it_asks_to_sign_in_and_touches_nothing(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": os.getcwd()}  # noqa: PTH109
    environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    done = subprocess.run(
        [*AUDITUI, "export", "-o", "a.csv"],
        cwd=tmp_path,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 4
    assert list(tmp_path.glob("*a.csv*")) == []
    assert list(tmp_path.glob(".*a.csv*")) == []


def test_what_was_given_before_the_command_stands(tmp_path: Path, url: str) -> None:
    done = subprocess.run(
        [*AUDITUI, "--filter", "author=System", "export", "-q"],
        env=variables(tmp_path, url),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert lines(done.stdout) == FILTERED


def test_no_token_is_in_anything_it_writes(export: Export, tmp_path: Path) -> None:
    secret = "planted-secret-token"
    refused = export("-o", "a.csv", token=secret)
    done = export("-o", "b.csv", "--manifest", "m", token=secret)
    assert secret.encode() not in refused.stderr + done.stderr
    good = export("-o", "c.jsonl", "--filter", "author=System")
    assert good.returncode == 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()


# Files that are there already


def test_a_file_that_is_there_stays_until_overwrite_is_said(export: Export, tmp_path: Path) -> None:
    old = tmp_path / "out.csv"
    old.write_text("old")
    refused = export("-o", "out.csv")
    assert (refused.returncode, old.read_text()) == (1, "old")
    assert "is there already" in refused.stderr.decode()
    assert export("-o", "out.csv", "--overwrite").returncode == 0
    assert old.read_text() != "old"
    assert verify(tmp_path, "out.csv").returncode == 0


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_nothing_but_a_plain_file_is_written(export: Export, tmp_path: Path, kind: str) -> None:
    place, other = tmp_path / "out.csv", tmp_path / "other"
    other.write_text("other")
    match kind:
        case "link":
            place.symlink_to(other)
        case "pipe":
            os.mkfifo(place)
        case _:
            place.mkdir()
    done = export("-o", "out.csv", "--overwrite")
    assert (done.returncode, other.read_text()) == (1, "other")
    assert list(tmp_path.glob(".*")) == []


def test_a_full_standard_output_is_told(export: Export) -> None:
    with Path("/dev/full").open("wb") as full:
        done = export(stdout=full)
    assert done.returncode == 1
    assert "no room left" in done.stderr.decode()


def test_standard_output_may_have_a_manifest_that_verify_takes(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with path.open("wb") as file:
        assert export("--manifest", "out.jsonl.manifest.json", stdout=file).returncode == 0
    checked = verify(tmp_path, "out.jsonl")
    assert checked.returncode == 0, checked.stdout
    assert export("--manifest", "out.jsonl.manifest.json").returncode == 1


# Breaking off, and going on


def first_of(page: int) -> int:
    """The offset at which a page begins: three records of the one before it are asked for again."""
    return (page - 1) * (500 - 3)


class Broken:
    """An export that is broken off while its site holds back the next page."""

    def __init__(self, folder: Path, url: str, gate: Gated, name: str, pages: int) -> None:
        self.folder = folder
        self.gate = gate
        gate.let_through_below(first_of(pages) + 1)
        self.process = subprocess.Popen(
            [*AUDITUI, "export", "--tz", "utc", "-o", name],
            cwd=folder,
            env=variables(folder, url),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        until(lambda: gate.waiting)

    def stopped_by(self, number: int) -> tuple[int, str]:
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=PATIENCE)
        self.gate.let_through(1_000)
        return self.process.returncode, told.decode()


def until(condition: Callable[[], bool]) -> None:
    """Look again and again, not by the clock but for an end."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


def resumed(folder: Path, url: str, name: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*AUDITUI, "export", "-o", name, "--resume"],
        cwd=folder,
        env=variables(folder, url),
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_export_that_is_stopped_leaves_the_name_free_and_can_be_gone_on_with(
    tmp_path: Path, gated_url: str, gate: Gated, number: int, status: int
) -> None:
    ended, told = Broken(tmp_path, gated_url, gate, "out.jsonl", 3).stopped_by(number)
    assert ended == status
    assert "--resume goes on with it" in told
    assert not (tmp_path / "out.jsonl").exists()
    gate.requests.clear()
    done = resumed(tmp_path, gated_url, "out.jsonl")
    assert done.returncode == 0, done.stderr.decode()
    assert lines((tmp_path / "out.jsonl").read_bytes()) == RECORDS
    told_of = manifest(tmp_path / "out.jsonl")
    assert (told_of["records"]["received"], told_of["records"]["written"]) == (SIZE, SIZE)
    assert verify(tmp_path, "out.jsonl").returncode == 0
    assert list(tmp_path.glob(".*auditui*")) == []


@pytest.mark.parametrize("name", ["out.csv", "out.exact.csv", "out.json", "out.sqlite", "out.ecs.jsonl"])
def test_what_is_gone_on_with_equals_what_is_written_in_one_go(
    tmp_path: Path, gated_url: str, gate: Gated, name: str
) -> None:
    Broken(tmp_path, gated_url, gate, name, 2).stopped_by(signal.SIGINT)
    assert resumed(tmp_path, gated_url, name).returncode == 0
    whole = tmp_path / f"whole-{name}"
    done = subprocess.run(
        [*AUDITUI, "export", "--tz", "utc", "-o", whole.name],
        cwd=tmp_path,
        env=variables(tmp_path, gated_url),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert verify(tmp_path, name).returncode == 0
    assert records_of(tmp_path / name) == records_of(whole)


def records_of(path: Path) -> Any:
    """All that a file says of records, and nothing of when it was made."""
    if path.name.endswith(".sqlite"):
        database = sqlite3.connect(path)
        tables = ("records", "associated_objects", "changed_values")
        found = [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]  # noqa: S608
        database.close()
        return found
    if path.name.endswith(".json"):
        return json.loads(path.read_bytes())["records"]
    if path.name.endswith(".ecs.jsonl"):
        return [without_its_moment(document) for document in lines(path.read_bytes())]
    return path.read_bytes()


def without_its_moment(document: Any) -> Any:
    """An ECS document, but for when it was exported."""
    assert document["event"].pop("created")
    return document


def test_an_export_that_is_killed_leaves_an_old_file_as_it_was_and_the_next_one_comes_through(
    tmp_path: Path, gated_url: str, gate: Gated
) -> None:
    old = tmp_path / "out.jsonl"
    gate.let_through(2)
    process = subprocess.Popen(
        [*AUDITUI, "export", "--overwrite", "-o", "out.jsonl"],
        cwd=tmp_path,
        env=variables(tmp_path, gated_url),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    old.write_text("old")
    until(lambda: gate.waiting)
    process.kill()
    process.wait(timeout=PATIENCE)
    assert old.read_text() == "old"
    gate.let_through(1_000)
    done = subprocess.run(
        [*AUDITUI, "export", "--overwrite", "-o", "out.jsonl"],
        cwd=tmp_path,
        env=variables(tmp_path, gated_url),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert lines(old.read_bytes()) == RECORDS
    assert list(tmp_path.glob(".*auditui*")) == []


def test_a_killed_export_goes_on_behind_what_was_made_sure_of(
    tmp_path: Path, gated_url: str, gate: Gated
) -> None:
    broken = Broken(tmp_path, gated_url, gate, "out.jsonl", 1)
    note = tmp_path / ".out.jsonl.auditui-note"
    end = time.monotonic() + 2.1
    until(lambda: time.monotonic() > end)
    gate.let_through_below(first_of(2) + 1)  # a checkpoint comes with the first page after two seconds
    until(note.exists)
    broken.stopped_by(signal.SIGKILL)
    done = resumed(tmp_path, gated_url, "out.jsonl")
    assert done.returncode == 0, done.stderr.decode()
    assert "behind the" in done.stderr.decode()
    assert lines((tmp_path / "out.jsonl").read_bytes()) == RECORDS


def test_two_runs_do_not_write_one_file(tmp_path: Path, gated_url: str, gate: Gated) -> None:
    first = Broken(tmp_path, gated_url, gate, "out.jsonl", 2)
    second = subprocess.run(
        [*AUDITUI, "export", "-o", "out.jsonl"],
        cwd=tmp_path,
        env=variables(tmp_path, gated_url),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert "Another run is writing this file just now." in second.stderr.decode()
    gate.let_through(1_000)
    first.process.communicate(timeout=PATIENCE)
    assert first.process.returncode == 0
    assert lines((tmp_path / "out.jsonl").read_bytes()) == RECORDS


def test_another_account_does_not_go_on_with_it(
    tmp_path: Path, gated_url: str, gate: Gated, url: str
) -> None:
    Broken(tmp_path, gated_url, gate, "out.jsonl", 2).stopped_by(signal.SIGINT)
    done = resumed(tmp_path, url, "out.jsonl")
    assert done.returncode == 2
    assert "was begun as" in done.stderr.decode()
    assert resumed(tmp_path, gated_url, "out.jsonl").returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    disk = tmp_path / "small"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(
    "name", ["out.csv", "out.jsonl", "out.json", "out.md", "out.sqlite", "out.ecs.jsonl"]
)
def test_a_full_disk_leaves_the_old_file_and_with_more_room_the_export_goes_on(
    tmp_path: Path, small_disk: Path, url: str, name: str
) -> None:
    def export(*more: str) -> subprocess.CompletedProcess[bytes]:
        command = [*AUDITUI, "export", "--tz", "utc", "--overwrite", "-o", name, *more]
        environ = variables(tmp_path, url)
        return subprocess.run(
            command, cwd=small_disk, env=environ, capture_output=True, timeout=60, check=False
        )

    old = small_disk / name
    old.write_text("old")
    done = export()
    assert done.returncode == 1
    assert "There is no room left for the export" in done.stderr.decode()
    assert old.read_text() == "old"
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    kept = (small_disk / f".{name}.auditui-note").exists()
    again = export("--resume") if kept else export()
    assert again.returncode == 0, again.stderr.decode()
    assert manifest(old)["records"]["written"] == SIZE
    assert verify(small_disk, name).returncode == 0


def test_a_file_that_appears_meanwhile_stays_and_the_export_can_be_gone_on_with(
    tmp_path: Path, gated_url: str, gate: Gated
) -> None:
    broken = Broken(tmp_path, gated_url, gate, "out.json", 2)
    other = tmp_path / "out.json"
    other.write_text("somebody else's")
    gate.let_through(1_000)
    _, told = broken.process.communicate(timeout=PATIENCE)
    assert broken.process.returncode == 1
    assert b"is there already" in told
    assert b"Traceback" not in told
    assert other.read_text() == "somebody else's"
    other.unlink()
    assert resumed(tmp_path, gated_url, "out.json").returncode == 0
    assert json.loads(other.read_bytes())["records"] == RECORDS
    assert verify(tmp_path, "out.json").returncode == 0


def test_an_unfinished_export_is_not_thrown_away_unasked(tmp_path: Path, gated_url: str, gate: Gated) -> None:
    Broken(tmp_path, gated_url, gate, "out.jsonl", 2).stopped_by(signal.SIGINT)
    anew = [*AUDITUI, "export", "--tz", "utc", "-o", "out.jsonl"]
    environ = variables(tmp_path, gated_url)
    refused = subprocess.run(anew, cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=False)
    assert refused.returncode == 1
    assert b"--resume goes on with it, --overwrite begins anew." in refused.stderr
    assert resumed(tmp_path, gated_url, "out.jsonl").returncode == 0
    assert lines((tmp_path / "out.jsonl").read_bytes()) == RECORDS


def test_under_nohup_it_outlives_the_terminal(tmp_path: Path, gated_url: str, gate: Gated) -> None:
    gate.let_through(2)
    process = subprocess.Popen(
        ["nohup", *AUDITUI, "export", "-q", "-o", "out.jsonl"],
        cwd=tmp_path,
        env=variables(tmp_path, gated_url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: gate.waiting)
    process.send_signal(signal.SIGHUP)
    gate.let_through(1_000)
    assert process.wait(timeout=PATIENCE) == 0
    assert lines((tmp_path / "out.jsonl").read_bytes()) == RECORDS


def test_the_demo_is_gone_on_with_only_as_it_was_begun(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": os.getcwd()}  # noqa: PTH109
    command = [*AUDITUI, "export", "--demo", "-o", "out.jsonl"]
    process = subprocess.Popen(
        [*command, "--demo-records", "60000"], cwd=tmp_path, env=environ, stderr=subprocess.DEVNULL
    )
    part = tmp_path / ".out.jsonl.auditui-part"
    until(lambda: part.exists() and part.stat().st_size > 0)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE) == 130

    def go_on(records: str) -> subprocess.CompletedProcess[bytes]:
        again = [*command, "--resume", "--demo-records", records]
        return subprocess.run(again, cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=False)

    assert go_on("2000").returncode == 2
    assert go_on("60000").returncode == 0
    content = (tmp_path / "out.jsonl").read_bytes().splitlines()
    assert len(content) == len(set(content)) == 60_000


@pytest.mark.parametrize(("closed", "status"), [("1>&-", 2), ("2>&-", 0), ("<&-", 0)])
def test_a_stream_that_is_closed_harms_nothing(tmp_path: Path, url: str, closed: str, status: int) -> None:
    where = "" if closed == "1>&-" else "-o out.jsonl"
    script = f"{sys.executable} -m auditui export {where} {closed}"
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=tmp_path,
        env=variables(tmp_path, url),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    if where:
        assert lines((tmp_path / "out.jsonl").read_bytes()) == RECORDS


class Repeating(DemoSite):
    """Sends the page at an offset again and again for whatever is behind it, with a next link."""

    def answer(self, method: str, target: str, headers: Any) -> Any:
        found = re.search(r"start=([0-9]+)", target)
        start = int(found[1]) if found else 0
        if start > 600:
            target = target.replace(f"start={start}", "start=600")
        return super().answer(method, target, headers)


def test_what_is_not_whole_replaces_nothing_and_its_name_says_so(export: Export, tmp_path: Path) -> None:
    assert export("-o", "out.jsonl").returncode == 0
    with serve(Repeating(CORPUS, page_cap=500)) as served:
        done = subprocess.run(
            [*AUDITUI, "export", "-o", "out.jsonl", "--overwrite"],
            cwd=tmp_path,
            env=variables(tmp_path, served.url),
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert b"It is not whole" in done.stderr
    assert lines((tmp_path / "out.jsonl").read_bytes()) == RECORDS
    partial = tmp_path / "out.partial.jsonl"
    assert manifest(partial)["complete"] is False
    assert verify(tmp_path, "out.partial.jsonl").returncode == 0
    assert 0 < len(lines(partial.read_bytes())) < SIZE


def test_a_text_that_begins_with_a_minus_is_a_text(export: Export) -> None:
    done = export("--filter", "-author:System", "-q")
    assert done.returncode == 0, done.stderr.decode()
    assert lines(done.stdout) == [record for record in RECORDS if record not in FILTERED]


@pytest.mark.parametrize(
    ("environ", "arguments", "status"),
    [
        ({"TZ": "Bogus/Zone"}, ("export", "--demo", "--demo-records", "3"), 2),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, ("verify", "good.csv"), 0),
    ],
)
def test_an_odd_environment_ends_in_no_traceback(
    export: Export, tmp_path: Path, environ: dict[str, str], arguments: tuple[str, ...], status: int
) -> None:
    assert export("-o", "good.csv").returncode == 0
    done = subprocess.run(
        [*AUDITUI, *arguments],
        cwd=tmp_path,
        env=variables(tmp_path, "") | environ,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == status, done.stderr.decode()


def test_on_one_terminal_no_progress_lies_among_the_records(tmp_path: Path, url: str) -> None:
    environ = variables(tmp_path, url) | {"TERM": "xterm"}
    with PtyTerminal(["-m", "auditui", "export", "--format", "csv"], environ, columns=200) as terminal:
        assert terminal.exit_status() == 0
    assert b" received" not in terminal.raw
    assert b"Wrote 2,300 records" in terminal.raw
