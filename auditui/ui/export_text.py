"""What is said of an export: which records there are to choose, how far it has come, what came of it. Pure; not inert."""

from __future__ import annotations

from auditui.session.pace import seconds_text
from auditui.session.rows_export import Exported, Phase, Stage
from auditui.session.scope import Offer, Scope

_BAR = 40
"""Cells."""

_PHASES = {
    Phase.LOADING: ("Loading the rest first", "loaded"),
    Phase.FILTERING: ("Looking through the filter", "looked at"),
    Phase.WRITING: ("Writing", "written"),
}


def offer_text(offer: Offer) -> str:
    """Which records a scope takes now: `12 of 3,000 loaded`."""
    if offer.count is None:
        return f"loads what is below the {offer.loaded:,} loaded first"
    if offer.scope in (Scope.LOADED, Scope.ALL):
        return f"{offer.count:,} records" + (", not what is below" if offer.scope is Scope.LOADED else "")
    return f"{offer.count:,} of the {offer.loaded:,} loaded"


def stage_lines(stage: Stage, *, ascii: bool) -> tuple[str, ...]:
    """`Writing: 41,000 written · 9,800/s · about 4 s left`, and a bar where the part that is done is known."""
    doing, done = _PHASES[stage.phase]
    parts = [f"{doing}: {stage.done:,} {done}"]
    if stage.rate:
        parts.append(f"{stage.rate:,.0f}/s")
    if stage.left is not None:
        parts.append(seconds_text(stage.left))
    told = " · ".join(parts)
    return (told,) if stage.part is None else (told, _bar(stage.part, ascii=ascii))


def _bar(part: float, *, ascii: bool) -> str:
    full, empty = ("#", "-") if ascii else ("█", "░")
    cells = round(part * _BAR)
    return f"{full * cells}{empty * (_BAR - cells)} {part:4.0%}"


def outcome_lines(done: Exported) -> tuple[str, ...]:
    """What was written, whether it is all, and by what it is known again."""
    counts, ending = done.counts, done.ending
    of = f" of {counts.received:,}" if counts.received != counts.written else ""
    whole = "It is the whole answer." if ending.complete else f"Not whole: {ending.completeness}"
    if ending.complete and ending.completeness != "whole answer":
        whole = f"{ending.completeness[:1].upper()}{ending.completeness[1:]}."
    return (
        f"Wrote {counts.written:,}{of} records, {done.sealed.bytes:,} bytes. {whole}",
        f"SHA-256 {done.sealed.sha256}",
        *done.warnings,
        f"auditui verify {done.path.name} checks it.",
    )
