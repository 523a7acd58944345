"""What the status line and the table's foot claim, by what is loaded, shown, marked and under way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditui.model.errors import ConnectionFailed, StoreFailed
from auditui.model.query import Query
from auditui.model.view import Order
from auditui.session.exploring import Situation
from auditui.session.investigation import Shown
from auditui.session.kept import Kept
from auditui.session.search import Progress
from auditui.ui.status_text import foot, status_text

SOME = Situation(Progress(3_000), searched=True, oldest="2026-08-14 09:00:00")
WHOLE = Situation(Progress(41_207, whole=True), searched=True, oldest="2025-11-24 13:32:10")
MORE = Situation(Progress(3_000), searched=True, doing="Loading", oldest="2026-08-14 09:00:00")

FULL = replace(SOME, error=StoreFailed("The disk is full."))


@pytest.mark.parametrize(
    ("now", "shown", "said"),
    [
        (SOME, Shown(3_000, 3_000), "3,000 loaded · more below"),
        (WHOLE, Shown(41_207, 41_207), "all 41,207 loaded"),
        (SOME, Shown(12, 3_000, filtered=True), "filter: 12 of 3,000 loaded · more below"),
        (WHOLE, Shown(12, 41_207, filtered=True), "filter: 12 of all 41,207"),
        (WHOLE, Shown(12, 20_000, filtered=True), "filter: 12 in the 20,000 looked at, of 41,207 loaded"),
        (MORE, Shown(2, 2_500, filtered=True), "filter (esc stops): 2 in 2,500 searched, back to 2026-08-14"),
        (SOME, Shown(3_000, 3_000, marked=4), "3,000 loaded · more below · 4 marked"),
        (SOME, Shown(4, 3_000, only_marked=True, marked=4), "only: 4 of 4 marked"),
        (SOME, Shown(1, 3_000, filtered=True, only_marked=True, marked=4), "filter: 1 of 4 marked"),
        (
            SOME,
            Shown(2_000, 2_000, order=Order("author", descending=False)),
            "3,000 loaded · more below · by Author, of 2,000 of them",
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


AT_60 = 44
"""Cells that it has on a screen of 60 columns."""


@pytest.mark.parametrize(
    ("now", "shown", "key"),
    [
        (
            replace(SOME, doing="Asking again in 4 s: http://127.0.0.1:9 refused the connection."),
            Shown(),
            "(esc cancels)",
        ),
        (replace(SOME, doing="Resuming: 100,497 of at least 101,242"), Shown(), "(esc cancels)"),
        (
            replace(MORE, progress=Progress(1_000_000)),
            Shown(2, 1_000_000, filtered=True),
            "(esc stops)",
        ),
        (
            replace(SOME, cancelled=True),
            Shown(2_000, 3_000, marked=4, order=Order("author")),
            "cancelled: r goes on",
        ),
    ],
)
def test_the_key_that_helps_is_not_what_is_cut_at_60_columns(now: Situation, shown: Shown, key: str) -> None:
    said = status_text(now, shown)
    assert len(said) > AT_60
    assert key in said[: AT_60 - 1]  # the last cell tells that it was cut


@pytest.mark.parametrize(
    ("now", "shown", "said"),
    [
        (SOME, Shown(0, 3_000, filtered=True), "None of the 3,000 loaded records match the filter."),
        (SOME, Shown(0, 2_000, filtered=True), "Looking …"),
        (
            FULL,
            Shown(0, 2_000, filtered=True),
            "None of the 2,000 looked at, of 3,000 loaded, matches the filter.",
        ),
        (
            FULL,
            Shown(2_000, 2_000, order=Order("event")),
            "— sorted: 2,000 of the 3,000 loaded; L loads the rest —",
        ),
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


# How far back the log can reach

KEPT = Kept("12 months", 1_764_165_720_000, "2025-11-26")
OLDER = replace(KEPT, older=True)
MUCH_OLDER = replace(OLDER, none=True)
AT_80 = 64
"""Cells that the status line has for its text on a screen of 80 columns, while the number of the record takes 14."""


def all_of(count: int) -> Situation:
    return replace(WHOLE, progress=Progress(count, whole=True), kept=KEPT)


@pytest.mark.parametrize(
    ("now", "shown", "said"),
    [
        (all_of(20_000), Shown(), "all 20,000 loaded · the site keeps 12 months (since 2025-11-26)"),
        (all_of(999_999), Shown(), "all 999,999 loaded · the site keeps 12 months (since 2025-11-26)"),
        (all_of(5_000_000), Shown(), "all 5,000,000 loaded · kept since 2025-11-26"),
        (all_of(0), Shown(), "no records · the site keeps 12 months (since 2025-11-26)"),
        (replace(SOME, kept=KEPT), Shown(), "3,000 loaded · more below · kept since 2025-11-26"),
        (
            all_of(41_207),
            Shown(12, 41_207, filtered=True, marked=4),
            "filter: 12 of all 41,207 · 4 marked · kept since 2025-11-26",
        ),
        (
            replace(SOME, kept=KEPT),
            Shown(2_000, 2_000, marked=4, order=Order("author", descending=False)),
            "3,000 loaded · more below · 4 marked · by Author, of 2,000 of them",
        ),
    ],
)
def test_how_long_the_site_keeps_is_said_as_far_as_it_fits_at_80_columns(
    now: Situation, shown: Shown, said: str
) -> None:
    assert status_text(now, shown) == said
    assert len(said) <= AT_80 or "kept" not in said


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (Situation(), Shown()),
        (MORE, Shown()),
        (replace(SOME, error=ConnectionFailed("It broke.")), Shown()),
        (SOME, Shown(4, 3_000, only_marked=True, marked=4)),
    ],
)
def test_what_is_more_urgent_stands_alone(now: Situation, shown: Shown) -> None:
    assert status_text(replace(now, kept=KEPT), shown) == status_text(now, shown)


@pytest.mark.parametrize(
    ("now", "shown", "said"),
    [
        (WHOLE, Shown(), "— end of the answer: 41,207 records, back to 2025-11-24 13:32:10 —"),
        (
            replace(WHOLE, kept=KEPT),
            Shown(),
            "— end of the answer: 41,207 records, back to 2025-11-24 13:32:10 —",
        ),
        (
            replace(WHOLE, kept=OLDER),
            Shown(),
            "— end of the answer: 41,207 records; older than 2025-11-26 may be gone —",
        ),
        (
            replace(WHOLE, kept=OLDER),
            Shown(12, 41_207, filtered=True),
            "— end of the answer: 12 of 41,207 records; older than 2025-11-26 may be gone —",
        ),
        (replace(SOME, kept=OLDER), Shown(), "↓ more below: scroll on, or L loads the rest"),
    ],
)
def test_the_end_of_the_answer_is_told_from_the_end_of_what_is_kept(
    now: Situation, shown: Shown, said: str
) -> None:
    assert foot(now, Query(), shown) == (said,)
    assert len(said) <= 78  # of 80 columns


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (None, ()),
        (KEPT, ()),
        (OLDER, ("The site keeps records for 12 months (since 2025-11-26): older ones may be gone.",)),
        (
            MUCH_OLDER,
            (
                "The site keeps records for 12 months (since 2025-11-26): what was asked for is too old to be here.",
            ),
        ),
    ],
)
def test_an_empty_answer_is_not_taken_for_a_quiet_time(kept: Kept | None, why: tuple[str, ...]) -> None:
    now = Situation(Progress(whole=True), searched=True, kept=kept)
    first = "No records: 2024-01-01 → 2024-12-31."
    assert foot(now, Query("2024-01-01", "2024-12-31")) == (first, *why, "", "s changes the search.")
