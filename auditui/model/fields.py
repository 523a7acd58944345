"""What a filter can look at: the fields of a record and the flags a record can have.

Adding a field is one entry of `FIELDS`, adding a flag one of `FLAGS`. Values are raw, as the record holds them. Knows
nothing of how a filter is written or of how it is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from auditui.model.addresses import addresses, parts
from auditui.model.fold import fold
from auditui.model.record import Record
from auditui.model.text import spells_out

BLOCKS = "a block of addresses such as 10.0.0.0/8 or 2001:db8::/32"
"""What a malformed block should have been."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field that a filter can name."""

    name: str
    title: str
    what: str
    """What it holds, in a few words."""
    values: Callable[[Record], tuple[str, ...]]
    """The record's raw values of this field, none twice."""
    single: bool
    """Whether every record has exactly one, and short: then it can be stored by number, be a facet and an order."""
    facet: bool = False
    aliases: tuple[str, ...] = ()
    reading: Callable[[str], Callable[[str], bool]] | None = None
    """How `field:value` is read where it is more than “contains”: the value as typed becomes a test of one raw value.
    A ValueError says what the value should have been."""
    sort_key: Callable[[str], tuple[int, bytes]] | None = None
    """By what folded values are sorted, where that is not their letters."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that is so of a record or not: of the record as a whole, or because of any of its texts."""

    name: str
    what: str
    holds: Callable[[Record], bool] | None = None
    in_text: Callable[[str], bool] | None = None
    """Whether a text makes it so; any value of any field counts."""

    def test(self, record: Record) -> bool:
        """Whether it is so of the record."""
        if self.in_text is not None:
            return any(self.in_text(value) for field in FIELDS for value in field.values(record))
        return self.holds is not None and self.holds(record)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _objects(record: Record) -> tuple[str, ...]:
    objects = (record.affected, *record.associated)
    return _distinct([text for each in objects for text in (each.name, each.label)])


def _changed(record: Record) -> tuple[str, ...]:
    return _distinct(
        [
            text
            for change in record.changes
            for text in (change.name, change.old, change.new, change.hidden_old, change.hidden_new)
        ]
    )


def _reading_of_addresses(typed: str) -> Callable[[str], bool]:
    """`10.1.` is how an address begins, `10.0.0.0/8` the block it lies in."""
    if "/" not in typed:
        start = fold(typed)
        return lambda value: any(written.startswith(start) for written in _written(value))
    try:
        block = ip_network(typed, strict=False)
    except ValueError:
        raise ValueError(BLOCKS) from None
    return lambda value: any(address in block for address in _addresses(value))


def _written(value: str) -> Iterator[str]:
    """Each address as it stands there, and as IPv4 where it is one in IPv6's clothes."""
    yield from map(fold, parts(value))
    yield from (str(each) for each in _addresses(value) if each.version == 4)


def _addresses(value: str) -> Iterator[IPv4Address | IPv6Address]:
    for address in addresses(value):
        yield address
        if address.version == 6 and (mapped := address.ipv4_mapped):
            yield mapped


def _as_number(value: str) -> tuple[int, bytes]:
    """Addresses as numbers: none, IPv4, IPv6, and what is no address last."""
    try:
        address = ip_address(value)
    except ValueError:
        return (7 if value else 0), value.encode("utf-8", "surrogatepass")
    return address.version, address.packed


FIELDS = (
    Field(
        "author",
        "Author",
        "who did it, by name",
        lambda record: (record.author.label,),
        single=True,
        facet=True,
    ),
    Field(
        "event",
        "Event",
        "what happened",
        lambda record: (record.event,),
        single=True,
        facet=True,
        aliases=("summary",),
    ),
    Field(
        "category",
        "Category",
        "the event's category",
        lambda record: (record.category,),
        single=True,
        facet=True,
    ),
    Field(
        "affected-type",
        "Object type",
        "the kind of the affected object",
        lambda record: (record.affected.kind,),
        single=True,
        facet=True,
    ),
    Field(
        "affected",
        "Object",
        "the affected object, by name",
        lambda record: (record.affected.label,),
        single=True,
        facet=True,
    ),
    Field(
        "ip",
        "Address",
        "the remote address: its beginning, or a block",
        lambda record: (record.address,),
        single=True,
        facet=True,
        aliases=("address",),
        reading=_reading_of_addresses,
        sort_key=_as_number,
    ),
    Field(
        "account",
        "Account",
        "the author's account id",
        lambda record: (record.author.account_id,),
        single=True,
    ),
    Field("object", "Any object", "an affected or associated object, by name", _objects, single=False),
    Field(
        "type",
        "Any object type",
        "the kind of an affected or associated object",
        lambda record: _distinct([record.affected.kind, *[other.kind for other in record.associated]]),
        single=False,
    ),
    Field("change", "Changed value", "a changed value: its name, old or new", _changed, single=False),
    Field(
        "description",
        "Description",
        "the description",
        lambda record: (record.description,),
        single=False,
    ),
)
"""Every field, the facets first and in the order in which they are shown."""

FACETS = tuple(field for field in FIELDS if field.facet)


def _spelled_out(value: str) -> bool:
    if value.isascii() and value.isprintable():
        return False
    return spells_out(value)  # a line feed is how a description ends a line


ADMIN = Flag(
    "admin",
    "the author acted as a system or super admin",
    lambda record: record.sys_admin or record.super_admin,
)

FLAGS = (
    Flag(
        "control",
        "a control or invisible character in some text",
        in_text=_spelled_out,
    ),
    Flag(
        "changes",
        "a changed value that differs",
        lambda record: any(not change.same for change in record.changes),
    ),
    Flag("address", "a remote address", lambda record: bool(record.address)),
    Flag("object", "an affected object with a name", lambda record: bool(record.affected.name)),
    Flag("description", "a description", lambda record: bool(record.description)),
    Flag("unusual", "something that no record should have", lambda record: bool(record.unusual)),
    ADMIN,
)
"""Every flag: `has:name` finds the records that have it."""


def field_named(name: str) -> Field | None:
    """The field of this name or alias, in any case of letters; None where there is none."""
    return _BY_NAME.get(fold(name))


_BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}
