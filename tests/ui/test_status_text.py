"""What the status line and the table's foot claim, by what is loaded, shown, marked and under way."""

from __future__ import annotations

import pytest

from auditui.model.query import Query
from auditui.model.view import Order
from auditui.session.exploring import Situation
from auditui.session.investigation import Shown
from auditui.session.search import Progress
from auditui.ui.status_text import foot, status_text

SOME = Situation(Progress(3_000), searched=True, oldest="2026-08-14 09:00:00")
WHOLE = Situation(Progress(41_207, whole=True), searched=True, oldest="2025-11-24 13:32:10")
MORE = Situation(Progress(3_000), searched=True, doing="Loading", oldest="2026-08-14 09:00:00")


@pytest.mark.parametrize(
    ("now", "shown", "said"),
    [
        (SOME, Shown(3_000, 3_000), "3,000 loaded · more below"),
        (WHOLE, Shown(41_207, 41_207), "all 41,207 loaded"),
        (SOME, Shown(12, 3_000, filtered=True), "filter: 12 of 3,000 loaded · more below"),
        (WHOLE, Shown(12, 41_207, filtered=True), "filter: 12 of all 41,207"),
        (WHOLE, Shown(12, 20_000, filtered=True), "filter: 12 of 20,000 loaded"),
        (MORE, Shown(2, 2_500, filtered=True), "filter: 2 in 2,500 searched, back to 2026-08-14, esc stops"),
        (SOME, Shown(3_000, 3_000, marked=4), "3,000 loaded · more below · 4 marked"),
        (SOME, Shown(4, 3_000, only_marked=True, marked=4), "only: 4 of 4 marked"),
        (SOME, Shown(1, 3_000, filtered=True, only_marked=True, marked=4), "filter: 1 of 4 marked"),
        (
            SOME,
            Shown(2_000, 2_000, order=Order("author", descending=False)),
            "3,000 loaded · more below · by Author, of the 2,000 loaded",
        ),
        (
            WHOLE,
            Shown(41_207, 41_207, order=Order("time", descending=False)),
            "all 41,207 loaded · oldest first",
        ),
    ],
)
def test_what_the_status_line_claims(now: Situation, shown: Shown, said: str) -> None:
    assert status_text(now, shown) == said


@pytest.mark.parametrize(
    ("now", "shown", "said"),
    [
        (SOME, Shown(0, 3_000, filtered=True), "None of the 3,000 loaded records match the filter."),
        (SOME, Shown(0, 2_000, filtered=True), "Looking …"),
        (SOME, Shown(0, 3_000, filtered=True, only_marked=True, marked=2), "None of the 2 marked records"),
        (SOME, Shown(12, 3_000, filtered=True), "↓ more below"),
        (
            SOME,
            Shown(12, 3_000, filtered=True, exhausted=True),
            "— where the filter begins; all back to 2026-08-14",
        ),
        (WHOLE, Shown(12, 41_207, filtered=True), "— end of the answer: 12 of 41,207 records"),
        (SOME, Shown(3_000, 3_000, order=Order("event")), "— sorted: the 3,000 loaded; L loads the rest —"),
    ],
)
def test_what_stands_below_the_last_row(now: Situation, shown: Shown, said: str) -> None:
    assert foot(now, Query(), shown)[0].startswith(said)
