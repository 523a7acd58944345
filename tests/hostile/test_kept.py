"""What auditui itself keeps between runs, written by somebody else: views, searches, and where a run was broken off."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditui.account.resumption_text import resumption_text
from auditui.demo.server import serve
from auditui.demo.site import EMAIL
from auditui.model.query import Pinned, Query
from auditui.model.resumption import Former, Owner, Resumption, Spot, Step, fingerprint
from auditui.model.view import Order, View
from auditui.model.when import Zone
from tests.hostile import surfaces
from tests.hostile.payloads import ALL_KINDS, ALL_KINDS_BEGIN, MARK, PAYLOADS, TYPED
from tests.hostile.places import explorer, hostile_home, on_a_terminal
from tests.hostile_site import HostileSite
from tests.started import account

NAME = f"{MARK}[/x][@click=app.quit]go"
"""A name that is let in: one that prints."""
SALT = bytes(16)
HELD = Spot(0, fingerprint("gone"))
SEARCH = Former(Pinned(5, 1_900_000_000_000, TYPED, 1000), Zone(None), (HELD,))


def _kept(url: str) -> dict[str, Any]:
    """Where a run was, in every text that it can tell somebody else's."""
    views = [
        View(Query("", "", ALL_KINDS), f"author:{json.dumps(ALL_KINDS)}"),
        View(Query(ALL_KINDS, ALL_KINDS, ALL_KINDS), ALL_KINDS, Order("author")),
    ]
    steps = tuple(Step(view, 0, HELD) for view in views)
    kept = Resumption(Owner.of(f"{url}|{EMAIL}", SALT), Zone("UTC"), (SEARCH,), steps, 1)
    told: dict[str, Any] = json.loads(resumption_text(kept))
    return told


def _write(home: Path, name: str, fields: object) -> None:
    folder = home / "state" / "auditui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(fields))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose name is an attack."""
    return hostile_home(tmp_path)


def test_where_a_run_was_broken_off(home: Path) -> None:
    with serve(HostileSite((ALL_KINDS, "other"))) as served:
        _write(home, "session-0.json", _kept(served.url))
        _write(home, "session-1.json", [ALL_KINDS])
        with explorer(home, account(served.url), "--resume", shows=surfaces.RESUMED, columns=160) as terminal:
            terminal.until("could not be read. It was passed over.")
            terminal.until("Resumed as of")
            terminal.until("marked records were not found again")
            terminal.send("<")
            terminal.until('/ author:"')
            terminal.until("None of the 2 loaded records match")
            terminal.send(">")
            terminal.until_gone('/ author:"')
            terminal.send("b")
            terminal.until("This session")
            terminal.until(f"“{ALL_KINDS_BEGIN}")
            terminal.send("\x1b")
            terminal.until_gone("This session")
            terminal.send("r")
            terminal.until("is not a date or a span of time")


def test_a_log_of_what_fails_a_parser_of_markup_is_opened_again_and_again(home: Path) -> None:
    texts = [each.text for each in PAYLOADS if each.case == "D1"]
    loaded = f"all {len(texts)} loaded"
    with serve(HostileSite(texts)) as served:
        with explorer(home, account(served.url), "--search", "[/]", shows={"RecordTable"}) as terminal:
            terminal.until(loaded)
            terminal.send("j ")
            terminal.until("1 marked")
            terminal.send("+")  # only what has the text of the cell
            terminal.until("filter: 1 of all")
            terminal.send("S")
            terminal.until("Save this view")
            terminal.send("\x15[/]\r")
            terminal.until("Saved as “[/]”")
        with explorer(home, account(served.url), "--resume", shows={"FilterLine", "RecordTable"}) as terminal:
            terminal.until("Resumed as of")
            terminal.until(f'/ author="{MARK}[link=')
        with explorer(
            home, account(served.url), "--view", "[/]", shows={"FilterLine", "RecordTable"}
        ) as terminal:
            terminal.until("filter: 1 of all")


@pytest.mark.parametrize("name", ["zone", "steps", "version"])
def test_a_session_file_that_cannot_be_read(home: Path, name: str) -> None:
    fields = _kept("http://127.0.0.1:1")
    fields[name] = 2 if name == "version" else [ALL_KINDS] if isinstance(fields[name], list) else ALL_KINDS
    _write(home, "session-0.json", fields)
    told, status = on_a_terminal(home, {}, "--resume")
    assert "‹ESC›]0;PWNED" in told  # the name of the folder
    assert ("was written by a newer auditui." if name == "version" else "could not be read.") in told
    assert status == 1


def test_views_and_searches_that_were_kept(home: Path) -> None:
    views = [
        View(Query(each.text, "", each.text[:2_000]), each.text[:2_000])
        for each in PAYLOADS
        if each.case in ("D1", "D4", "D6", "D7")
    ]
    shown = [replace(view, query=replace(view.query, since=ALL_KINDS)) for view in views]
    _write(
        home,
        "remembered.json",
        {
            "version": 1,
            "saved": [
                {"name": NAME, "view": _fields(shown[0])},
                {"name": ALL_KINDS, "view": _fields(views[0])},
            ],
            "recent": [_fields(view) for view in views] * 2,
            "layout": [[ALL_KINDS, 1]],
            ALL_KINDS: 1,
        },
    )
    with (
        serve(HostileSite((ALL_KINDS,))) as served,
        explorer(home, account(served.url), shows=surfaces.REMEMBERED, columns=160, rows=40) as terminal,
    ):
        terminal.until("all 1 loaded")
        terminal.send("b")
        terminal.until(NAME)
        terminal.until("Recent")
        terminal.send("j")
        terminal.until(f"{NAME}: ")
        terminal.send("d")
        terminal.until(f"delete “{NAME}")
        terminal.send("\x1b\r")
        terminal.until(f"“{ALL_KINDS_BEGIN}")


def _fields(view: View) -> dict[str, object]:
    query = view.query
    return {"since": query.since, "until": query.until, "text": query.text, "filter": view.filter}
