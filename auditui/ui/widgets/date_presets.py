"""The ranges that have a name, one line each, with the key that chooses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from auditui.model.query import PRESETS, Preset
from auditui.ui.keymap import key


class DatePresets(OptionList):
    """A list of ranges, at most one of them marked `(x)` as the one that holds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("presets.choose", "space", "select", "Choose", "Fill From and To with this range"),
        key("presets.down", "j", "cursor_down", "Down", "The next range"),
        key("presets.up", "k", "cursor_up", "Up", "The range before"),
    ]

    DEFAULT_CSS = """
    DatePresets {
        width: 23;
        height: auto;
        overflow-y: hidden;
    }
    """

    @dataclass
    class Chosen(Message):
        """Somebody wants this range."""

        preset: Preset

    def __init__(self, chosen: Preset | None, *, id: str | None = None) -> None:
        super().__init__(*(_prompt(preset, chosen) for preset in PRESETS), id=id, compact=True, markup=False)
        self.chosen = chosen
        """The range that holds, None where the dates are others."""

    def on_mount(self) -> None:
        """The cursor begins on the range that holds."""
        self.highlighted = PRESETS.index(self.chosen) if self.chosen else 0

    def mark(self, chosen: Preset | None) -> None:
        """Mark another range as the one that holds, or none."""
        if chosen == self.chosen:
            return
        self.chosen = chosen
        for index, preset in enumerate(PRESETS):
            self.replace_option_prompt_at_index(index, _prompt(preset, chosen))
        if chosen:
            self.highlighted = PRESETS.index(chosen)

    def on_option_list_option_selected(self, selected: OptionList.OptionSelected) -> None:
        """Say it in our words."""
        selected.stop()
        self.post_message(self.Chosen(PRESETS[selected.option_index]))


def _prompt(preset: Preset, chosen: Preset | None) -> Content:
    mark = "(x)" if preset == chosen else "( )"
    return Content(f"{mark} {PRESETS.index(preset) + 1} {preset.title}")
