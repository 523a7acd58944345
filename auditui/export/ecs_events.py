"""What kind of event a record tells of, in the words of the Elastic Common Schema: `event.category` and `event.type`.

Confluence's categories and summaries are open sets, whose wording changes: only what is sure is mapped, in any case of
letters, and a category that nobody knows here is none there. Sources: the schema's allowed values, and Elastic's own
integration of Confluence (elastic/integrations, `atlassian_confluence`), with which this agrees where that knows an event.
"""

from __future__ import annotations

import re

from auditui.model.record import AuditObject, Record

_USERS = "users and groups"
_PERMISSIONS = "permissions"

_CATEGORIES: dict[str, tuple[str, ...]] = {
    _USERS: ("iam",),
    _PERMISSIONS: ("iam", "configuration"),
    "spaces": ("configuration",),
    "global administration": ("configuration",),
    "public links": ("configuration",),
    "page": ("configuration",),
    "page templates": ("configuration",),
}
"""By Confluence's category, folded. Contents are no files for the schema; Elastic files pages under configuration, too."""

_ACTIVITIES = {
    word: activity
    for activity, words in {
        "creation": "created added granted",
        "deletion": "deleted removed revoked emptied",
        "change": "updated changed edited renamed uploaded archived unarchived restored "
        "enabled disabled activated deactivated reactivated",
        "access": "viewed exported",
    }.items()
    for word in words.split()
}
"""By a word of the summary. The last one counts: `Deleted space restored`."""

_WORD = re.compile(r"[a-z]+")


def about_people(record: Record) -> bool:
    """Whether a user or group in it is what was acted upon: in the categories of users, groups and permissions."""
    return "iam" in categories(record)


def about_accounts(record: Record) -> bool:
    """Whether it tells of the users and groups themselves, not of what they may do."""
    return record.category.casefold() == _USERS


def categories(record: Record) -> tuple[str, ...]:
    """`event.category`; empty where Confluence's category is not known here."""
    return _CATEGORIES.get(record.category.casefold(), ())


def types(record: Record) -> tuple[str, ...]:
    """`event.type`: what was done and, of users and groups, to which of the two; `info` where that is not sure."""
    words = _WORD.findall(record.event.casefold())
    activity = next((_ACTIVITIES[word] for word in reversed(words) if word in _ACTIVITIES), "info")
    if not about_accounts(record):
        return (activity,)
    if activity == "access" or (activity != "change" and is_membership(record)):
        activity = "info" if activity == "access" else "change"
    subject = kind_of(record.affected) or next(iter(words), "")
    return (subject, activity) if subject in ("user", "group") else (activity,)


def is_membership(record: Record) -> bool:
    """Whether it tells of somebody in a group: it names the group and, beside it, at least one user."""
    return kind_of(record.affected) == "group" and any(kind_of(each) == "user" for each in record.associated)


def kind_of(each: AuditObject) -> str:
    """The object's kind, folded: `user`, `group`, `space`."""
    return each.kind.casefold()
