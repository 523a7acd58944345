"""Check 15. No browser is ever started, text browsers least of all: the address is shown and copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite
from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI, account

BROWSERS = "w3m www-browser lynx links elinks xdg-open x-www-browser firefox chromium gvfs-open open gio kde-open".split()


@pytest.fixture
def browsed(environ: dict[str, str], tmp_path: Path) -> Path:
    """A file that comes to be when any browser is started: each is first in PATH."""
    folder, browsed = tmp_path / "bin", tmp_path / "browsed"
    folder.mkdir()
    for name in BROWSERS:
        (folder / name).write_text(f'#!/bin/sh\necho "$0" "$@" >>{browsed}\n')
        (folder / name).chmod(0o755)
    environ["PATH"] = f"{folder}:{environ['PATH']}"
    return browsed


@pytest.fixture
def url(environ: dict[str, str]) -> Iterator[str]:
    with serve(DemoSite(Corpus(300, 1_795_423_911_962))) as served:
        environ |= account(served.url)
        yield served.url


@pytest.mark.parametrize(
    "desktop", [{}, {"DISPLAY": ":0"}, {"BROWSER": "w3m"}], ids=["none", "X11", "BROWSER"]
)
def test_the_address_of_the_site_s_page_is_shown_and_copied(
    environ: dict[str, str], browsed: Path, url: str, desktop: dict[str, str]
) -> None:
    page = f"{url}/wiki/admin/auditlogging.action"
    with PtyTerminal(AUDITUI, environ | desktop | {"AUDITUI_CLIPBOARD": "osc52"}) as terminal:
        terminal.until("record 1")
        terminal.send("o")
        terminal.until(page)
        terminal.until(f"Sent the address, {len(page)} B, by OSC 52. No paste? Select it above.")
        assert terminal.clipboard() == [page]
        terminal.send("q")
        terminal.until("record 1")
        terminal.send("q")
        assert terminal.exit_status() == 0
    assert not browsed.exists()


LINK = """
from auditui.ui.screens.explorer import ExplorerScreen
from auditui import cli

ExplorerScreen.action_go_detail = lambda self: self.app.open_url("https://example.com/[x]")
cli.run()
"""


def test_a_link_of_textual_s_own_is_shown_too(environ: dict[str, str], browsed: Path, url: str) -> None:
    with PtyTerminal(["-c", LINK], environ | {"BROWSER": "w3m"}) as terminal:
        terminal.until("record 1")
        terminal.send("3")
        terminal.until("https://example.com/[x]")
        terminal.send("q")
        assert terminal.exit_status() == 0
    assert not browsed.exists()


def test_the_demo_site_has_no_page(environ: dict[str, str]) -> None:
    with PtyTerminal([*AUDITUI, "--demo"], environ) as terminal:
        terminal.until("record 1")
        terminal.send("o")
        terminal.until("it has no page to show")
