"""How findings are shown: aligned plain text, inert, and with nothing in it that is nobody's business."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from io import TextIOWrapper

from auditui.model.text import inert
from auditui.session.checkup.finding import Finding, Verdict, exit_status

_WIDTHS = (50, 100)
"""Columns, at least and at most."""

_VERDICT, _TOPIC = 9, 15  # columns
_MARGIN = 2
_WORDS = _MARGIN + _VERDICT + _TOPIC
_END = """\
Tokens, passwords and the path of your home are left out; an e-mail address keeps its first letter and its domain. Hosts,
networks and folders are named: look it through before you show it to others."""


class Report:
    """What was found so far, on standard output."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        """Take what is done to each text first."""
        self._redact = redact
        self._chapter = ""
        self._findings: list[Finding] = []
        self._width = _width()
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # a Latin-1 locale lacks some quotation marks

    def tell(self, chapter: str, finding: Finding) -> None:
        """Show a finding now: the next one may take seconds."""
        if chapter != self._chapter:
            print(f"\n{chapter}" if self._chapter else chapter)
            self._chapter = chapter
        self._findings.append(finding)
        for line in lines(finding, self._redact, self._width):
            print(line, flush=True)

    def end(self) -> int:
        """Sum up; the exit status."""
        counted = Counter(finding.verdict for finding in self._findings)
        failed, warnings = counted[Verdict.FAILED], counted[Verdict.WARNING]
        print(f"\n{failed} failed, {warnings} {'warning' if warnings == 1 else 'warnings'}.")
        print("\n".join(textwrap.wrap(_END, self._width)), flush=True)
        return exit_status(self._findings)


def _width() -> int:
    """That of the terminal, where one is looked at."""
    least, most = _WIDTHS
    return max(least, min(most, shutil.get_terminal_size().columns)) if sys.stdout.isatty() else most


def lines(finding: Finding, redact: Callable[[str], str], width: int) -> Iterator[str]:
    """One finding: verdict, topic and words, and below them what to do."""
    first = f"{'':{_MARGIN}}{finding.verdict.value:{_VERDICT}}{inert(finding.topic):{_TOPIC}}"
    yield from _wrapped(inert(redact(finding.words)), first, _WORDS, width)
    if finding.remedy:
        yield from _wrapped(inert(redact(finding.remedy)), f"{'':{_WORDS}}-> ", _WORDS + 3, width)


def _wrapped(text: str, first: str, indent: int, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=" " * indent, break_on_hyphens=False
    )
