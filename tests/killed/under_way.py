"""What is under way when a run is killed: an export of the shell, and beside it what auditui keeps by itself.

Each is the product's own code. What is certainly kept is told through a pipe, before the next is begun.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

from auditui import cli
from auditui.account.folder import config_folder
from auditui.account.memory import Memory
from auditui.account.sessions import SessionFile, Sessions
from auditui.account.token_file import TokenFile
from auditui.model.account import Account, Credential
from auditui.model.query import Query
from auditui.model.resumption import DemoLog
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.model.view import View
from tests.account.test_sessions import KEPT

RECORDS = 100
SUFFIXES = (".csv", ".jsonl", ".json", ".md", ".sqlite", ".ecs.jsonl")

Hook = Callable[..., None]


def export_here(path: Path) -> None:
    """Export the demo site's log, over what is there."""
    assert cli.main(_asked(path)) == 0


def _asked(path: Path) -> list[str]:
    asked = ["export", "--demo", "--demo-records", str(RECORDS), "--tz", "utc", "--quiet", "--overwrite"]
    return [*asked, "--output", str(path)]


def export_and_keep(path: Path, told: int, first: int, hook: Hook) -> None:
    """Export, and end the process as the command does, while another thread keeps one thing after the other.

    Args:
        path: of the export.
        told: the pipe.
        first: the number of what is kept first; they go on from there.
        hook: called by Python before and after each call of the export, as `sys.setprofile` has it.
    """
    begun = threading.Event()
    threading.Thread(target=_keep_on, args=(told, first, begun), daemon=True).start()
    begun.wait()
    threading.setprofile(hook)
    sys.setprofile(hook)
    sys.argv[1:] = _asked(path)
    cli.run()


def _keep_on(told: int, first: int, begun: threading.Event) -> None:
    session = Sessions().begin()
    begun.set()
    for number in count(first):
        keep(number, session)
        os.write(told, b"%d\n" % number)


def keep(number: int, session: SessionFile) -> None:
    """Save a view, where one is, and a token: each tells its number."""
    Memory().save("it", View(Query(text=str(number))))
    session.write(replace(KEPT, demo=DemoLog(number, 0)))
    account = Account(Site.parse("acme"), "ana@example.com")
    token_file().put(Credential(account, Secret(f"token-{number}")))


def kept() -> dict[str, int]:
    """What of all that the next run finds: the numbers of the view, the token and the session, as far as they are there.

    Reading it removes what a dead run was writing; the session is used up.
    """
    memory, taken = Memory(), Sessions().take()
    views, tokens = {named.name: named.view.query.text for named in memory.saved()}, token_file().read()
    memory.delete("mine")
    assert memory.notices == ()
    found: dict[str, int] = {}
    if "it" in views:
        found["view"] = int(views["it"])
    if tokens:
        found["token"] = int(tokens[0].token.reveal().rpartition("-")[2])
    if taken is not None and taken.kept.demo is not None:
        assert taken.notices == ()
        found["session"] = taken.kept.demo.records
        taken.file.remove()
        taken.file.release()
    return found


def token_file() -> TokenFile:
    """The credentials file of this user."""
    return TokenFile(config_folder() / "credentials")
