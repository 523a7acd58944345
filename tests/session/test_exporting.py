"""An export from the shell asks for all there is, also where this machine's clock is wrong."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from auditui.account.given import Given
from auditui.account.settings import Settings
from auditui.client.log import Wait
from auditui.demo.site import EMAIL, TOKEN, DemoSite
from auditui.export.formats import exporter_named
from auditui.model.query import Query
from auditui.model.when import Zone
from auditui.session.exporting import Exporting, to_file
from auditui.session.outgoing import Counts
from auditui.session.plan import Plan
from auditui.session.run import Options, Run
from auditui.session.streaming import Streamed

pytestmark = pytest.mark.usefixtures("home")

DAY = 86_400_000


class Nobody:
    """Hears and forgets."""

    def begins(self, plan: Plan, counts: Counts) -> None: ...
    def goes_on(self, streamed: Streamed) -> None: ...
    def waits(self, wait: Wait | None) -> None: ...
    def notice(self, text: str) -> None: ...


def options(url: str, query: Query | None = None) -> Options:
    environ = {"AUDITUI_SITE": url, "AUDITUI_EMAIL": EMAIL, "AUDITUI_TOKEN": TOKEN}
    return Options(Given(), Zone("UTC"), query or Query(), environ=environ)


@pytest.mark.parametrize("days", [-2, 2])
async def test_a_clock_that_is_wrong_leaves_nothing_out(
    site: DemoSite, url: str, tmp_path: Path, days: int
) -> None:
    path = tmp_path / "out.jsonl"
    run = Run(options(url), Settings(), clock=lambda: time.time_ns() // 1_000_000 + days * DAY)
    outcome = await Exporting(
        run, to_file(path, exporter_named("jsonl"), overwrite=False), Nobody()
    ).carry_out()
    records = [site.corpus.record(row) for row in range(50)]
    assert [json.loads(line) for line in path.read_bytes().splitlines()] == records
    assert (outcome.ending.complete, outcome.counts.written) == (True, 50)


async def test_a_short_answer_tells_how_long_the_site_keeps_its_log(url: str, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    run = Run(options(url), Settings())
    await Exporting(run, to_file(path, exporter_named("jsonl"), overwrite=False), Nobody()).carry_out()
    told = json.loads(path.with_name("out.jsonl.manifest.json").read_bytes())
    assert told["retention"] == "12 months"
