"""A demo site that gives as many pages as it is allowed to."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from auditui.demo.answers import Answer
from auditui.demo.site import DemoSite


class Gated(DemoSite):
    """Answers as often as it is let, and else waits; how long it keeps records it tells at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._permits = threading.Semaphore(0)
        self.waiting = False
        """Whether a request stands before the gate."""

    def let_through(self, requests: int) -> None:
        """Let some more requests through."""
        self.waiting = False
        self._permits.release(requests)

    def hold(self) -> None:
        """Let nothing more through for now."""
        while self._permits.acquire(blocking=False):
            pass

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        if not target.endswith("/retention") and not self._permits.acquire(blocking=False):
            self.waiting = True
            self._permits.acquire()
        return super().answer(method, target, headers)
