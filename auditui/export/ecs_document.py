"""A record as a document of the Elastic Common Schema, as nested objects ready for JSON. Pure.

Fields that the schema lacks stand under `confluence.audit`, with the names of Elastic's own integration of Confluence
where that has them. Decisions:

- `@timestamp` has to be there. A record without a date gets the time of the export, as the schema proposes, and the tag
  `no_date`; what stood in the date's place is `confluence.audit.date_text`.
- `user.name` is a login, which Confluence Cloud does not tell: people have `full_name` and `id`, and `related.user` both.
- There is no `event.outcome`, as no record tells one, and no `event.id`, as equal records can be real: `event.hash` is
  the SHA-256 of `event.original`, the same for these.
- No text but `event.original` is longer than `TEXT_MOST`: Lucene takes no longer term, and would refuse the document.

Source of names and types: ECS 9.4.0 (tests/export/ecs_fields.json holds them).
"""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from auditui.export.ecs_events import about_accounts, about_people, categories, is_membership, kind_of, types
from auditui.export.exporter import Occasion
from auditui.export.moments import dates
from auditui.model import cell_text
from auditui.model.addresses import addresses
from auditui.model.clock import Clock
from auditui.model.record import AuditObject, ChangedValue, Record
from auditui.model.when import utc_time

VERSION = "9.4.0"
"""Of the schema."""

NO_DATE = "no_date"
"""The tag of a record that has none."""

TEXT_MOST = 8_000
"""Characters. Lucene's limit is 32,766 bytes, of which a character can take four."""

Fields = dict[str, Any]


def document(record: Record, occasion: Occasion) -> Fields:
    """The document. Texts have to be plain (`plain.py`).

    Fields without a value are left out.
    """
    time, date_text = dates(record)
    exported = utc_time(occasion.exported_at)
    found = _addresses(record.address)
    user = _user(record)
    fields = {
        "@timestamp": time or exported,
        "ecs": {"version": VERSION},
        "message": _message(record, Clock(occasion.zone)),
        "tags": [] if time else [NO_DATE],
        "event": _event(record, exported),
        "service": {"type": "confluence", "name": occasion.site},
        "user": user,
        "group": {} if "target" in user else _group(record),
        "source": _present({"address": record.address, "ip": next(iter(found), "")}),
        "related": _related(record, user, found, occasion.site),
        "confluence": {"audit": _own(record, date_text)},
    }
    kept: Fields = _cut(fields) if is_cut(record) else fields
    kept["event"]["original"] = record.raw
    return _present(kept)


def is_cut(record: Record) -> bool:
    """Whether a text of it can be too long to be there whole outside `event.original`."""
    return len(record.raw) > TEXT_MOST


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= TEXT_MOST else f"{value[: TEXT_MOST - 1]}…"
    if isinstance(value, dict):
        return {name: _cut(each) for name, each in value.items()}
    return [_cut(each) for each in value] if isinstance(value, list) else value


def _present(fields: Fields) -> Fields:
    """Those that have a value."""
    return {name: value for name, value in fields.items() if value or value is False}


def _event(record: Record, exported: str | None) -> Fields:
    return _present(
        {
            "kind": "event",
            "category": list(categories(record)),
            "type": list(types(record)),
            "action": record.event,
            "module": "atlassian_confluence",
            "dataset": "atlassian_confluence.audit",
            "provider": "confluence",
            "created": exported,
            "hash": hashlib.sha256(record.raw.encode()).hexdigest(),
        }
    )


def _message(record: Record, clock: Clock) -> str:
    """`User added to group by Ana from 192.0.2.7: admins (Group), with Ben. Role: guest → owner`."""
    said = f"{cell_text.cut(record.event) or '(no event)'} by {cell_text.cut(record.author.label)}"
    if record.address:
        said += f" from {cell_text.cut(record.address)}"
    if record.affected.label:
        kind = f" ({cell_text.cut(record.affected.kind)})" if record.affected.kind else ""
        said += f": {cell_text.cut(record.affected.label)}{kind}"
    if others := cell_text.associated(record, clock, 0):
        said += f", with {others}"
    changes = cell_text.changes(record, clock, 0)
    return f"{said}. {changes}" if changes else said


# People


def _user(record: Record) -> Fields:
    rights = (("system admin", record.sys_admin), ("super admin", record.super_admin))
    author = {
        "id": record.author.account_id,
        "full_name": record.author.name,
        "roles": [name for name, acted in rights if acted],
    }
    return _present({**author, **_acted_upon(record)} if about_people(record) else author)


def _acted_upon(record: Record) -> Fields:
    """Who it was done to: the user who is affected, or the one who was put into the affected group or taken out of it."""
    if kind_of(record.affected) == "user":
        return _changed_user(record)
    users = [each for each in record.associated if kind_of(each) == "user"]
    if about_accounts(record) and is_membership(record) and len(users) == 1:
        return {"target": _present({"full_name": users[0].name, "group": _named(record.affected)})}
    return {}


def _changed_user(record: Record) -> Fields:
    """The user as before, and what of that has changed."""
    target, changes = {"full_name": record.affected.name}, {}
    for field, name in (("full_name", "display name"), ("email", "email")) if about_accounts(record) else ():
        if change := _change_of(record, name):
            target[field] = change.old or change.new
            changes[field] = change.new if change.old else ""
    return _present({"target": _present(target), "changes": _present(changes)})


def _change_of(record: Record, name: str) -> ChangedValue | None:
    return next(
        (each for each in record.changes if each.name.casefold() == name and each.new and not each.same), None
    )


def _group(record: Record) -> Fields:
    """The group that is affected."""
    return _named(record.affected) if about_people(record) and kind_of(record.affected) == "group" else {}


def _named(group: AuditObject) -> Fields:
    return _present({"name": group.label, "id": group.group_id})


# What leads to other events


def _addresses(text: str) -> tuple[str, ...]:
    """The addresses in the field, as Elasticsearch takes them; none twice."""
    return tuple(dict.fromkeys(map(_address, addresses(text))))


def _address(address: IPv4Address | IPv6Address) -> str:
    """Without the name of a network card, IPv4 as such."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Address(int(address)))


def _related(record: Record, user: Fields, found: tuple[str, ...], site: str) -> Fields:
    users = [each.name for each in (record.affected, *record.associated) if kind_of(each) == "user"]
    renamed = [user[part].get("full_name") for part in ("target", "changes") if part in user]
    people = dict.fromkeys((record.author.name, record.author.account_id, *renamed, *users))
    hosts = [site] if "." in site and " " not in site else []
    return _present({"ip": list(found), "user": [each for each in people if each], "hosts": hosts})


# What the schema has no field for


def _own(record: Record, date_text: str | None) -> Fields:
    author = record.author
    objects = (_object(each) for each in (record.affected, *record.associated))
    changes = (_change(each) for each in record.changes)
    return _present(
        {
            "type": _present({"category": record.category, "action": record.event}),
            "affected_objects": [each for each in objects if each],
            "changed_values": [each for each in changes if each],
            "external_collaborator": author.external,
            "guest": author.guest,
            "author_type": author.kind,
            "account_type": author.account_type,
            "sys_admin": record.sys_admin,
            "super_admin": record.super_admin,
            "description": record.description,
            "date_text": date_text,
            "unusual": list(record.unusual),
        }
    )


def _object(each: AuditObject) -> Fields:
    return _present({"name": each.label, "type": each.kind, "id": each.group_id})


def _change(each: ChangedValue) -> Fields:
    return _present(
        {
            "key": each.name,
            "from": each.old,
            "to": each.new,
            "hidden_from": each.hidden_old,
            "hidden_to": each.hidden_new,
        }
    )
