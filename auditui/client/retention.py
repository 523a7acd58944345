"""Reads what the site answers when it is asked how long it keeps records, whatever JSON comes. Knows no HTTP.

Source: RetentionPeriod in Atlassian's OpenAPI description: `number`, a whole number of 32 bits, and `units`, a name.
"""

from __future__ import annotations

import json

from auditui.model.errors import UnreadableAnswer
from auditui.model.retention import UNITS, Retention

_MOST = 2**31 - 1
_LONGEST = 10_000  # bytes; a real answer has some thirty


def read_retention(body: bytes) -> Retention:
    """Read the body of an answer.

    Raises:
        UnreadableAnswer: it is no JSON, or does not tell a number and a unit that one could count by.
    """
    try:
        told = json.loads(body[:_LONGEST])
    except (ValueError, RecursionError):
        told = None
    number, units = (told.get("number"), told.get("units")) if isinstance(told, dict) else (None, None)
    if type(number) is int and 1 <= number <= _MOST and isinstance(units, str) and units in UNITS:
        return Retention(number, units)
    raise UnreadableAnswer("The site does not tell how long it keeps records.")
