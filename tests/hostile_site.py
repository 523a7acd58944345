"""A site of which every text of every record is an attack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.site import DemoSite

NOW = 1_795_423_911_962

ORDERS = (
    "\x1b]0;PWNED\x07",
    "\x1b]52;c;cHdu\x07",
    "\x1b[2J\x1b[1;1H",
    "\x9b31m\x90q\x9c",
    "\u202egnp.exe\u2066\u200b\ufeff\u2028",
    "[/x] [@click=app.quit]go[/] [link='https://evil.example']x[/link]",
    "\ud800 lone",
    "a\tb\nc\rd\x00e\x7f",
    "=cmd|' /C calc'!A0",
)
"""Orders to terminals, editors, markup parsers and spreadsheets."""

_LONG = 2_000  # characters


class HostileSite(DemoSite):
    """A record a text, which stands in each of its fields."""

    def __init__(self, texts: Sequence[str] = ORDERS) -> None:
        super().__init__(Corpus(0, NOW))
        self._texts = texts

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """All of them on one page, whatever was asked."""
        page = {"results": self.records(), "start": 0, "limit": 9, "size": -39928545, "_links": {}}
        return Answer(200, (("Content-Type", "application/json"),), _sent(page))

    def records(self) -> list[dict[str, object]]:
        """Newest first."""
        return [_record(text, NOW - number) for number, text in enumerate(self._texts)]


class CrowdedSite(HostileSite):
    """One record, in which all of the texts stand."""

    def records(self) -> list[dict[str, object]]:
        """That one."""
        left = iter(self._texts)
        changes = [
            {"name": text[:_LONG], "oldValue": next(left, ""), "newValue": next(left, "")} for text in left
        ]
        return [{"summary": "crowded", "creationDate": NOW, "changedValues": changes}]


def _sent(page: object) -> bytes:
    """With as few signs escaped as JSON lets be."""
    return json.dumps(page, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _record(text: str, created: int) -> dict[str, object]:
    """A text that is very long stands in two fields only: a page has a limit."""
    title, text = text, text[:_LONG]
    named = {"name": text, "objectType": text}
    return {
        "author": {"type": text, "displayName": title, "accountId": text, "accountType": text},
        "remoteAddress": text,
        "creationDate": created,
        "summary": title,
        "description": text,
        "category": text,
        "sysAdmin": False,
        "affectedObject": named,
        "associatedObjects": [named],
        "changedValues": [{"name": text, "oldValue": text, "newValue": text + "x", "hiddenOldValue": text}],
        text: text,
    }


class FailingSite(HostileSite):
    """Gives some answers first, one to each question for records."""

    def __init__(self, first: Sequence[Answer]) -> None:
        super().__init__()
        self._first = list(first)

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """The next of them; afterwards what any hostile site says."""
        if self._first and "/audit?" in target:
            return self._first.pop(0)
        return super().answer(method, target, headers)


def more(site: HostileSite) -> Answer:
    """Its records, and that there are more."""
    page = {"results": site.records(), "start": 0, "limit": 9, "size": 9, "_links": {"next": "/more"}}
    return Answer(200, (("Content-Type", "application/json"),), _sent(page))
