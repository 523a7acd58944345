"""A demo site that gives as many pages as it is allowed to."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from auditui.demo.answers import Answer
from auditui.demo.site import DemoSite


class Gated(DemoSite):
    """Answers as often as it is let, and else waits; how long it keeps records it tells at once.

    Of pages that are asked for side by side, `let_through` takes whichever comes first; `let_through_below` is sure which.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate = threading.Condition()
        self._permits = 0
        self._below = 0
        self._standing = 0

    @property
    def waiting(self) -> bool:
        """Whether a request stands before the gate that is not let through."""
        with self._gate:
            return self._standing > self._permits

    def let_through(self, requests: int) -> None:
        """Let some more requests through."""
        with self._gate:
            self._permits += requests
            self._gate.notify_all()

    def let_through_below(self, offset: int) -> None:
        """Let through every page that begins above a record, however often it is asked for."""
        with self._gate:
            self._below = offset
            self._gate.notify_all()

    def hold(self) -> None:
        """Let nothing more through for now."""
        with self._gate:
            self._permits = self._below = 0

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        if not target.endswith("/retention"):
            self._pass(int(parse_qs(urlsplit(target).query).get("start", ["0"])[0]))
        return super().answer(method, target, headers)

    def _pass(self, start: int) -> None:
        with self._gate:
            self._standing += 1
            self._gate.wait_for(lambda: self._permits > 0 or start < self._below)
            self._standing -= 1
            if start >= self._below:
                self._permits -= 1
