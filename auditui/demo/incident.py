"""The incident that is to be found in the demo log: who did what, and how many milliseconds after it began.

At night an administrator's account acts from an address seen nowhere else: makes an account, gives it rights over a
confidential space, takes the space away, and tidies up. Knows nothing of where in the log it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from auditui.demo import cast
from auditui.demo.events import PAGE, PERMISSIONS, SPACES, USERS, Told, change, space_permission, thing

ADDRESS: Final = "192.0.2.219"
"""The one address of the incident; the cast's addresses never reach this high in 192.0.2.0/24."""

ACCOUNT: Final = "svc-backup-02"
SECRET_PAGE: Final = "Project Fjellkraft: term sheet"  # noqa: S105  # a page's title
BEGINS: Final = (2 * 60 + 11) * 60_000
"""Milliseconds after midnight (UTC): 02:11."""
LASTS: Final = 24 * 60_000
"""Milliseconds in which nothing else happens on the site."""

_SERVICE: Final = cast.person(ACCOUNT, ADDRESS)
_SPACE: Final = cast.CROWN_JEWELS


@dataclass(frozen=True, slots=True)
class Deed:
    """One record of the incident."""

    after: int
    """Milliseconds since it began."""
    author: cast.Person
    summary: str
    category: str
    told: Told
    sys_admin: bool = False


def _minutes(minutes: int, seconds: int, milliseconds: int) -> int:
    return (minutes * 60 + seconds) * 1000 + milliseconds


def _membership(group: str) -> Told:
    return thing(group, "Group"), [], [thing(ACCOUNT, "User")]


def _made() -> Told:
    changes = [
        change("Display name", "", ACCOUNT),
        change("Email", "", "svc-backup@example.org"),
        change("Active", "", "Yes"),
    ]
    return thing(ACCOUNT, "User"), changes, []


def _granted(name: str, grant: str) -> Told:
    return space_permission("User", name, grant, _SPACE, granted=True)


def _unrestricted() -> Told:
    group = next(group for group in cast.GROUPS if group.startswith("Legal:"))
    changes = [change("Type", "View", ""), change("Group", group, "")]
    return thing(group, "Group"), changes, [thing(SECRET_PAGE, "Page"), thing(_SPACE.name, "Space")]


def _seen() -> Told:
    return thing(SECRET_PAGE, "Page"), [], [thing(_SPACE.name, "Space")]


def _space() -> Told:
    return thing(_SPACE.name, "Space"), [], []


def _closed() -> Told:
    return thing(f"{ACCOUNT} (Deactivated)", "User"), [change("Active", "Yes", "No")], []


_WHO: Final = cast.CULPRIT
DEEDS: Final = (
    Deed(_minutes(1, 7, 418), _WHO, "User created", USERS, _made()),
    Deed(_minutes(1, 52, 903), _WHO, "User added to group", USERS, _membership(cast.SITE_ADMINS)),
    Deed(
        _minutes(1, 52, 941), _WHO, "User added to group", USERS, _membership(cast.CONFLUENCE_ADMINISTRATORS)
    ),
    Deed(
        _minutes(3, 40, 76),
        _WHO,
        "Space permission added",
        PERMISSIONS,
        _granted(ACCOUNT, "SETSPACEPERMISSIONS"),
        True,
    ),
    Deed(
        _minutes(3, 40, 129),
        _WHO,
        "Space permission added",
        PERMISSIONS,
        _granted(ACCOUNT, "EXPORTSPACE"),
        True,
    ),
    Deed(
        _minutes(4, 58, 662),
        _WHO,
        "Space permission added",
        PERMISSIONS,
        _granted("Anonymous", "VIEWSPACE"),
        True,
    ),
    Deed(_minutes(6, 21, 7), _SERVICE, "Content restriction removed", PERMISSIONS, _unrestricted()),
    Deed(_minutes(7, 3, 350), _SERVICE, "Page viewed with admin key", PAGE, _seen()),
    Deed(_minutes(9, 46, 815), _SERVICE, "Space exported", SPACES, _space()),
    Deed(_minutes(15, 12, 240), _WHO, "Space trash emptied", SPACES, _space()),
    Deed(
        _minutes(16, 30, 588),
        _WHO,
        "Space permission removed",
        PERMISSIONS,
        space_permission("User", "Anonymous", "VIEWSPACE", _SPACE, granted=False),
        True,
    ),
    Deed(_minutes(17, 44, 19), _WHO, "User removed from group", USERS, _membership(cast.SITE_ADMINS)),
    Deed(_minutes(19, 5, 701), _WHO, "User deactivated", USERS, (thing("", ""), [], [])),
    Deed(_minutes(19, 5, 742), _WHO, "User details updated", USERS, _closed()),
)
"""Oldest first."""
