"""Records of the demo site, as they come out of the decoder."""

from __future__ import annotations

import json
from functools import cache

from auditui.client.decode import decode
from auditui.demo.corpus import Corpus
from auditui.model.record import Record
from tests.model.records import NOW


@cache
def demo_records(count: int) -> tuple[Record, ...]:
    """The newest records of a log that has just so many."""
    corpus = Corpus(count, NOW)
    return tuple(decode(json.dumps(corpus.record(row))) for row in range(count))
