"""The demo site with its pages at hand, so that a reader is measured and not the site.

usage: python -m tests.bench.peers.ready_site RECORDS LATENCY...

Serves the same log once for each LATENCY (seconds before an answer, whatever else is being answered), each at a port of
its own. Says the addresses in one line; ends with its standard input.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from auditui.demo import answers, visitors
from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite

_AUDIT = "/wiki/rest/api/audit"


class ReadySite(DemoSite):
    """Answers for the whole log out of what is at hand; leaves everything else to the demo site."""

    def __init__(self, corpus: Corpus, texts: Sequence[bytes], latency: float) -> None:
        """Take the corpus and its records' JSON texts."""
        super().__init__(corpus, latency=latency)
        self._ready_texts = texts
        self._ready_after = latency

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """A page, as the demo site would give it."""
        path, _, query = target.partition("?")
        asked = dict(parse_qsl(query))
        whole = (
            path.rstrip("/") == _AUDIT and "searchString" not in asked and int(asked.get("startDate", 0)) == 0
        )
        refused = visitors.refusal(visitors.visitor(headers), gateway=False, retry_after="1")
        if method != "GET" or not whole or refused:
            return super().answer(method, target, headers)
        return replace(
            answers.json_answer(200, {}),
            body=self._ready(int(asked.get("start", 0)), min(1000, int(asked.get("limit", 1000)))),
            delay=self._ready_after,
        )

    def _ready(self, start: int, limit: int) -> bytes:
        texts = self._ready_texts[start : start + limit]
        more = (
            {"next": f"/rest/api/audit?start={start + limit}"}
            if start + limit < len(self._ready_texts)
            else {}
        )
        rest = json.dumps(
            {"start": start, "limit": limit, "size": len(texts), "_links": {"base": "", **more}}
        )
        return b'{"results":[' + b",".join(texts) + b"]," + rest[1:].encode()


def _text(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def main(records: int, latencies: Sequence[float]) -> None:
    """Serve until standard input ends."""
    corpus = Corpus(records, int(time.time() * 1000))
    texts = [_text(corpus.record(index)) for index in range(records)]
    with ExitStack() as stack:
        served = [stack.enter_context(serve(ReadySite(corpus, texts, latency))) for latency in latencies]
        print(*(each.url for each in served), flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), [float(each) for each in sys.argv[2:]])
