"""Work in threads: that nobody waits for at the end, or that is waited for whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class NoWait(ThreadPoolExecutor):
    """Lets go of its threads at the end: one of them may hang in a name look-up or a keyring."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; what is being done goes on by itself."""
        super().shutdown(wait=False, cancel_futures=True)


async def to_the_end(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do some work in a thread. Whoever is cancelled meanwhile goes on only when it is done: a thread cannot be stopped,
    and what it works on must not be taken away from it."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise
