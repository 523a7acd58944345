"""Rows in Textual's DataTable: the peer of a key. Says with its last line where the cursor was.

usage: python data_table.py ROWS.json HEIGHT

ROWS.json holds a list of columns (`[title, width]`) and a list of rows; HEIGHT is in cells, header and all.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Rows(App[int]):
    """A table in the upper part of the screen, `q` to quit."""

    BINDINGS = [("q", "leave", "Quit")]  # noqa: RUF012  # Textual declares it as an instance variable

    def compose(self) -> ComposeResult:
        """The table."""
        table: DataTable[Text] = DataTable(cursor_type="row")
        table.styles.height = int(sys.argv[2])
        yield table

    def on_mount(self) -> None:
        """Fill it."""
        held = json.loads(Path(sys.argv[1]).read_text("utf-8"))
        table = self.query_one(DataTable)
        for title, width in held["columns"]:
            table.add_column(title, width=width)
        # Not as `str`: that it would read as markup, and end at the demo's "[/]".
        table.add_rows([[Text(cell) for cell in row] for row in held["rows"]])

    def action_leave(self) -> None:
        """End with the cursor's row."""
        self.exit(self.query_one(DataTable).cursor_row)


if __name__ == "__main__":
    print("cursor", Rows().run())  # noqa: T201
