"""The theme for terminals with sixteen colours or none, and the names of all themes.

The sixteen colours are whatever the terminal's owner made them, on a background that may be black or white. So texts keep
the terminal's own colours; what stands out is reversed, bold or underlined, which needs no colour at all; and colours are
only those that can be read on both: red and magenta. Cyan is for bars. Knows no screen.
"""

from __future__ import annotations

from typing import Any

from textual.style import Style
from textual.theme import BUILTIN_THEMES, Theme
from textual.widget import Widget

FEW_COLOURS = Theme(
    name="terminal",
    ansi=True,
    primary="ansi_cyan",
    secondary="ansi_cyan",
    warning="ansi_magenta",
    error="ansi_red",
    success="ansi_green",
    accent="ansi_magenta",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "text-success": "ansi_default",  # green, when bold, cannot be read on white
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "bold reverse",
        "block-cursor-blurred-text-style": "bold",
        "border": "ansi_default",
        "border-blurred": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-foreground": "ansi_black",
        "input-selection-background": "ansi_cyan",
        "scrollbar": "ansi_cyan",
        "scrollbar-hover": "ansi_cyan",
        "scrollbar-active": "ansi_cyan",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    },
)
"""The theme that auditui takes by itself where there are few colours."""

BUILTIN_THEMES[FEW_COLOURS.name] = (
    FEW_COLOURS  # an app reads its theme before it could register one of its own
)


def themes() -> frozenset[str]:
    """The names of the themes there are."""
    return frozenset(BUILTIN_THEMES)


def themes_to_choose(now: str, *, few: bool) -> list[str]:
    """The names of the themes that can be read, the one in use first.

    Args:
        now: the one in use.
        few: whether there are sixteen colours, where no theme can be read that has colours of its own.
    """
    names = sorted(name for name, theme in BUILTIN_THEMES.items() if theme.ansi or not few)
    return sorted(names, key=lambda name: name != now)


_visual_style = Widget.get_visual_style


def _with_reverse(self: Widget, *component_classes: str, **how: Any) -> Style:
    """As Textual's own, which forgets one attribute: without it, no line of a list looks chosen where there is no colour."""
    style = _visual_style(self, *component_classes, **how)
    reverse = any(self.get_component_styles(name).text_style.reverse for name in component_classes)
    return style + Style(reverse=True) if reverse else style


Widget.get_visual_style = _with_reverse  # type: ignore[method-assign]
