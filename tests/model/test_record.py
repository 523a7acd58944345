"""How a record names its people, objects and changes."""

from __future__ import annotations

import pytest

from auditui.model.record import AuditObject, Author, ChangedValue

UUID = "4375f4c3-bfdf-4f36-a62e-141ccf1588a3"


@pytest.mark.parametrize(
    ("author", "label"),
    [
        (Author("Ann Example", "557058:1"), "Ann Example"),
        (Author("", "557058:1"), "557058:1"),
        (Author("System"), "System"),
        (Author(""), "(unknown)"),
    ],
)
def test_an_author_is_called_by_name_else_by_id(author: Author, label: str) -> None:
    assert author.label == label


@pytest.mark.parametrize(
    ("name", "kind", "label", "group_id"),
    [
        (f"confluence-users:{UUID}", "Group", "confluence-users", UUID),
        (f"R&D / Ops - all:{UUID}", "group", "R&D / Ops - all", UUID),
        (f"a:b:{UUID}", "Group", "a:b", UUID),
        (f"two\nlines:{UUID}", "Group", "two\nlines", UUID),
        (f"confluence-users:{UUID}", "User", f"confluence-users:{UUID}", ""),
        (f":{UUID}", "Group", f":{UUID}", ""),
        (UUID, "Group", UUID, ""),
        (f"confluence-users:{UUID} ", "Group", f"confluence-users:{UUID} ", ""),
        ("confluence-users", "Group", "confluence-users", ""),
        ("", "", "", ""),
    ],
)
def test_a_group_is_shown_without_the_id_behind_its_name(
    name: str, kind: str, label: str, group_id: str
) -> None:
    found = AuditObject(name, kind)
    assert (found.label, found.group_id) == (label, group_id)


@pytest.mark.parametrize(
    ("change", "same", "hidden"),
    [
        (ChangedValue("Active", "Yes", "No"), False, False),
        (ChangedValue("Email", "", ""), True, False),
        (ChangedValue("Space key", "", "OPS"), False, False),
        (ChangedValue("Email", "", "", "a@example.com", "b@example.com"), False, True),
        (ChangedValue("Email", "", "", "a@example.com", "a@example.com"), True, True),
    ],
)
def test_a_change_says_whether_it_is_one_and_whether_it_is_hidden(
    change: ChangedValue, same: bool, hidden: bool
) -> None:
    assert (change.same, change.hidden) == (same, hidden)
