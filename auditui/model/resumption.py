"""Where somebody was, as values that can be kept: what was asked, the views one came through, the cursor and the marks.

Holds no site, e-mail address, token or record: records have no id, so that each is known by its row and by a fingerprint
of its text, which does not give the text back.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditui.model.query import Pinned
from auditui.model.view import View
from auditui.model.when import Zone

FINGERPRINT = 32
"""Characters of a fingerprint, hexadecimal ones."""


def fingerprint(text: str) -> str:
    """What a record's text is known again by: 128 bits of BLAKE2b."""
    from hashlib import blake2b  # 5 ms that the first paint should not pay

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=FINGERPRINT // 2).hexdigest()


@dataclass(frozen=True, slots=True)
class Spot:
    """A record, without its text."""

    row: int
    """Where it stood in the search; records that arrived late may have moved it by a few."""
    fingerprint: str
    """"" where there was none."""


@dataclass(frozen=True, slots=True)
class Former:
    """A search to be made again as it was, so that the same records come in the same order."""

    pinned: Pinned
    zone: Zone
    """In which the query's dates were read."""
    marks: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One of the views that one came through."""

    view: View
    former: int
    """Which of the searches it looks at."""
    spot: Spot
    """The cursor."""
    only_marked: bool = False


@dataclass(frozen=True, slots=True)
class DemoLog:
    """Which of the logs that the demo site can have: the same number and moment give the same records."""

    records: int
    moment: int
    """Its end, in milliseconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose exploring it was, so that it is opened again with no other account; it does not tell which one."""

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, account: str, salt: bytes) -> Owner:
        """The owner for an account's key; takes some 10 ms, so that guessing takes its time."""
        from hashlib import scrypt

        return cls(salt, scrypt(account.encode(), salt=salt, n=1 << 12, r=8, p=1, dklen=16))

    def owns(self, account: str) -> bool:
        """Whether it is this account; as slow as `of`."""
        return Owner.of(account, self.salt) == self


@dataclass(frozen=True, slots=True)
class Resumption:
    """All that is needed to go on where one was."""

    owner: Owner
    zone: Zone
    """In which times are shown."""
    formers: tuple[Former, ...]
    steps: tuple[Step, ...]
    """At least one."""
    at: int
    """Which of the steps one is at."""
    demo: DemoLog | None = None
    """None for a real site."""
    left_out: int = 0
    """Marks that were too many to be kept."""
    closed: bool = False
    """Whether the run was ended by its user, rather than by a signal, a lost line or a crash."""

    @property
    def here(self) -> Step:
        """Where one was."""
        return self.steps[self.at]

    @property
    def worth_keeping(self) -> bool:
        """Whether anything was done that one would miss."""
        return self.worth > 0

    @property
    def worth(self) -> int:
        """How much one would miss it: 2 for marks or a way that was gone, 1 for a place in the log, 0 for nothing."""
        if any(former.marks for former in self.formers) or len(self.steps) > 1:
            return 2
        return 1 if self.here.spot.row > 0 else 0
