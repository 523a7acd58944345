"""The address of the site's own audit log page, to be read, selected and opened by hand on another machine.

No browser is ever started: over SSH it would run on the wrong machine, and a text browser would draw over this screen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from auditui.model.errors import AudituiError
from auditui.model.site import Site
from auditui.ui.keymap import key
from auditui.ui.present import error_content, plain

_TOLD = (
    "Open it in a browser where you have one, as a Confluence administrator. It takes a word and dates; a record "
    "has no link of its own."
)


def page_of(site: Site) -> str:
    """Where Confluence Cloud shows its audit log in a browser. Source: its administration menu."""
    return f"{site.origin}/wiki/admin/auditlogging.action"


class SitePageScreen(ModalScreen[None]):
    """Shows one address, and what became of its copy."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("site_page.close", "escape,q,enter,ctrl+j,o", "dismiss", "Close", "Back to where you were"),
    ]

    DEFAULT_CSS = """
    SitePageScreen {
        align: left middle;
        #site-page {
            width: 100%; height: auto; background: $surface; border-top: solid $foreground; border-bottom: solid $foreground;
        }
        Static { height: auto; margin-bottom: 1; }
        #site-page-copied { margin-bottom: 0; min-height: 2; }
    }
    """

    def __init__(self, address: str, when: str, copied: Callable[[], Awaitable[str]]) -> None:
        """Show an address.

        Args:
            address: of the page.
            when: the time of the record to look for there; "" where there is none.
            copied: copies the address; what can be said of that, or an `AudituiError`.
        """
        super().__init__()
        self._address, self._when, self._copied = address, when, copied

    def compose(self) -> ComposeResult:
        """The address from the first column on, what to know about it, and where its copy went."""
        with Vertical(id="site-page") as box:
            box.border_title = "The site's own audit log"
            box.border_subtitle = "esc closes"
            yield Static(plain(self._address), id="site-page-address", markup=False)
            look_for = f" This one is of {self._when}." if self._when else ""
            yield Static(plain(f"{_TOLD}{look_for}"), markup=False)
            yield Static("Copying …", id="site-page-copied", markup=False)

    def on_mount(self) -> None:
        """Copy the address."""
        self._copy()

    @work(description="copy the address")
    async def _copy(self) -> None:
        try:
            said: Content = plain(await self._copied())
        except AudituiError as error:
            said = error_content(error)
        self.query_one("#site-page-copied", Static).update(said)
