"""Which keys the explorer's footer names: as many as have room, and beside a pane's own keys only the way back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

from textual.binding import ActiveBinding, Binding

_DROPPED: Final = (
    (76, ("explorer.load_rest", "explorer.copy", "explorer.around", "table.open")),
    (97, ("explorer.around", "table.open")),
)
"""Below how many columns the footer goes without which keys, the narrowest first."""

_ASIDE = ("explorer.filter", "explorer.back")
"""The explorer's keys that are named beside those of another pane than the table."""


def in_footer(found: Mapping[str, ActiveBinding], width: int, *, aside: bool) -> dict[str, ActiveBinding]:
    """The active bindings, of which the footer shows what it has room for.

    Args:
        found: by key, as Textual has them.
        width: of the screen, in cells.
        aside: whether another pane than the table has the focus.
    """
    dropped = next((keys for below, keys in _DROPPED if width < below), ())

    def shown(binding: Binding) -> bool:
        if aside and (binding.id or "").startswith("explorer."):
            return binding.id in _ASIDE
        return binding.show and (aside or binding.id not in dropped)

    return {
        key: active
        if active.binding.show == shown(active.binding)
        else active._replace(binding=dataclasses.replace(active.binding, show=not active.binding.show))
        for key, active in found.items()
    }
