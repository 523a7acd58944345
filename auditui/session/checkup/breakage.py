"""A check that breaks off: told as a finding, so that the others still come. Knows nothing of what is checked.

Doctor is asked where something is broken, and no list of what the system can raise there is ever complete.
"""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from auditui.model.errors import AudituiError
from auditui.session.checkup.finding import Finding, Verdict, of_error

T = TypeVar("T")


def unbroken(topic: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings as they come; where the check breaks off, that comes last."""
    try:
        yield from findings
    except Exception as error:  # noqa: BLE001 - see above
        yield broken(topic, error)


async def instead(check: Awaitable[T], otherwise: Callable[[Exception], T]) -> T:
    """What comes of a check; where it breaks off, what is made of the error. Cancelling is no breakage."""
    try:
        return await check
    except Exception as error:  # noqa: BLE001 - see above
        return otherwise(error)


def broken(topic: str, error: Exception) -> Finding:
    """What is said of it: the error by its class and place, as its own words might hold a token."""
    if isinstance(error, AudituiError):
        return of_error(topic, error)
    system = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f", at {Path(each.filename).name}:{each.lineno}" for each in last)
    words = f"This check broke off: {type(error).__name__}{system}{where}."
    return Finding(topic, Verdict.FAILED, words, "Please report it, with all of this.")
