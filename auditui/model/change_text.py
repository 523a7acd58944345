"""What is said of a changed value on a line: one wording for cells, copies and exports.

Knows nothing of where it stands: how a foreign text is cut, marked or made safe is told by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable

from auditui.model.record import ChangedValue

Show = Callable[[str], str]
"""How a foreign text is written. It is given none that is empty."""


def change_text(change: ChangedValue, show: Show = str, show_name: Show | None = None) -> str:
    """`Active: Yes → No`; without an old value, of which Confluence often names none, `Email: ana@example.com`.

    A value that is gone is `Owner: Ana → (none)`, one that did not change `Key: X (no change)`. Behind one that Confluence
    keeps from view stands `(hidden in Confluence)`.

    Args:
        change: the change.
        show: for its values; `str` leaves them as they came, not inert.
        show_name: for its name; None as for its values.
    """
    name = (show_name or show)(change.name) if change.name else "(unnamed)"
    hidden = " (hidden in Confluence)" if change.hidden else ""
    return f"{name}: {_values(change, show)}{hidden}"


def _values(change: ChangedValue, show: Show) -> str:
    old, new = (show(text) if text else "" for text in _both(change))
    if change.same:
        return f"{old or 'empty'} (no change)"
    return f"{old} → {new or '(none)'}" if old else new


def _both(change: ChangedValue) -> tuple[str, str]:
    return change.old or change.hidden_old, change.new or change.hidden_new
