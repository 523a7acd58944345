"""The least that reading the log takes in Python: httpx, a page after the other, and json.

usage: python bare_loop.py URL END_DATE [LIMIT]

Says how many records came and how many seconds it took, without the imports.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx

from auditui.demo.site import EMAIL, TOKEN


def records(url: str, end_date: str, limit: int = 1000) -> Iterator[dict[str, Any]]:
    """Every record of the log."""
    start = 0
    with httpx.Client(auth=(EMAIL, TOKEN), trust_env=False) as client:
        while True:
            asked = {"startDate": "0", "endDate": end_date, "start": str(start), "limit": str(limit)}
            page = json.loads(client.get(f"{url}/wiki/rest/api/audit", params=asked).content)
            yield from page["results"]
            start += len(page["results"])
            if not page["results"] or "next" not in page["_links"]:
                return


if __name__ == "__main__":
    began = time.perf_counter()
    count = sum(1 for _ in records(sys.argv[1], sys.argv[2]))
    print(count, time.perf_counter() - began)  # noqa: T201
