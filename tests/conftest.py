"""A CI run in which the keyring tests were skipped has tested less than it says: it fails."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

_SKIPPED = pytest.StashKey[list[str]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.get_closest_marker("secret_service"):
        item.session.stash.setdefault(_SKIPPED, []).append(item.nodeid)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    skipped = session.stash.get(_SKIPPED, [])
    if skipped and os.environ.get("CI"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    session = terminalreporter._session
    if session is not None and (skipped := session.stash.get(_SKIPPED, [])) and os.environ.get("CI"):
        terminalreporter.write_line(
            f"FAILED in CI: skipped without a Secret Service: {', '.join(skipped)}", red=True
        )
