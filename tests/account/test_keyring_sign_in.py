"""Signing in on the screen with a real Secret Service; the next process finds the account."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite


class Session(Protocol):
    """An environment in which steps run in a process of their own: see conftest.py."""

    def outcome(self, steps: str, *, seconds: float = 3.0) -> Any: ...


SIGN_IN = """
    from textual.app import App
    from textual.events import Paste
    from auditui.account.settings import Settings
    from auditui.account.given import Given
    from auditui.model.query import Query
    from auditui.model.when import Zone
    from auditui.session.run import Options, Run
    from auditui.ui.screens.sign_in import SignInScreen

    run, given = Run(Options(Given(), Zone.parse("utc"), Query()), Settings()), []

    class Host(App[None]):
        def on_mount(self):
            self.push_screen(SignInScreen(run), given.append)

    async with Host().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        for text, key in (("URL", "tab"), ("demo@example.com", "tab"), ("demo", "enter")):
            pilot.app.post_message(Paste(text))
            await pilot.pause()
            await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await given[0].close()
    return given[0].notices
"""

NEXT_START = """
    from auditui.account.settings import Settings
    from auditui.account.given import Given
    from auditui.account.sources import find

    found = await find(Given(), {}, Settings(), vault)
    return [str(found.credential.account), found.source, found.credential.token == Secret("demo")]
"""


@pytest.mark.secret_service
def test_a_token_entered_on_the_screen_is_found_by_the_next_process(
    with_service: Callable[[str], Session],
) -> None:
    session = with_service("unlocked")
    with serve(DemoSite(Corpus(20, time.time_ns() // 1_000_000))) as served:
        (said,) = session.outcome(SIGN_IN.replace("URL", served.url))
    assert said.lower() == "saved in: secret service (login)."
    account, source, same = session.outcome(NEXT_START)
    assert account == f"demo@example.com at 127.0.0.1:{served.port}"
    assert source.lower() == "keyring: secret service (login)"
    assert same
