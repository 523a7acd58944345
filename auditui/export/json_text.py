"""JSON that says the same, written so that everything in it shows: what a terminal obeys, or nobody sees, as its escape.

Changes no value, no order of keys and no number, since it reads no JSON. Which characters do not show is told by
`characters.py`. Knows nothing of records and of files.
"""

from __future__ import annotations

import json
from functools import lru_cache

from auditui.export.characters import shows

_PRINTABLE = bytes(range(0x20, 0x7F))
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def visible(raw: str) -> str:
    r"""The same JSON value on one line, without a character that does not show; letters of any script stay.

    Args:
        raw: JSON text as the decoder accepted it: it has line breaks and tabs between tokens only, where a blank is as good,
            and every other character that is escaped here inside a string.
    """
    odd = raw.encode("utf-8", "surrogatepass").translate(None, _PRINTABLE)
    if not odd:
        return raw
    written = {ord(each): _written(each) for each in set(odd.decode("utf-8", "surrogatepass"))}
    return raw.translate(written) if any(chr(code) != text for code, text in written.items()) else raw


def as_json(value: object) -> str:
    """The value as JSON text that is `visible`; a lone surrogate in it is as good as any character."""
    return visible(_ENCODER.encode(value))


@lru_cache(4096)  # not all that Unicode has: a hostile log would fill the memory with them
def _written(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if shows(character):
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
