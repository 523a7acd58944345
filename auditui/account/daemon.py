"""Blocking calls that may never come back, without waiting for them. Knows nothing of what is called.

`asyncio.to_thread` and Textual's thread workers are wrong for this: their threads are joined when the process ends,
so one call that hangs keeps it alive for ever. A daemon thread is left behind instead.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def daemon_call(call: Callable[[], T], seconds: float) -> T:
    """What `call` returns or raises, from a daemon thread.

    Raises:
        TimeoutError: nothing came within `seconds`; the thread is left to itself and its outcome is dropped.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(deliver: Callable[[], None]) -> None:
        if not outcome.done():
            deliver()

    def run() -> None:
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - handed over whole to the one who waits
            failure = error
            _post(loop, lambda: settle(lambda: outcome.set_exception(failure)))
        else:
            _post(loop, lambda: settle(lambda: outcome.set_result(result)))

    threading.Thread(target=run, daemon=True, name="auditui-daemon-call").start()
    return await asyncio.wait_for(outcome, seconds)


def _post(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(callback)
    except RuntimeError:
        # the loop was closed meanwhile: nobody waits any more
        return
