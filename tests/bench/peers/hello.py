"""The least that a Textual app can show: the peer of a start."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("Hello, world")


if __name__ == "__main__":
    Hello().run()
