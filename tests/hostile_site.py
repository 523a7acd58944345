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


class HostileSite(DemoSite):
    """A record a text, which stands in each of its fields."""

    def __init__(self, texts: Sequence[str] = ORDERS) -> None:
        super().__init__(Corpus(0, NOW))
        self._texts = texts

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """All of them on one page, whatever was asked."""
        records = [_record(text, NOW - number) for number, text in enumerate(self._texts)]
        page = {"results": records, "start": 0, "limit": 9, "size": -39928545, "_links": {}}
        return Answer(200, (("Content-Type", "application/json"),), json.dumps(page).encode())


def _record(text: str, created: int) -> dict[str, object]:
    named = {"name": text, "objectType": text}
    return {
        "author": {"type": text, "displayName": text, "accountId": text, "accountType": text},
        "remoteAddress": text,
        "creationDate": created,
        "summary": text,
        "description": text,
        "category": text,
        "sysAdmin": False,
        "affectedObject": named,
        "associatedObjects": [named],
        "changedValues": [{"name": text, "oldValue": text, "newValue": text + "x", "hiddenOldValue": text}],
        text: text,
    }
