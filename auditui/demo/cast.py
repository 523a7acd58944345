"""Who and what appears in the demo log: people, groups, spaces, pages. Knows nothing of events or of time.

Everybody is invented. Addresses come from the documentation ranges, mail domains are example.com and example.org.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from auditui.demo.chance import mix


@dataclass(frozen=True, slots=True)
class Person:
    """An account with everything that a record says of its author."""

    name: str
    author: dict[str, Any]
    """The record's `author` object, keys in the server's order; to be copied, never given away."""
    addresses: tuple[str, ...]
    """Eight remote addresses to draw from, the usual ones more than once; "" where Confluence knows none."""


def digest(text: str, digits: int = 32) -> str:
    """A hexadecimal id for a name, the same on every machine."""
    return blake2b(text.encode(), digest_size=digits // 2).hexdigest()


def account_id(name: str) -> str:
    """An account id in one of the three shapes seen on real sites: 24 or 32 hex digits, or `557058:uuid`."""
    shape = mix(len(name) + ord(name[0])) % 3
    if shape == 0:
        return digest(name, 24)
    return digest(name) if shape == 1 else f"557058:{UUID(digest(name))}"


def person(name: str, *addresses: str, external: bool = False) -> Person:
    """A person who acts. The author object has the keys, and their order, of records captured from a real site."""
    account = account_id(name)
    author = {
        "type": "user",
        "displayName": name,
        "operations": None,
        "isExternalCollaborator": external,
        "username": account,
        "userKey": digest(f"key of {name}"),
        "accountId": account,
        "accountType": "",
        "publicName": "Unknown user",
        "externalCollaborator": external,
    }
    return Person(name, author, addresses or _addresses(name))


def _addresses(name: str) -> tuple[str, ...]:
    number = mix(int(digest(name, 16), 16))
    office = f"203.0.113.{10 + number % 6}"
    home = f"198.51.100.{20 + (number >> 8) % 200}"
    sixth = f"2001:db8:{(number >> 16) & 0xFFF:x}:{(number >> 28) & 0xFF:x}::{(number >> 36) & 0xFFFF:x}"
    away = sixth if number >> 52 & 3 == 0 else home
    return (office, office, office, office, office, home, away, "")


def _system() -> Person:
    hidden = {"username", "userKey", "accountId"}
    author = {key: value for key, value in person("System").author.items() if key not in hidden}
    return Person("System", author, ("", "", "", "", "", "192.0.2.10", "192.0.2.10", "192.0.2.11"))


SYSTEM: Final = _system()
"""The author of automatic events: no `username`, `userKey` or `accountId` key at all."""

ADMINISTRATORS: Final = tuple(
    map(person, ("Henrike Aalders", "Tomasz Wieczorek", "Priya Raghunathan", "Jürg Zürcher", "Odalys Ferrer"))
)
CULPRIT: Final = ADMINISTRATORS[1]
"""The administrator whose account the incident uses; works in daylight from the usual addresses otherwise."""

_COLLEAGUES: Final = (
    "Ana Lucía Peralta", "Bram Oosterhuis", "Céline Dufresne", "Dagný Hallsdóttir", "Emeka Nwachukwu",
    "Freya Lindqvist", "Gábor Szentes", "Hiroko Tanabe", "Ines Vukadin", "Jonas Brückner", "Kateryna Melnyk",
    "Liam O’Dowd", "Mei-Ling Zhuang", "Noor van Egmond", "Øystein Fjeldstad", "Paweł Żmuda", "Quentin Marchal",
    "Rosa Santangelo", "Søren Kjærgaard", "Thandiwe Mokoena", "Ulla Rantanen", "Vikram Subramaniam",
    "Wiebke Harms", "Xavier Montoliu", "Yael Abramov", "Zeynep Karaca", "佐藤 美咲", "דנה לוי", "Ольга Руденко",
    "Αλέξης Δημητρίου", "عمر الحداد", "Ngọc Anh Trần",
)  # fmt: skip
_CONTRACTORS: Final = ("Maude Pellerin (Kestrel Audit)", "Ravi Deshpande (Kestrel Audit)")

MEMBERS: Final = (
    *map(person, _COLLEAGUES),
    *(person(name, external=True) for name in _CONTRACTORS),
)

_FIRST: Final = (
    "Adaeze", "Aino", "Alba", "Anselm", "Astrid", "Basil", "Beatriz", "Birgit", "Caspar", "Chiara", "Clemens",
    "Daria", "Dimitri", "Edda", "Elif", "Enzo", "Fatou", "Fenna", "Florian", "Gisela", "Goran", "Hanne", "Ilias",
    "Imke", "Jorge", "Jovana", "Kai", "Kirsti", "Lasse", "Leila", "Ludo", "Magda", "Mattis", "Milena", "Nadia",
    "Nils", "Olu", "Petra", "Rémy", "Rikke", "Sanne", "Sibylle", "Tariq", "Tove", "Urs", "Vera", "Wim", "Zoë",
)  # fmt: skip
_LAST: Final = (
    "Abello", "Almquist", "Baranski", "Bekele", "Bossuyt", "Carvalho", "Čapek", "Dahlgren", "Demir", "Echeverría",
    "Eklund", "Fabbri", "Friis", "Galanis", "Gruber", "Haddad", "Hofstra", "Ibarra", "Isaksen", "Jelinek",
    "Kaminski", "Kowalczyk", "Laurent", "Lindholm", "Maduro", "Mertens", "Nakagawa", "Niemi", "Okafor", "Ortega",
    "Papadakis", "Prins", "Quispe", "Reuter", "Rossi", "Sandvik", "Schärer", "Takahashi", "Tervo", "Ueda",
    "Valdés", "Vermeulen", "Wexler", "Wójcik", "Xhaka", "Yılmaz", "Zanetti", "Zwart",
)  # fmt: skip


def newcomer(number: int) -> str:
    """The name of one of some two thousand people who are only ever acted upon."""
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[(number >> 12) % len(_LAST)]}"


def anybody(number: int) -> str:
    """A colleague more often than a newcomer, now and then with the suffix of an account that lost its licence."""
    if number & 7 == 0:
        suffix = " (Unlicensed)" if number >> 3 & 15 == 0 else ""
        return newcomer(number >> 8) + suffix
    return MEMBERS[(number >> 8) % len(MEMBERS)].name


def mail_address(name: str) -> str:
    """An invented address for a name; only its ASCII letters are used."""
    return (
        "".join(letter if letter.isalpha() else "." for letter in name.casefold() if letter.isascii())
        + "@example.com"
    )


def _group(name: str) -> str:
    """A group's name as the log writes it: with its id behind a colon."""
    return f"{name}:{UUID(digest(f'group {name}'))}"


SITE_ADMINS: Final = _group("site-admins")
CONFLUENCE_ADMINISTRATORS: Final = _group("confluence-administrators-halden")
CONFLUENCE_USERS: Final = _group("confluence-users-halden")
JIRA_USERS: Final = _group("jira-software-users-halden")

GROUPS: Final = (
    CONFLUENCE_USERS,
    JIRA_USERS,
    *map(
        _group,
        (
            "Engineering / Firmware", "Engineering / Test bench", "R&D - Sensors", "Finance & Controlling - readers",
            "Finance & Controlling - editors", "Legal", "People & Culture", "Field service (EMEA)", "Sales - DACH",
            "Sales - Nordics", "Works council", "Quality & Regulatory", "Document control - approvers", "IT operations",
            "Kestrel Audit 2nd line", "日本支社", "Zürich office",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Space:
    """A standing space of the site."""

    name: str
    key: str


CROWN_JEWELS: Final = Space("Finance & Legal (confidential)", "FINLEG")
"""The space that the incident is about; ordinary life goes on in it too."""

SPACES: Final = (
    CROWN_JEWELS, Space("Engineering Handbook", "ENG"), Space("Firmware Releases", "FWREL"), Space("IT Service Desk", "ITSD"),
    Space("People & Culture", "HR"), Space("Quality Management System", "QMS"), Space("Sensor Platform", "SENSOR"),
    Space("Calibration Lab", "CAL"), Space("Sales Playbook", "SALES"), Space("Customer Onboarding", "ONB"),
    Space("Supplier Portal", "SUP"), Space("Board Papers", "BOARD"), Space("Zürich Standort", "ZRH"),
    Space("東京オフィス", "TYO"), Space("Works Council", "WORKS"), Space("Product Marketing", "PMK"),
    Space("Architecture Decisions", "ADR"), Space("Incident Reviews", "IR"), Space("Regulatory Affairs", "REG"),
    Space("Field Service Knowledge", "FSK"), Space("Topics", "TOP"), Space("Data Platform", "DATA"),
)  # fmt: skip

PAGES: Final = (
    "Onboarding checklist", "Travel policy", "Release plan", "Notes [draft] plan", "[INFO] up", "[/]",
    "Salary bands", "Incident review: gateway outage", "Calibration procedure CP-114", "Supplier scorecard",
    "Roadmap (internal)", "Weekly stand-up", "KB articles to be approved", "Threat model: sensor gateway",
    "Password rotation runbook", "会議メモ", "סיכום פגישה", "Übergabeprotokoll", "RACI & escalation paths",
    "Budget planning", "Data protection impact assessment", "Vendor contracts <archive>", "Retrospective",
    "Test bench booking", "ISO 13485 internal audit", "Customer visit: Fjellkraft AS", "How we write ADRs", "FAQ",
    "Org chart", "Glossary", "Whistleblowing channel", "Backup & restore test",
)  # fmt: skip

_WOODS: Final = (
    "Alder", "Aspen", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Linden", "Maple", "Oak", "Poplar",
    "Rowan", "Spruce", "Willow", "Yew",
)  # fmt: skip
_WORKS: Final = (
    "Accreditation", "Antenna", "Battery", "Beacon", "Camera", "Cloud bridge", "Display", "Enclosure", "Gateway",
    "Hub", "Lens", "Migration", "Mounting kit", "Pilot", "Probe", "Receiver", "Relay", "Retrofit", "Sampler",
    "Scanner", "Telemetry", "Tooling", "Transmitter", "Valve",
)  # fmt: skip


def new_space(number: int) -> Space:
    """A space as somebody creates it for a project."""
    wood, work = _WOODS[number & 15], _WORKS[(number >> 4) % len(_WORKS)]
    return Space(f"{wood} {work}", f"{wood[:2]}{work[:3]}{number >> 20 & 63}".upper().replace(" ", ""))


def new_group(number: int) -> str:
    """The group of a space that somebody created for a project."""
    return _group(f"{new_space(number).name} - {'editors' if number >> 30 & 1 else 'readers'}")
