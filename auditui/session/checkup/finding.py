"""What one check came to, as a value. Knows nothing of what is checked or how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from auditui.model.errors import AudituiError


class Verdict(Enum):
    """How a check came out, by the word that tells it."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing is wrong."""
    WARNING = "warning"
    """auditui works, and worse than it could."""
    FAILED = "FAILED"
    """It stops auditui from working here."""
    SKIPPED = "skipped"
    """Not checked; the words say why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. Its texts may hold foreign words, and names that are nobody's business: whoever shows it sees to both."""

    topic: str
    """What was looked at, in a word or two."""
    verdict: Verdict
    words: str
    remedy: str = ""
    """What to do; where all is well, nothing."""
    status: int = 1
    """What the process ends with, if it failed."""


def ok(topic: str, words: str) -> Finding:
    """All is well."""
    return Finding(topic, Verdict.OK, words)


def note(topic: str, words: str, remedy: str = "") -> Finding:
    """Worth knowing."""
    return Finding(topic, Verdict.NOTE, words, remedy)


def warning(topic: str, words: str, remedy: str) -> Finding:
    """Worth mending."""
    return Finding(topic, Verdict.WARNING, words, remedy)


def skipped(topic: str, why: str) -> Finding:
    """Not checked."""
    return Finding(topic, Verdict.SKIPPED, why)


def of_error(topic: str, error: AudituiError, verdict: Verdict = Verdict.FAILED) -> Finding:
    """What auditui itself would say there."""
    words = " ".join(part for part in (error.happened, error.why) if part)
    return Finding(topic, verdict, words, error.remedy, error.exit_status)


def exit_status(findings: Iterable[Finding]) -> int:
    """0 where nothing failed; else the status of the worst, and that is 1 before 2 before 4 (sign-in)."""
    return min((found.status for found in findings if found.verdict is Verdict.FAILED), default=0)
