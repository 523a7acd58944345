"""Whose the mouse is: auditui's, or the terminal's, which can select text with it. Knows no screen."""

from __future__ import annotations

from textual.driver import Driver

_ON = "Mouse on; shift- or option-drag selects text. m turns it off."
_OFF = "Mouse off: the terminal selects text with it. m turns it on."


def pass_on(driver: Driver) -> str:
    """Give the mouse to the other of both; what the status line says then.

    Textual decides this at the start of a run only; its driver keeps the answer in `_mouse`, by which it also restores the
    terminal when it is suspended or ends.
    """
    if driver._mouse:  # noqa: SLF001
        driver._disable_mouse_support()  # type: ignore[attr-defined]  # noqa: SLF001  # does nothing once `_mouse` is off
        driver._mouse = False  # noqa: SLF001
        return _OFF
    driver._mouse = True  # noqa: SLF001
    driver._enable_mouse_support()  # type: ignore[attr-defined]  # noqa: SLF001
    return _ON
