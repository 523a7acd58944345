"""What a file says of its own export, in the words of the manifest beside it (`manifest.py`): one vocabulary to parse.

For formats whose content has a place for it. Knows no format, and makes no text safe for any.
"""

from __future__ import annotations

from auditui.export.exporter import Ending, Occasion
from auditui.model.when import utc_time

Facts = dict[str, str | int | None]
"""By the manifest's names; `bool` is an `int`."""


def circumstances(occasion: Occasion) -> Facts:
    """What is known before the first record: `startDate` and `endDate` in milliseconds since the epoch.

    `from` and `to` are the same in UTC, as `exported` is; None outside the years 1 to 9999.
    """
    return {
        "site": occasion.site,
        "account": occasion.account,
        "zone": occasion.zone.name,
        "from": utc_time(occasion.start),
        "to": utc_time(occasion.end),
        "startDate": occasion.start,
        "endDate": occasion.end,
        "search": occasion.search,
        "filter": occasion.filter,
        "selection": occasion.selection,
        "order": occasion.order,
        "exported": utc_time(occasion.exported_at),
    }


def outcome(ending: Ending) -> Facts:
    """What is known when the last record was written."""
    return {"written": ending.written, "complete": ending.complete, "completeness": ending.completeness}
