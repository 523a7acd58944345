"""One audit record as Confluence tells it. Pure values; how they come out of JSON is `client/decode.py`.

Every text here is as the server sent it: somebody's input, not yet inert (`model/text.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_REMARKS = 100
"""Of what is unusual in one record; how much more there is is said in one more."""

_GROUP_ID = re.compile(
    r"(?P<name>.+):(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it. Automatic events have "System" and no ids at all."""

    name: str
    """`displayName`. Never `publicName`, which is "Unknown user" even for named people."""
    account_id: str = ""
    kind: str = ""
    """`type`; the specification knows only `user`."""
    account_type: str = ""
    guest: bool = False
    external: bool = False
    """A collaborator from outside the organisation (`isExternalCollaborator` or `externalCollaborator`)."""

    @property
    def label(self) -> str:
        """The name, else the account id, else that neither is known."""
        return self.name or self.account_id or "(unknown)"


@dataclass(frozen=True, slots=True)
class AuditObject:
    """An affected or associated object: a name and a kind, no id and no address."""

    name: str
    kind: str
    """`objectType`, an open set: User, Group, Space, Page, Blog …; may be empty."""

    @property
    def label(self) -> str:
        """The name; of a group, without the id that Confluence writes behind it."""
        return self._split()[0]

    @property
    def group_id(self) -> str:
        """The id written behind a group's name as `name:uuid`, or "" where there is none."""
        return self._split()[1]

    def _split(self) -> tuple[str, str]:
        named = ":" in self.name and self.kind.casefold() == "group"
        found = _GROUP_ID.fullmatch(self.name) if named else None
        return (found["name"], found["id"]) if found else (self.name, "")


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One changed value. Confluence also writes values that did not change, and whole snapshots without an old value."""

    name: str
    old: str
    new: str
    hidden_old: str = ""
    hidden_new: str = ""

    @property
    def same(self) -> bool:
        """Nothing changed: old and new are equal."""
        return self.old == self.new and self.hidden_old == self.hidden_new

    @property
    def hidden(self) -> bool:
        """Confluence keeps a value of this change from view."""
        return bool(self.hidden_old or self.hidden_new)


@dataclass(frozen=True, slots=True)
class Record:
    """One audit record, with whatever was strange about it."""

    created: int | None
    """`creationDate` in milliseconds since the epoch; None where the field holds no whole number."""
    date_text: str
    """What stands in `creationDate` where it is no number, as JSON text; "" where nothing does."""
    author: Author
    address: str
    """`remoteAddress`; often empty, also for people."""
    event: str
    """`summary`: what happened, in the site's words."""
    category: str
    description: str
    affected: AuditObject
    associated: tuple[AuditObject, ...]
    changes: tuple[ChangedValue, ...]
    sys_admin: bool
    super_admin: bool
    unusual: tuple[str, ...]
    """What does not fit the documented shape, one short sentence each; empty for nearly every record. Behind the first
    `MOST_REMARKS` stands only how many more there are."""
    raw: str
    """The record's JSON text, character for character as it came."""
