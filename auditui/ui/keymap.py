"""The keys as data: one entry a binding, from which the footer, the help and the palette are made.

Every binding has an id, so that `settings.toml` can give it other keys. Letters first: each key that a terminal, tmux or
an SSH client may take for itself has a letter as its twin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from textual.binding import Binding


def key(
    id: str,
    keys: str,
    action: str,
    title: str,
    tooltip: str,
    *,
    show: bool = False,
    label: str = "",
    priority: bool = False,
) -> Binding:
    """A binding with all that a house binding has.

    Args:
        id: `area.action`, the name used in `settings.toml`.
        keys: the keys, comma-separated as Textual spells them.
        action: the action on the widget or screen that owns the binding.
        title: one word or two, for the footer and the palette.
        tooltip: one sentence, for the help and the palette.
        show: whether the footer names it.
        label: how the key is written in the footer, where Textual's spelling is not the usual one.
        priority: whether it works in text fields and dialogs, too.
    """
    return Binding(
        keys, action, title, tooltip=tooltip, id=id, show=show, key_display=label or None, priority=priority
    )


@runtime_checkable
class Cancellable(Protocol):
    """A screen that may be waiting for something."""

    def cancel(self) -> bool:
        """Stop waiting; whether there was anything to stop."""
        ...


@runtime_checkable
class Pending(Protocol):
    """A screen on which what was asked for may not be there yet."""

    @property
    def pending(self) -> bool:
        """Whether that is so."""
        ...


@runtime_checkable
class Completing(Protocol):
    """A field in which tab may take what is offered."""

    def complete(self) -> bool:
        """Take what is offered; whether anything was."""
        ...


def keymap_problems(keymap: Mapping[str, str], bindings: Iterable[Binding]) -> tuple[str, ...]:
    """What is wrong with the user's keymap, a sentence each: ids that do not exist, keys that two bindings would share.

    Textual itself leaves a displaced action unreachable without a word.
    """
    known = {binding.id: binding for binding in bindings if binding.id}
    problems = [f"settings.toml: there is no key binding “{name}”." for name in keymap if name not in known]
    owners: dict[str, str] = {}
    for name, binding in known.items():
        for single in keymap.get(name, binding.key).split(","):
            other = owners.setdefault(f"{name.split('.')[0]} {single.strip()}", name)
            if other != name and (name in keymap or other in keymap):
                problems.append(f"settings.toml: “{single.strip()}” would be both {other} and {name}.")
    return tuple(problems)
