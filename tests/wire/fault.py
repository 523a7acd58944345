"""One row of the fault matrix: what a site does, and what the user then reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from auditui.client.http import Limits
from auditui.demo.site import TOKEN
from auditui.model.errors import AudituiError
from tests.wire.steps import Script

HOST = "{host}"
"""In words: the site's host."""
ELSEWHERE = "{elsewhere}"
"""In words and in answers: the host to which nothing may ever be sent."""


@dataclass(frozen=True, slots=True)
class Door:
    """How one gets in, or does not; nobody is asked anything before that."""

    listens: bool = True
    full: bool = False
    """Whether connections are neither taken nor turned away."""
    certificate: str = ""
    """Which certificate is shown (`tests/wire/certificates.py`); "" for a good one, or none over plain HTTP."""
    greeting: Script = ()
    """What is done, over plain HTTP, before anything was understood; ends the connection."""
    name: str = "found"
    """What the resolver says (`tests/wire/names.py`)."""

    @property
    def encrypted(self) -> bool:
        """Whether the site is one that should be encrypted."""
        return bool(self.certificate or self.greeting)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and what comes of it. In every row no loaded row is lost, and `r` asks for the same page and goes on."""

    number: str
    """Of security-and-faults.md, 5.3; or the toxic of toxiproxy's."""
    does: Script | Door
    error: type[AudituiError]
    happened: str
    why: str = ""
    remedy: str = ""
    tries: int = 1
    limit: str = ""
    """Which of `Limits` ends each try; "" where it ends by itself, at once."""
    token: str = TOKEN
    once_read: tuple[str, ...] = ()
    """Why and remedy where the site gave the log before; empty where they are the same."""

    @property
    def limits(self) -> Limits | None:
        """The limits of the client, with the one that has to end it made short."""
        return shortened(self.limit)

    @property
    def encrypted(self) -> bool:
        return isinstance(self.does, Door) and self.does.encrypted

    @property
    def named(self) -> bool:
        """Whether the site has to be known by a name."""
        return isinstance(self.does, Door) and self.does.name != "found"


SHORT: dict[str, Any] = {"connect": 0.2, "read": 0.3, "exchange": 0.4, "wire": 150_000, "decoded": 3_000_000}
"""Seconds, or bytes."""


def shortened(limit: str) -> Limits | None:
    """The limits of a client of which one is short; None for the usual ones."""
    return Limits(**{limit: SHORT[limit]}) if limit else None


@dataclass(frozen=True, slots=True)
class Passing:
    """A fault that is over when the site is asked again; nobody sees an error."""

    number: str
    does: Script
    waits: list[float] = field(default_factory=lambda: [1.0])
    """Seconds, where chance makes each wait as long as it can be."""
    limit: str = ""
    """As for `Fault`."""

    @property
    def limits(self) -> Limits | None:
        return shortened(self.limit)
