"""When Python looks for garbage. Records are read by the thousand and hold no cycles: looking for some after every 700
objects, as Python does by itself, takes a seventh of loading, and each long look holds up every thread, and so the keys.
"""

from __future__ import annotations

import gc

_SELDOM = (20_000, 20, 50)
"""Objects that came and did not go, between two looks; and how many such looks between two at those that stayed."""


def keep_what_is_there() -> None:
    """From now on look seldom, and never at what is there now: what was imported stays."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    gc.enable()
