"""Every place of the explorer, in a real terminal, with text of others in it: read in full, obeyed by nobody."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from auditui.demo.answers import Answer
from auditui.demo.server import serve
from tests.acceptance.places import visited
from tests.hostile import surfaces
from tests.hostile.payloads import (
    ALL_KINDS,
    ALL_KINDS_BEGIN,
    EMAIL,
    FOLDER,
    HEADER,
    MARK,
    NAMES,
    PAYLOADS,
    TYPED,
    Payload,
)
from tests.hostile.places import explorer, hostile_home
from tests.hostile_site import CrowdedSite, FailingSite, HostileSite, more
from tests.started import BARE_C, account

READABLE = {
    "facets",
    "a facet excluded",
    "pivot menu",
    "the cell filtered for",
    "copy menu",
    "views",
    "raw JSON",
}
"""Places that have room for the beginning of the record's text."""

TOLD = f"{MARK}[/x]\x1b"
FOLDER_BEGIN = f'{MARK}[@click=app.quit]go[link=" ‹ESC›]0;PWNED'
TYPED_LETTERS = f"{MARK}[@click=app.quit]go"
UNSEEN = "\u3164\ufe0e\U0001f1e9"
"""A letter, a selector and half a flag of which nobody sees anything, or everybody something else."""
_FIRST = 14
"""Signs of a text that are seen in the narrowest of three columns."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose name is an attack."""
    return hostile_home(tmp_path)


def test_each_place_that_one_gets_to_from_a_record(home: Path) -> None:
    with (
        serve(HostileSite((ALL_KINDS, "other"))) as served,
        explorer(
            home, account(served.url), "--search", TYPED, shows=surfaces.TOUR, columns=160, copied=True
        ) as terminal,
    ):
        terminal.until("all 2 loaded")
        readable = {place.name for place in visited(terminal) if ALL_KINDS_BEGIN in terminal.text}
        assert readable >= READABLE
        terminal.send("3")
        terminal.until("Address   ")
        terminal.click(MARK)
        terminal.send("2gz")
        terminal.until("record 1 ")
        terminal.click(MARK)


def test_each_text_in_the_table_and_the_facets(home: Path) -> None:
    with (
        serve(HostileSite([each.text for each in PAYLOADS])) as served,
        explorer(home, account(served.url), shows=surfaces.EVERY_TEXT, columns=200, rows=104) as terminal,
    ):
        terminal.until(f"all {len(PAYLOADS)} loaded")
        terminal.send("f")
        terminal.until("Exclude")
        rows = [line for line in terminal.text.splitlines() if " ! 2026" in line]
        for each, row in zip(PAYLOADS, rows, strict=True):
            assert row.count(f"  {_composed(each.shown)[:_FIRST]}") >= 3, each.case


def test_each_text_where_the_terminal_reads_ascii_only(home: Path) -> None:
    with (
        serve(HostileSite([each.text for each in PAYLOADS])) as served,
        explorer(
            home, account(served.url) | BARE_C, shows={"RecordTable"}, columns=200, rows=104
        ) as terminal,
    ):
        terminal.until(f"all {len(PAYLOADS)} loaded")
        terminal.until("<ESC>]0;PWNED")
        terminal.until("<U+009B>31m")
    assert terminal.raw.isascii()


def test_each_text_in_a_record_that_is_read(home: Path) -> None:
    with (
        serve(CrowdedSite([each.text for each in PAYLOADS])) as served,
        explorer(home, account(served.url), shows=surfaces.READ, columns=80, rows=240) as terminal,
    ):
        terminal.until("all 1 loaded")
        terminal.send("\r")
        terminal.until("Changed values")
        terminal.until("x" * 70)
        _all_stand_in(terminal.text, PAYLOADS[:-1])  # what is below the last is out of sight
        terminal.send("x")
        terminal.until('"creationDate"')
        terminal.send(f"/{MARK}\r")
        terminal.until(f"/ {MARK}")
        terminal.until("1 of ")


@pytest.mark.parametrize("columns", [60, 100, 160])  # alone on the screen, below the table, beside it
def test_each_text_as_the_site_sent_it(home: Path, columns: int) -> None:
    payloads = [each for each in PAYLOADS if each.case != "D10"]
    with (
        serve(CrowdedSite([each.text for each in payloads])) as served,
        explorer(home, account(served.url), shows={"RawRecord"}, columns=columns, rows=400) as terminal,
    ):
        terminal.until("all 1 loaded")
        terminal.send("x")
        terminal.until(f'": "{MARK}plain"')
        text = "".join(line.rpartition("│")[2] for line in terminal.text.splitlines())
        _all_stand_in(text, [each._replace(shown=_in_json(each)) for each in payloads])


def test_what_files_and_variables_say(home: Path, tmp_path: Path) -> None:
    folder = home / "config" / "auditui"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(
        f"{json.dumps(FOLDER)} = 1\n[keymap]\n"
        f'"app.quit" = {json.dumps(FOLDER)}\n"app.redraw" = {json.dumps(f"{FOLDER}x")}\n{json.dumps(TOLD)} = "x"\n'
    )
    credentials = folder / "credentials"
    credentials.write_text(json.dumps([{"site": "127.0.0.1:1", "email": EMAIL, "token": "t"}]))
    credentials.chmod(0o600)
    with explorer(
        home,
        {"HOME": str(tmp_path), "AUDITUI_SITE": TYPED, "PYTHON_KEYRING_BACKEND": "no.such"},
        shows=surfaces.FILES,
        rows=50,
    ) as terminal:
        terminal.until(f"“{ALL_KINDS_BEGIN}")
        terminal.until(f"no key binding “{MARK}[/x]‹ESC›”")
        terminal.send("?")
        terminal.until("type to narrow")
        terminal.send("anew")
        terminal.until_gone("Records table")
        terminal.until(f"│ {FOLDER_BEGIN}")
        terminal.send("\x1b")
        terminal.until_gone("  anew")
        terminal.until_gone("Everywhere")
        terminal.send("P")
        terminal.until(EMAIL)
        terminal.send("x")
        terminal.until(f"Forget {EMAIL}")
        terminal.send("n")
        terminal.until_gone("Forget")
        terminal.send("j\r")
        terminal.until("UNENCRYPTED in ")


def test_what_a_site_says_that_fails(home: Path) -> None:
    answers = [
        _says(403),
        _says(418, ("Retry-After", HEADER)),
        Answer(200, (("Content-Type", "text/html"), ("Content-Encoding", HEADER)), b"x"),
        Answer(302, (("Location", f"https://example.com/{MARK}[/x]".encode().decode("latin-1")),), b""),
        more(HostileSite()),
        *[_says(400)] * 4,  # the next page is asked for without a key, too
    ]
    with (
        serve(FailingSite(answers)) as served,
        explorer(home, account(served.url), shows=surfaces.ERRORS) as terminal,
    ):
        for words in (
            "needs Confluence Administrator",
            "It says: “",
            "answered in the encoding",
            "example.com",
        ):
            terminal.until(words)
            terminal.until("r tries again   s")
            terminal.send("r")
            terminal.until_gone(words)
        terminal.until("9 loaded · more below")
        terminal.send("L")
        terminal.until("✗")


def test_what_is_typed_and_the_names_of_files_that_are_written(home: Path) -> None:
    with (
        serve(HostileSite((ALL_KINDS,))) as served,
        explorer(
            home,
            account(served.url) | {"AUDITUI_CLIPBOARD": "file"},
            shows=surfaces.WRITTEN,
            rows=40,
            copied=True,
        ) as terminal,
    ):
        terminal.until("all 1 loaded")
        terminal.send(f"/{TYPED_LETTERS}")
        terminal.until(f"/ {TYPED_LETTERS}")
        terminal.send("\x1b")
        terminal.until_gone(f"/ {TYPED_LETTERS}")
        terminal.send("s")
        terminal.until("Last 7 days")
        terminal.send(f"\t{TYPED_LETTERS}{UNSEEN}x")
        terminal.until(f"“{TYPED_LETTERS}")
        terminal.until(f"{TYPED_LETTERS}{' ' * len(UNSEEN)}x")
        terminal.send("\x1b")
        terminal.until_gone("Last 7 days")
        terminal.send("o")
        terminal.until("own audit log")
        terminal.until("(0600)")  # the copy went into a file
        terminal.until(FOLDER_BEGIN[:20])
        terminal.send("\x1b")
        terminal.until_gone("own audit log")
        terminal.send("eac")
        terminal.until("A new file")
        terminal.send(f"\x15{TYPED_LETTERS}.csv\r")
        terminal.until("Wrote 1 record")
        terminal.send("\r")
        terminal.until(f"Exported 1 records to {TYPED_LETTERS}.csv")
        terminal.click(MARK)


def _says(status: int, *headers: tuple[str, str]) -> Answer:
    json_text = json.dumps({"message": ALL_KINDS}).encode()
    return Answer(status, (("Content-Type", "application/json"), *headers), json_text)


def _all_stand_in(text: str, payloads: Sequence[Payload]) -> None:
    read = "".join(text.split())
    missing = [each.shown for each in payloads if "".join(_composed(each.shown).split()) not in read]
    assert not missing, missing


def _in_json(payload: Payload) -> str:
    """How a text is spelled that stands in JSON, of which some signs are escaped there."""
    shown = payload.shown.replace("\\", r"\\").replace('"', r"\"")
    if payload.case == "D4":
        return shown
    escaped = {f"‹{name}›": json.dumps(chr(code))[1:-1] for code, name in enumerate(NAMES)}
    escaped |= {f"‹U+{code}›": f"\\u{code.lower()}" for code in ("D800", "DC9B")}
    return re.sub("‹[^›]*›", lambda mark: escaped.get(mark[0], mark[0]), shown)


def _composed(text: str) -> str:
    """As the terminal of the tests keeps letters with marks."""
    return unicodedata.normalize("NFC", text)
