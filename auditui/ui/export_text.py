"""What is said of an export: which records there are to choose, how far it has come, what came of it. Pure; not inert."""

from __future__ import annotations

import shlex

from auditui.session.evidence import WHOLE, Outcome
from auditui.session.pace import seconds_text
from auditui.session.rows_export import Phase, Stage
from auditui.session.scope import Offer, Scope

SCOPES = {
    Scope.MARKED: ("m", "Marked"),
    Scope.MARKED_SHOWN: ("s", "Shown"),
    Scope.SHOWN: ("s", "Shown"),
    Scope.FILTERED: ("f", "Filtered"),
    Scope.LOADED: ("l", "Loaded"),
    Scope.ALL: ("a", "All"),
}
"""Letter and label of each scope."""

_BAR = 40
"""Cells."""

_PHASES = {
    Phase.LOADING: ("Loading the rest first", "loaded"),
    Phase.FILTERING: ("Looking through the filter", "looked at"),
    Phase.WRITING: ("Writing", "written"),
}


def offer_text(offer: Offer) -> str:
    """Which records a scope takes now: `12 of the 3,000 loaded`."""
    if offer.scope.loads_the_rest and offer.more:
        return f"loads what is below the {offer.loaded:,} loaded first"
    if offer.scope is Scope.LOADED:
        return f"{offer.loaded:,} records, not what is below"
    if offer.scope is Scope.ALL:
        return f"{offer.loaded:,} records"
    if offer.scope is Scope.MARKED_SHOWN:
        return f"{offer.count:,} of the marked ones"
    if offer.count is None:
        return f"those of the {offer.loaded:,} loaded that pass the filter"
    return f"{offer.count:,} of the {offer.loaded:,} loaded"


def stage_lines(stage: Stage) -> tuple[str, ...]:
    """`Writing: 41,000 written · 9,800/s · about 4 s left`, and a bar where the part that is done is known."""
    doing, done = _PHASES[stage.phase]
    if stage.waiting:
        return (f"{stage.done:,} {done}. {stage.waiting}",)
    parts = [f"{doing}: {stage.done:,} {done}"]
    if stage.rate:
        parts.append(f"{stage.rate:,.0f}/s")
    if stage.left is not None:
        parts.append(seconds_text(stage.left))
    told = " · ".join(parts)
    return (told,) if stage.part is None else (told, _bar(stage.part))


def _bar(part: float) -> str:
    cells = round(part * _BAR)
    return f"{'█' * cells}{'░' * (_BAR - cells)} {part:4.0%}"


def outcome_lines(done: Outcome) -> tuple[str, ...]:
    """What was written, whether it is all, and by what it is known again."""
    counts = done.counts
    of = f" of {counts.received:,}" if counts.received != counts.written else ""
    told = [
        f"Wrote {counts.written:,}{of} records, {done.sealed.bytes:,} bytes. {_completeness(done)}",
        f"SHA-256 {done.sealed.sha256}",
        *done.warnings,
    ]
    return (*told, f"auditui verify {shlex.quote(str(done.path))} checks it.") if done.path else tuple(told)


def _completeness(done: Outcome) -> str:
    ending = done.ending
    if not ending.complete:
        return f"Not whole: {ending.completeness}"
    if ending.completeness == WHOLE:
        return "It is the whole answer."
    return f"{ending.completeness[:1].upper()}{ending.completeness[1:]}."
