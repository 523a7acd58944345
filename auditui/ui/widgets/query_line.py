"""The line that says what is being asked, of which site, and how times are told."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from auditui.model.clock import Clock
from auditui.model.query import Query, range_title
from auditui.ui.present import plain


class QueryLine(Static):
    """Site, range, text and clock on one line; a click opens the search form."""

    DEFAULT_CSS = """
    QueryLine { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; background: $panel; }
    """

    class Clicked(Message):
        """Somebody wants to change the query."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._shown: tuple[str, Query, Clock, str] | None = None

    def show(self, place: str, query: Query, clock: Clock, as_of: str = "") -> None:
        """Show what is asked of `place`, a site's name or what stands in for it; `as_of` is when, if not just now."""
        if (place, query, clock, as_of) == self._shown:
            return
        self._shown = (place, query, clock, as_of)
        parts = [plain(place, "bold"), Content("  "), plain(range_title(query))]
        if as_of:
            parts.append(plain(f" as of {as_of}"))
        if query.text.strip():
            parts += [Content("  "), plain(f"“{query.text.strip()}”")]
        parts.append(Content.styled(f"  {clock.name}", "$foreground-muted"))
        self.update(Content.assemble(*parts))

    def on_click(self) -> None:
        """The line is a door to the form."""
        self.post_message(self.Clicked())
