"""Work in threads is never left halfway: whoever is cancelled waits for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from auditui.session.threads import to_the_end, whatever_happens


class Work:
    """Goes on until it is let."""

    def __init__(self) -> None:
        self.begun, self.let, self.done = threading.Event(), threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.let.wait(10)
        self.done.set()
        return "result"


async def begun(work: Work) -> None:
    assert await asyncio.to_thread(work.begun.wait, 10)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_who_is_cancelled_goes_on_only_when_the_thread_is_through(times: int) -> None:
    work, undone = Work(), list[str]()
    task = asyncio.create_task(to_the_end(work, undo=undone.append))
    await begun(work)
    for _ in range(times):
        task.cancel()
        await settle()
    assert not task.done()
    assert not work.done.is_set()
    work.let.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.done.is_set()
    assert undone == ["result"]


async def test_a_result_is_given_and_not_undone() -> None:
    work, undone = Work(), list[str]()
    work.let.set()
    assert await to_the_end(work, undo=undone.append) == "result"
    assert undone == []


def fail() -> str:
    raise OSError("broken")


@pytest.mark.parametrize("way", [to_the_end, whatever_happens])
async def test_a_failure_is_passed_on(way: Callable[[Callable[[], str]], object]) -> None:
    with pytest.raises(OSError, match="broken"):
        await way(fail)  # type: ignore[misc]


async def test_what_cannot_be_cancelled_gives_its_result() -> None:
    work = Work()
    task = asyncio.create_task(whatever_happens(work))
    await begun(work)
    task.cancel()
    await settle()
    work.let.set()
    assert await task == "result"
    assert task.cancelling() == 0
