"""When Python looks for garbage. Records are read by the thousand and hold no cycles: looking for some after every 700
objects, as Python does by itself, takes a seventh of loading, and each long look holds up every thread, and so the keys.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress

_SELDOM = (20_000, 20, 50)
"""Objects that came and did not go, between two looks; and how many such looks between two at those that stayed."""

_MMAP_THRESHOLD = -3
_LARGE = 262_144
"""Bytes from which on a block, such as a page's body, is the system's own and goes back to it at once: by itself the library
comes to keep blocks of up to 32 MiB, and what lies between them is lost (mallopt(3))."""


def keep_what_is_there() -> None:
    """From now on look seldom, and never at what is there now: what was imported stays."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    gc.enable()
    _library("mallopt", _MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """After very many records: give what they took back to the system, which C's library would keep for a next time.

    Takes some 30 ms, and none of the interpreter's time for most of it.
    """
    gc.collect()
    _library("malloc_trim", 0)


def _library(function: str, *arguments: int) -> None:
    """Call a function of GNU's C library, where that is in use."""
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError):
            getattr(ctypes.CDLL(None), function)(*arguments)
