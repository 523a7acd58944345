"""What the keys do, where one is. Made from the bindings themselves, so that it cannot be wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from auditui.ui.keymap import key
from auditui.ui.present import plain

_TITLES = {
    "app": "Everywhere",
    "explorer": "Explorer",
    "table": "Records table",
    "detail": "Record",
    "raw": "Raw JSON",
    "facets": "Facets",
    "timeline": "Timeline",
    "filter": "Filter line",
}


class HelpScreen(ModalScreen[None]):
    """The active keys, a line each; typing narrows them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("help.close", "escape", "dismiss", "Close", "Back to where you were"),
        key("help.down", "down,pagedown", "scroll(8)", "Down", "Further down"),
        key("help.up", "up,pageup", "scroll(-8)", "Up", "Further up"),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        #help { width: 78; max-width: 100%; height: 22; max-height: 100%; border: solid $foreground 50%; padding: 0 1; background: $surface; }
        #help-filter { background: $panel; }
        #help-keys { height: 1fr; scrollbar-size: 0 0; }
    }
    """

    def __init__(self, bindings: Sequence[ActiveBinding]) -> None:
        super().__init__()
        self._bindings_shown = bindings

    def compose(self) -> ComposeResult:
        """A field that narrows, and the keys."""
        with Vertical(id="help"):
            yield Input(
                placeholder="type to narrow, arrows scroll, esc closes", compact=True, id="help-filter"
            )
            with VerticalScroll(id="help-keys", can_focus=False):
                yield Static(help_content(self._bindings_shown, ""), id="help-text", markup=False)

    @on(Input.Changed)
    def _narrow(self, changed: Input.Changed) -> None:
        self.query_one("#help-text", Static).update(help_content(self._bindings_shown, changed.value))

    def action_scroll(self, lines: int) -> None:
        """Scroll the keys."""
        self.query_one("#help-keys").scroll_relative(y=lines, animate=False)


def help_content(bindings: Iterable[ActiveBinding], text: str) -> Content:
    """The bindings that hold `text`, under the name of where they work: first the pane or field that has the focus."""
    depths: dict[str, int] = {}
    areas: dict[str, list[Content]] = {}
    keys: dict[str, list[str]] = {}
    tooltips: dict[str, str] = {}
    for active in bindings:
        if binding_id := active.binding.id:
            names = keys.setdefault(binding_id, [])
            names.append(key_name(active.binding.key))
            depths[binding_id.partition(".")[0]] = len(active.node.ancestors)
            tooltips[binding_id] = active.binding.tooltip
            if active.binding.key_display == _TAKEN and _TAKEN not in names:
                names.insert(0, _TAKEN)
    for binding_id, names in keys.items():
        line = _line("  ".join(names), tooltips[binding_id])
        area = binding_id.partition(".")[0]
        if text.casefold() in f"{line} {_title(area)}".casefold():
            areas.setdefault(area, []).append(plain(line))
    lines: list[Content] = []
    for area in sorted(areas, key=lambda area: (-depths[area], area)):
        lines += [Content(""), Content.styled(_title(area), "bold"), *areas[area]]
    return Content("\n").join(lines or [Content(""), Content("No key does that.")])


_TAKEN = "enter"
"""A list or a field takes this key by itself, so that it is no binding of the dialog's, whose label names it."""


def _title(area: str) -> str:
    return _TITLES.get(area, area.replace("_", " ").capitalize())


def _line(keys: str, tooltip: str) -> str:
    """The keys in a column of their own, also where what they do takes two lines."""
    told = textwrap.wrap(tooltip, _WIDTH - _KEYS)
    return "\n".join(
        f"{front:<{_KEYS - 1}} {part}" for front, part in zip([keys, *[""] * len(told)], told, strict=False)
    )


_KEYS = 16
_WIDTH = 74  # cells that the list has at 80 columns

_NAMES = {
    "question_mark": "?", "colon": ":", "escape": "esc", "pagedown": "pgdn", "pageup": "pgup",
    "slash": "/", "plus": "+", "equals_sign": "=", "minus": "-",
    "less_than_sign": "<", "greater_than_sign": ">",
}  # fmt: skip


def key_name(spelled: str) -> str:
    """A key as people write it."""
    return _NAMES.get(spelled, spelled)
