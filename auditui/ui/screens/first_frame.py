"""What comes before the first frame of a screen: it is drawn when there is something to see, or after a moment.

Textual draws a screen when it is mounted, again when it learns its size, and again for each text that changes while the
first records are fetched: seven frames and 35 kB before the first record, and a fifth of the start. Knows nothing of
what is waited for.
"""

from __future__ import annotations

from textual.screen import Screen

from auditui import garbage

_MOMENT = 0.4
"""Seconds after which the screen is drawn as it is: a site that is far away must not leave the terminal black."""


class FirstFrameScreen(Screen[None]):
    """Draws nothing until `reveal`, or for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self._hidden = True

    def suit_size(self) -> None:
        """Take the classes of the breakpoints, for `compose`. Textual does so after the layout, which is then done again."""
        width, height = self.app.size
        for size, breakpoints in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
            self.add_class(max((least, name) for least, name in breakpoints or () if least <= size)[1])

    def on_mount(self) -> None:
        """Wait no longer than a moment."""
        self.set_timer(_MOMENT, self.reveal)

    def reveal(self) -> None:
        """Draw from now on."""
        if self._hidden:
            self._hidden = False
            self.call_after_refresh(garbage.keep_what_is_there)
            self.refresh(repaint=False, layout=True)  # draws all that was held back, once

    def _compositor_refresh(self) -> None:
        """As Textual's own, once there is something to see; what changed until then is drawn with it."""
        if not self._hidden:
            super()._compositor_refresh()
