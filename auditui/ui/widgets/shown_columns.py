"""The columns of a table that is as wide as its terminal: which are chosen, which of them have room, and the cursor's one."""

from __future__ import annotations

from auditui.model.columns import DEFAULT_LAYOUT, Column, Fitted, Layout, fit


class ShownColumns:
    """Chosen columns in a number of cells; those that have no room are scrolled to by moving the cursor there."""

    def __init__(self) -> None:
        self.layout = DEFAULT_LAYOUT
        """The chosen columns."""
        self.fitted: tuple[Fitted, ...] = ()
        """Those that have room, and how much."""
        self._first = 0
        self._key = "author"
        self._width = 1

    @property
    def cell(self) -> str:
        """The key of the cursor's column; "" while none has room."""
        return self.cursor.key if self.cursor else ""

    @property
    def cursor(self) -> Column | None:
        """The cursor's column."""
        columns = [fitted.column for fitted in self.fitted]
        return next(
            (column for column in columns if column.key == self._key), columns[0] if columns else None
        )

    def resize(self, width: int) -> None:
        """Share another number of cells."""
        self._width = max(1, width)
        self.fitted = fit(self._width, self.layout, self._first)

    def choose(self, layout: Layout) -> None:
        """Show other columns, from the first one on."""
        self.layout, self._first = layout, 0
        self.resize(self._width)

    def move(self, steps: int) -> None:
        """Move the cursor, and scroll as far as it takes to see it."""
        keys = [key for key, _ in self.layout.shown]
        here = keys.index(self.cell) if self.cell in keys else 0
        self._key = keys[max(0, min(here + steps, len(keys) - 1))]
        for first in (self._first, *range(len(keys))):
            self._first = first
            self.resize(self._width)
            if self.cell == self._key:
                return
