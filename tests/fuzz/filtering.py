"""Any records under any filter: the store agrees with the plain meaning, and every count adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from auditui.client.decode import decode
from auditui.model.buckets import counted, edges, scale_for
from auditui.model.fields import FACETS, FIELDS, FLAGS
from auditui.model.filter import NO_FILTER, Filter, matches
from auditui.model.filter_completion import completions
from auditui.model.filter_edit import between, chosen, quoted
from auditui.model.filter_parse import FilterFault, may_become_a_field, parse_filter
from auditui.model.record import Record
from auditui.model.text import inert
from auditui.model.when import Zone
from auditui.store.facts import SINGLES
from auditui.store.looker import GRAIN, Looker
from auditui.store.records import RecordStore
from tests.fuzz.chance import Chance
from tests.fuzz.json_texts import text
from tests.fuzz.rendering import fitting, require_inert
from tests.fuzz.target import Target, Watch
from tests.model.records import BLOCKS, NOW, WHENS

UTC = Zone("UTC")
_SIGNS = (
    "|",
    '"',
    "\\",
    ":",
    "=",
    "-",
    " ",
    "(",
    "*",
    "/",
    "author:",
    "ip:",
    "ip=",
    "has:",
    "before:",
    "-ip:10.",
)
_NAMES = [name for field in FIELDS for name in (field.name, *field.aliases)]


def typed(chance: Chance) -> str:
    """What somebody can type as a filter, or paste."""
    match chance.below(8):
        case 6:
            return "".join(
                chance.of(_SIGNS) if chance.below(2) else text(chance) for _ in range(chance.below(8))
            )
        case 7:
            again, between = _clause(chance), chance.of((" ", "|"))
            return between.join([again] * (chance.of((2, 401)) if len(again) < 1_000 else 2))
    return " ".join(chance.several(_clause, 3))


def _clause(chance: Chance) -> str:
    return chance.of(("", "-")) + "|".join([_piece(chance) for _ in range(chance.below(3) + 1)])


def _piece(chance: Chance) -> str:
    match chance.below(7):
        case 0:
            return quoted(text(chance) or "a")
        case 1:
            return f"ip:{chance.of(BLOCKS)}"
        case 2:
            return f"has:{chance.of(FLAGS).name}"
        case 3:
            return f"{chance.of(('before', 'after'))}:{chance.of(WHENS)}"
        case 4:
            return chance.of(("admin:yes", "admin:no"))
    return f"{chance.of(_NAMES)}{chance.of(':=')}{quoted(text(chance))}"


def _check(case: tuple[list[str], str, int], watch: Watch) -> None:
    raws, text, at = case
    records = [decode(raw) for raw in raws]
    wanted = _typed(text, at, records, watch)
    with (
        TemporaryDirectory(prefix="auditui-fuzz-") as folder,
        closing(RecordStore(Path(folder) / "rows")) as store,
    ):
        half = len(records) // 2
        with watch.timed("append"):
            store.append(records[:half])
            store.append_unfiled(raws[half:])
        with watch.timed("file"):
            store.file_next(len(raws), decode)
        assert (store.count, store.filed) == (len(raws), len(raws)), "a record was lost"
        assert list(store.texts(range(len(raws))).values()) == raws
        with watch.timed("open a filter"):
            looker = Looker(store, wanted)
        with closing(looker):
            _look(looker, wanted, records, watch)


def _typed(text: str, at: int, records: Sequence[Record], watch: Watch) -> Filter:
    """The filter that the text says, none where it says none; and what is offered while it is typed."""
    with watch.timed("completions"):
        values = [value for record in records for field in FACETS for value in field.values(record)]
        for offered in completions(text, min(at, len(text)), lambda _field, _typed, _most: values):
            assert isinstance(offered.text, str)
        may_become_a_field(text)
    try:
        with watch.timed("parse a filter"):
            wanted = parse_filter(text, now=NOW, zone=UTC)
    except FilterFault as fault:
        _require_kind_words(fault, text)
        return NO_FILTER
    with watch.timed("edit a filter"):
        for field in FACETS:
            chosen(wanted, field)
        parse_filter(between(text, wanted, NOW - GRAIN, NOW, UTC), now=NOW, zone=UTC)
    return wanted


def _require_kind_words(fault: FilterFault, text: str) -> None:
    assert 0 <= fault.start <= fault.end <= len(text)
    assert fault.start < fault.end or fault.start == len(text)
    require_inert(inert(fault.sentences()))


def _look(looker: Looker, wanted: Filter, records: Sequence[Record], watch: Watch) -> None:
    end = len(records)
    with watch.timed("the plain meaning"):
        passing = [row for row, record in enumerate(records) if matches(wanted, record)]
    with watch.timed("filter"):
        assert list(looker.rows(0, end)) == passing
    with watch.timed("sort"):
        for descending in (True, False):
            assert sorted(looker.by_date(end, descending=descending)) == passing
        for field in SINGLES:
            filed, ranks = looker.filed(0, end, field), looker.ranks(field)
            assert [row for row, _ in filed] == passing
            assert {number for _, number in filed} <= set(ranks)
    with watch.timed("count"):
        spread = looker.spread(0, end, FACETS)
    assert spread.matched == len(passing)
    assert sum(spread.times.values()) + spread.undated == len(passing)
    assert all(sum(counts.values()) == len(passing) for counts in spread.values.values())
    for field in FACETS:
        names = looker.names(spread.values[field.name])
        assert set(names) == set(spread.values[field.name])
    with watch.timed("the timeline"):
        _timeline(spread.times)


def _timeline(times: Mapping[int, int]) -> None:
    if times:
        first, last = min(times) * GRAIN, max(times) * GRAIN
        found = edges(first, last, scale_for(first, last, 100), UTC)
        buckets, before, after = counted(found, times, GRAIN)
        assert sum(buckets) + before + after == sum(times.values())


def _make(chance: Chance) -> tuple[list[str], str, int]:
    return chance.several(fitting, 5), typed(chance), chance.below(60)


FILTERING = Target(
    "filtering", "any records under any filter: rows, orders, facets, timeline", _make, _check, quick=80
)
