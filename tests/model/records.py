"""Records and filters to try things on: ordinary ones, and with the oddest texts there can be."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.model.fields import FIELDS, FLAGS
from auditui.model.filter_edit import quoted
from auditui.model.record import Record

NOW = 1_794_477_630_000
"""2026-11-12 10:00:30 UTC: the records are from the days around it."""

DAY = 86_400_000

_GROUP_ID = "4375f4c3-bfdf-4f36-a62e-141ccf1588a3"
WORDS = (
    "Ana|ana|ANA B|Ben B|System|Group|User|Space|added to group|10:30|a|b|-|-a|author:ana|https://x|Straße|STRASSE|"
    "Zürich|Zu\u0308rich|İ|ı|ﬁle|ＡＮＡ|Σίσυφος|ΣΊΣΥΦΟΣ|日本|a\nb|a\tb|x\u202ey|\x1b[2J|\x00|\ud800|\udc00|👩‍👧|\u0345|\u0301|"
    '100%|a_b|*?[a]|say "hi"|C:\\dir|\\|"|\'|‹ESC›'
).split("|")
ADDRESSES = (
    "10.1.2.3|10.10.2.3|192.168.0.1|2001:db8::1|::ffff:10.1.2.3|10.1.2.3, 192.168.0.1|::1|fe80::1%eth0|10.1|unknown|,"
).split("|")
BLOCKS = "10.0.0.0/8 10.1.2.3/24 0.0.0.0/0 ::/0 2001:db8::/32 10.1. ::ffff: fe80".split()
WHENS = "today yesterday 1h 36h 2026-11-10 2026-11-11T09:30 2026-11-11T09:30:00.5+01:00 1969-12-31".split()

texts = st.sampled_from(["", *WORDS]) | st.text(max_size=8)
"""One value of a record: empty, known, or anything at all."""

_kinds = st.sampled_from(["", "Group", "group", "User", "Space"]) | texts
_names = texts | st.sampled_from([f"admins:{_GROUP_ID}", f"a|b:{_GROUP_ID}"])
_addresses = st.sampled_from(["", *ADDRESSES]) | texts
_dates = st.integers(NOW - 3 * DAY, NOW + DAY) | st.integers(-(10**18), 10**18) | st.none() | texts
_objects = st.fixed_dictionaries({"name": _names, "objectType": _kinds})
_changes = st.fixed_dictionaries(
    {"name": texts, "oldValue": texts, "newValue": texts},
    optional={"hiddenOldValue": texts, "hiddenNewValue": texts},
)
_people = st.fixed_dictionaries({"displayName": texts}, optional={"accountId": texts, "type": texts})
_anything: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | texts | st.lists(texts, max_size=2)
)


def records() -> st.SearchStrategy[Record]:
    """Any record, with a `raw` that is its JSON; now and then a field is missing or of a wrong kind."""
    fields: dict[str, st.SearchStrategy[Any]] = {
        "author": _people,
        "remoteAddress": _addresses,
        "creationDate": _dates,
        "summary": texts,
        "category": texts,
        "description": texts,
        "sysAdmin": st.booleans(),
        "superAdmin": st.booleans(),
        "affectedObject": _objects,
        "associatedObjects": st.lists(_objects, max_size=2),
        "changedValues": st.lists(_changes, max_size=2),
    }
    plain = st.fixed_dictionaries(fields)
    strange = st.fixed_dictionaries({}, optional={name: each | _anything for name, each in fields.items()})
    return (plain | plain | plain | strange).map(lambda value: decode(json.dumps(value)))


def filter_texts() -> st.SearchStrategy[str]:
    """Filters that can be read, whatever the zone, and that often let some of `records()` through."""
    values = texts.filter(bool).map(quoted)
    contained = values.filter(lambda value: "/" not in value)  # which would be a block behind `ip:`
    several = st.lists(contained, min_size=1, max_size=3).map("|".join)
    names = st.sampled_from([name for field in FIELDS for name in (field.name, *field.aliases)])
    named = st.one_of(
        st.builds("{}:{}".format, names, several),
        st.builds("{}={}".format, names, values | st.just('""') | several),
        st.builds("ip:{}".format, st.sampled_from(BLOCKS)),
        st.builds("has:{}".format, st.sampled_from([flag.name for flag in FLAGS])),
        st.sampled_from(["admin:yes", "admin:no"]),
        st.builds("{}:{}".format, st.sampled_from(["before", "after"]), st.sampled_from(WHENS)),
    )
    alternatives = st.lists(named, min_size=1, max_size=3).map("|".join)
    clauses = st.builds(
        "{}{}".format,
        st.sampled_from(["", "", "-"]),
        values | alternatives | st.builds("{}|{}".format, values, named),
    )
    return st.lists(clauses, max_size=3).map(" ".join)
