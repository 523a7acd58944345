"""A run is ended at any moment, 200 times: what was there is there, or what is new, and nothing else stays behind."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

KILLS = 200
SEED = 6


def test_whatever_ends_a_run_and_whenever_nothing_is_half_and_nothing_is_left(tmp_path: Path) -> None:
    """What is looked at behind each kill is `tests/killed`'s; what follows is that it had something to look at."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed", str(KILLS), str(SEED), tmp_path],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"seed {SEED}: {done.stderr[-4_000:]}"
    seen = Counter[str](json.loads(done.stdout))
    for name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"):
        assert seen[f"{name} ended it"] > KILLS / 8
    ends = [number for end, number in seen.items() if end.startswith("SIG")]
    assert sum(ends) == KILLS
    assert min(seen["the old export"], seen["the new export"]) > KILLS / 20
    assert min(seen["parts"], seen["begun and not put in place"]) > KILLS / 20
    assert seen["records left on the disk"] > 0
