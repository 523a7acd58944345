"""Records of which only the text matters, and the texts of a store."""

from __future__ import annotations

from dataclasses import replace

from auditui.client.decode import decode
from auditui.model.record import Record
from auditui.store.records import RecordStore

_EMPTY = decode("{}")


def records(*raws: str) -> list[Record]:
    """Empty records with these texts."""
    return [replace(_EMPTY, raw=raw) for raw in raws]


def window(store: RecordStore, most: int = 10_000) -> list[str]:
    """The texts of the first rows, in their order."""
    texts = store.texts(range(min(most, store.count)))
    return [texts[row] for row in sorted(texts)]
