"""What happens on the demo site: episodes of one or more records, told from a draw of chance. Knows nothing of time.

Wordings, object types and changed values are those of captured records where there are any: elastic/integrations
(users, groups, spaces, pages) and a Coralogix test (space permissions, with `sysAdmin` true). The others follow the
wording of Atlassian's list of audited events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from auditui.demo import cast
from auditui.demo.chance import mix

Texts = dict[str, str]
Told = tuple[Texts, list[Texts], list[Texts]]
"""`affectedObject`, `changedValues` and `associatedObjects`: new objects for every record."""

USERS: Final = "Users and groups"
SPACES: Final = "Spaces"
PAGE: Final = "Page"
PERMISSIONS: Final = "Permissions"
GLOBAL: Final = "Global administration"
LINKS: Final = "Public links"
TEMPLATES: Final = "Page templates"


@dataclass(frozen=True, slots=True)
class Step:
    """One record of an episode."""

    summary: str
    category: str
    tell: Callable[[int, int], Told]
    """From the episode's draw, the same for all its steps, and the number of the step."""
    sys_admin: bool = False


@dataclass(frozen=True, slots=True)
class Episode:
    """Records that one action leaves, oldest first."""

    weight: int
    authors: tuple[cast.Person, ...]
    steps: tuple[Step, ...]
    gap: tuple[int, int] = (10, 70)
    """The least and the greatest time between two of its records, in milliseconds."""


def thing(name: str, kind: str) -> Texts:
    """An affected or associated object."""
    return {"name": name, "objectType": kind}


def change(name: str, old: str, new: str) -> Texts:
    """A changed value; the hidden values are always there and were never seen with a text."""
    return {"name": name, "oldValue": old, "newValue": new, "hiddenOldValue": "", "hiddenNewValue": ""}


def _space(draw: int) -> cast.Space:
    return cast.SPACES[(draw >> 20) % len(cast.SPACES)]


def _group(draw: int) -> str:
    return cast.GROUPS[(draw >> 30) % len(cast.GROUPS)]


def _page(draw: int) -> str:
    return cast.PAGES[(draw >> 40) % len(cast.PAGES)]


def _kind(draw: int) -> str:
    return "Blog" if draw >> 26 & 7 == 0 else "Page"


def _membership(draw: int, _step: int) -> Told:
    return thing(_group(draw), "Group"), [], [thing(cast.anybody(draw >> 4), "User")]


def _new_group(draw: int, step: int) -> Told:
    around = [thing(cast.anybody(mix(draw + step)), "User")] if step else []
    return thing(cast.new_group(draw >> 8), "Group"), [], around


def _account_created(draw: int, _step: int) -> Told:
    name = cast.newcomer(draw >> 8)
    changes = [change("Display name", "", name), change("Email", "", ""), change("Active", "", "Yes")]
    return thing(name, "User"), changes, []


def _licensed(draw: int, step: int) -> Told:
    group = cast.CONFLUENCE_USERS if step == 1 else cast.JIRA_USERS
    return thing(group, "Group"), [], [thing(cast.newcomer(draw >> 8), "User")]


def _nameless(_draw: int, _step: int) -> Told:
    return thing("", ""), [], []


def _switched_off(draw: int, _step: int) -> Told:
    suffix = "Unlicensed" if draw & 1 else "Deactivated"
    return thing(f"{cast.newcomer(draw >> 8)} ({suffix})", "User"), [change("Active", "Yes", "No")], []


def _switched_on(draw: int, _step: int) -> Told:
    return thing(cast.newcomer(draw >> 8), "User"), [change("Active", "No", "Yes")], []


def _details(draw: int, _step: int) -> Told:
    name = cast.newcomer(draw >> 8)
    if draw & 1:
        return thing(name, "User"), [change("Email", "", "")], []
    married = f"{name}-{cast.newcomer(draw >> 24).split(' ', 1)[1]}"
    return thing(married, "User"), [change("Display name", name, married), change("Email", "", "")], []


def _snapshot(draw: int, _step: int) -> Told:
    space = cast.new_space(draw >> 8)
    changes = [
        change("Space type", "", "global"),
        change("Space status", "", "CURRENT"),
        change("Name", "", space.name),
        change("Space key", "", space.key),
    ]
    if draw & 1:
        changes.append(change("Home page", "", f"page: {400_000_000 + (draw >> 16) % 90_000_000} v.1"))
    return thing(space.name, "Space"), changes, []


def _space_alone(draw: int, _step: int) -> Told:
    return thing(_space(draw).name, "Space"), [], []


def _space_renamed(draw: int, _step: int) -> Told:
    space = cast.new_space(draw >> 8)
    return thing(space.name, "Space"), [change("Name", f"{space.name} (draft)", space.name)], []


def _space_status(old: str, new: str) -> Callable[[int, int], Told]:
    def tell(draw: int, _step: int) -> Told:
        return thing(cast.new_space(draw >> 8).name, "Space"), [change("Space status", old, new)], []

    return tell


def _space_key(draw: int, _step: int) -> Told:
    space = cast.new_space(draw >> 8)
    return thing(space.name, "Space"), [change("Space key", f"{space.key}OLD", space.key)], []


def _space_owner(draw: int, _step: int) -> Told:
    old, new = cast.anybody(draw >> 4), cast.anybody(draw >> 14)
    return thing(_space(draw).name, "Space"), [change("Owner", old, new)], []


_GRANTS: Final = (
    "VIEWSPACE",
    "EDITSPACE",
    "COMMENT",
    "CREATEATTACHMENT",
    "REMOVEPAGE",
    "SETPAGEPERMISSIONS",
    "EXPORTSPACE",
)


def space_permission(kind: str, name: str, grant: str, space: cast.Space, *, granted: bool) -> Told:
    """A space permission given to, or taken from, a `User` or `Group`."""
    values = (("Type", grant), ("Space", space.key), (kind, name))
    changes = [change(key, "", value) if granted else change(key, value, "") for key, value in values]
    return thing(name, kind), changes, [thing(space.name, "Space")]


def _permission(*, granted: bool) -> Callable[[int, int], Told]:
    def tell(draw: int, step: int) -> Told:
        grant = _GRANTS[((draw >> 10) + step) % len(_GRANTS)]
        if draw & 3:
            return space_permission("Group", _group(draw), grant, _space(draw), granted=granted)
        return space_permission("User", cast.anybody(draw >> 4), grant, _space(draw), granted=granted)

    return tell


def _restriction(*, added: bool) -> Callable[[int, int], Told]:
    def tell(draw: int, _step: int) -> Told:
        kind, name = ("Group", _group(draw)) if draw & 3 == 0 else ("User", cast.anybody(draw >> 4))
        values = (("Type", "Edit" if draw & 4 else "View"), (kind, name))
        changes = [change(key, "", value) if added else change(key, value, "") for key, value in values]
        return (
            thing(name, kind),
            changes,
            [thing(_page(draw), _kind(draw)), thing(_space(draw).name, "Space")],
        )

    return tell


def _global_permission(*, granted: bool) -> Callable[[int, int], Told]:
    def tell(draw: int, _step: int) -> Told:
        grant = ("USECONFLUENCE", "CREATESPACE", "PERSONALSPACE")[(draw >> 8) % 3]
        values = (("Type", grant), ("Group", _group(draw)))
        changes = [change(key, "", value) if granted else change(key, value, "") for key, value in values]
        return thing(_group(draw), "Group"), changes, []

    return tell


def _page_status(old: str, new: str) -> Callable[[int, int], Told]:
    def tell(draw: int, _step: int) -> Told:
        page = _page(draw)
        around = [thing(page, "Page"), thing(_space(draw).name, "Space")]
        return thing(page, "Page"), [change("Content status", old, new)], around

    return tell


def _page_in_space(draw: int, _step: int) -> Told:
    return thing(_page(draw), "Page"), [], [thing(_space(draw).name, "Space")]


def _template(draw: int, _step: int) -> Told:
    name = ("Decision record", "Meeting notes", "Risk register", "Change request", "1:1 [private]")[
        (draw >> 8) % 5
    ]
    return thing(name, "Page template"), [], [thing(_space(draw).name, "Space")]


def _settings(draw: int, _step: int) -> Told:
    changes = (
        [change("Site title", "Halden Confluence", "Halden Wiki")],
        [change("Allow public links", "No", "Yes")],
        [
            change("Attachment maximum size", "104857600", "262144000"),
            change("Indexing language", "English", "English"),
        ],
        [change("Anonymous access to API", "Off", "Off")],
    )[(draw >> 8) & 3]
    return thing("Global settings", ""), changes, []


def _one(
    weight: int, authors: tuple[cast.Person, ...], *steps: Step, gap: tuple[int, int] = (10, 70)
) -> Episode:
    return Episode(weight, authors, steps, gap)


_SYSTEM: Final = (cast.SYSTEM,)
_BOTH: Final = (*cast.ADMINISTRATORS, *cast.MEMBERS)
_ADDED: Final = Step("User added to group", USERS, _membership)
_FILLED: Final = Step("User added to group", USERS, _new_group)
_GRANTED: Final = Step("Space permission added", PERMISSIONS, _permission(granted=True), sys_admin=True)

EPISODES: Final = (
    _one(14, _SYSTEM, _ADDED),
    _one(8, cast.ADMINISTRATORS, _ADDED),
    _one(5, _SYSTEM, Step("Group created", USERS, _new_group), _FILLED, _FILLED, _FILLED, _FILLED),
    _one(9, cast.ADMINISTRATORS, Step("User removed from group", USERS, _membership)),
    _one(
        9,
        _SYSTEM,
        Step("User created", USERS, _account_created),
        Step("User added to group", USERS, _licensed),
        Step("User added to group", USERS, _licensed),
        gap=(31, 290),
    ),
    _one(
        7,
        _SYSTEM,
        Step("User deactivated", USERS, _nameless),
        Step("User details updated", USERS, _switched_off),
        gap=(11, 72),
    ),
    _one(
        1,
        _SYSTEM,
        Step("User reactivated", USERS, _nameless),
        Step("User details updated", USERS, _switched_on),
        gap=(11, 72),
    ),
    _one(5, _SYSTEM, Step("User details updated", USERS, _details)),
    _one(
        7,
        cast.MEMBERS,
        Step("Space created", SPACES, _snapshot),
        Step("Space configuration updated", SPACES, _snapshot),
        gap=(18, 493),
    ),
    _one(4, cast.MEMBERS, Step("Space configuration updated", SPACES, _space_renamed)),
    _one(4, cast.MEMBERS, Step("Space logo uploaded", SPACES, _space_alone)),
    _one(3, _BOTH, Step("Space archived", SPACES, _space_status("CURRENT", "ARCHIVED"))),
    _one(1, _BOTH, Step("Space unarchived", SPACES, _space_status("ARCHIVED", "CURRENT"))),
    _one(
        1, cast.ADMINISTRATORS, Step("Space marked as deleted", SPACES, _space_status("CURRENT", "DELETED"))
    ),
    _one(1, cast.ADMINISTRATORS, Step("Deleted space restored", SPACES, _space_status("DELETED", "CURRENT"))),
    _one(1, cast.ADMINISTRATORS, Step("Space key updated", SPACES, _space_key)),
    _one(2, cast.ADMINISTRATORS, Step("Space owner updated", SPACES, _space_owner)),
    _one(3, _BOTH, Step("Space exported", SPACES, _space_alone)),
    _one(3, _BOTH, Step("Space trash emptied", SPACES, _space_alone)),
    _one(24, cast.MEMBERS, Step("Content restriction added", PERMISSIONS, _restriction(added=True))),
    _one(13, cast.MEMBERS, Step("Content restriction removed", PERMISSIONS, _restriction(added=False))),
    _one(5, _BOTH, _GRANTED, _GRANTED, _GRANTED),
    _one(6, _BOTH, _GRANTED),
    _one(5, _BOTH, Step("Space permission removed", PERMISSIONS, _permission(granted=False), sys_admin=True)),
    _one(
        1, cast.ADMINISTRATORS, Step("Global permission added", PERMISSIONS, _global_permission(granted=True))
    ),
    _one(
        1,
        cast.ADMINISTRATORS,
        Step("Global permission removed", PERMISSIONS, _global_permission(granted=False)),
    ),
    _one(2, cast.ADMINISTRATORS, Step("Global settings updated", GLOBAL, _settings)),
    _one(12, cast.MEMBERS, Step("Page archived", PAGE, _page_status("current", "archived"))),
    _one(5, cast.MEMBERS, Step("Page restored", PAGE, _page_status("archived", "current"))),
    _one(2, cast.ADMINISTRATORS, Step("Page viewed with admin key", PAGE, _page_in_space)),
    _one(7, cast.MEMBERS, Step("Public link enabled", LINKS, _page_in_space)),
    _one(4, cast.MEMBERS, Step("Public link disabled", LINKS, _page_in_space)),
    _one(2, cast.MEMBERS, Step("Page template created", TEMPLATES, _template)),
    _one(3, cast.MEMBERS, Step("Page template updated", TEMPLATES, _template)),
)

WHEEL: Final = tuple(episode for episode in EPISODES for _ in range(episode.weight))
"""The episodes, each as often as it weighs."""
ALONE: Final = tuple(episode for episode in WHEEL if len(episode.steps) == 1)
"""Those of one record."""
