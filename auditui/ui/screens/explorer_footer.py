"""Which keys the explorer's footer names: as many as have room, and beside a pane's own keys only the way back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final

from textual.binding import ActiveBinding, Binding

_DROPPED: Final = (
    (76, ("explorer.load_rest", "explorer.copy", "explorer.around", "table.open")),
    (97, ("explorer.around", "table.open")),
)
"""Below how many columns the footer goes without which keys, the narrowest first."""

_ASIDE = ("explorer.filter", "explorer.back")
"""The explorer's keys that are named beside those of another pane than the table."""

_WAY_OUT = ("explorer.back", "app.help", "app.quit")
"""The keys that are named however little room there is."""


def in_footer(
    found: Mapping[str, ActiveBinding], width: int, *, aside: bool, typed: Callable[[str], bool]
) -> dict[str, ActiveBinding]:
    """The active bindings, of which the footer shows what it has room for.

    Args:
        found: by key, as Textual has them.
        width: of the screen, in cells.
        aside: whether another pane than the table has the focus.
        typed: whether a key writes its letter into the field that has the focus.
    """
    dropped = next((keys for below, keys in _DROPPED if width < below), ())

    def shown(binding: Binding) -> bool:
        if typed(binding.key):
            return False
        if aside and (binding.id or "").startswith("explorer."):
            return binding.id in _ASIDE
        return binding.show and (aside or binding.id not in dropped)

    return _with_room(
        {key: _turned(active, show=shown(active.binding)) for key, active in found.items()}, width
    )


def _turned(active: ActiveBinding, *, show: bool) -> ActiveBinding:
    if active.binding.show == show:
        return active
    return active._replace(binding=dataclasses.replace(active.binding, show=show))


def _with_room(found: dict[str, ActiveBinding], width: int) -> dict[str, ActiveBinding]:
    """Without the entries, from the last on, that there is no room for as a whole; the way out stays.

    A pane's own keys come before the explorer's.
    """
    entries: dict[str, Binding] = {}
    for active in found.values():
        if active.binding.show:
            entries.setdefault(active.binding.action, active.binding)
    missing = sum(map(_cells, entries.values())) - 1 - width
    gone: set[str | None] = set()
    for binding in reversed(entries.values()):
        if missing > 0 and binding.id not in _WAY_OUT:
            gone.add(binding.id)
            missing -= _cells(binding)
    if not gone:
        return found
    return {
        key: _turned(active, show=active.binding.show and active.binding.id not in gone)
        for key, active in found.items()
    }


def _cells(binding: Binding) -> int:
    """What its entry takes, with the space behind it."""
    return len(f"{binding.key_display or binding.key} {binding.description} ")
