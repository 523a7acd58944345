"""The one way in which two texts count as equal when somebody looks for something.

Whoever compares texts of a filter folds both sides here, in Python and in SQL alike. Knows nothing of fields.
"""

from __future__ import annotations

import unicodedata

_ROUNDS = 4  # folding and composing feed each other; two rounds have always been enough


def fold(text: str) -> str:
    """The text without the differences of case and form that readers overlook: `ＡＮＡ` and `Ana` are `ana`.

    Folding twice changes nothing more. Any string will do, lone surrogates too.
    """
    if text.isascii():
        return text.lower()
    # Composed first: case folding turns some marks into letters, which then no longer find their place.
    text = unicodedata.normalize("NFKC", text)
    for _ in range(_ROUNDS):
        folded = unicodedata.normalize("NFKC", text.casefold())
        if folded == text:
            break
        text = folded
    return text
