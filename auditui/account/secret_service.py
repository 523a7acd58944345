"""The state of the Secret Service's default collection. Reads it and never raises a prompt. Knows no entries.

`keyring` itself unlocks, and even creates, the default collection as a side effect of reading, which can put a
password window on somebody's screen. So the collection is looked at first.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DefaultCollection:
    """What the service tells of the collection that new entries go to."""

    label: str
    locked: bool


def default_collection(path: str | None = None) -> DefaultCollection | None:
    """Look at the default collection, or at the one of that D-Bus path; None where it was never set up.

    Blocks as long as the service does.

    Raises:
        Exception: whatever SecretStorage and D-Bus raise.
    """
    import secretstorage
    from secretstorage.collection import DEFAULT_COLLECTION

    with closing(secretstorage.dbus_init()) as bus:
        try:
            collection = secretstorage.Collection(bus, path or DEFAULT_COLLECTION)
            return DefaultCollection(collection.get_label(), collection.is_locked())
        except secretstorage.ItemNotFoundException:
            return None
