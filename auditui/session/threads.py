"""Work in threads: that nobody waits for at the end, or that is waited for whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_MOST = 32
"""Threads, made as they are needed. A resolver that does not answer keeps one for each try, long after that was given up:
there must be others for all else that is done."""


class NoWait(ThreadPoolExecutor):
    """Lets go of its threads at the end: one of them may hang in a name look-up or a keyring."""

    def __init__(self) -> None:
        super().__init__(_MOST)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; what is being done goes on by itself."""
        super().shutdown(wait=False, cancel_futures=True)


async def to_the_end(work: Callable[[], T], undo: Callable[[T], None] | None = None) -> T:
    """Do some work in a thread. Whoever is cancelled meanwhile, however often, goes on only when it is done: a thread
    cannot be stopped, and what it works on must not be taken away from it.

    Args:
        work: what is done.
        undo: what becomes of a result that nobody takes any more.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work))
    if await _stopped_before(task):
        if undo is not None and task.exception() is None:
            await asyncio.to_thread(undo, task.result())
        raise asyncio.CancelledError
    return task.result()


async def whatever_happens(work: Callable[[], T]) -> T:
    """Do some work in a thread that cannot be cancelled any more; that somebody tried to is forgotten."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    await _stopped_before(task)
    return task.result()


async def _stopped_before(task: asyncio.Future[T]) -> bool:
    """Wait until a task is over; whether somebody cancelled the waiting meanwhile."""
    stopped = False
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError:
            stopped = True
            if (waiting := asyncio.current_task()) is not None:
                waiting.uncancel()
    return stopped
