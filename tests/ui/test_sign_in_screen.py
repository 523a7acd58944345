"""The sign-in screen as it is seen and used, against a real demo site over loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import Paste
from textual.message import Message

from auditui.account.settings import Settings
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite
from auditui.model.account import Account
from auditui.model.errors import AudituiError, TokenRefused
from auditui.model.site import Site
from auditui.session.connection import Connection
from auditui.session.run import Run
from auditui.ui.screens.sign_in import SignInScreen
from tests.given import nothing_given
from tests.stand_ins import ChooseKeyring, FullKeyring, MemoryKeyring, SlowKeyring
from tests.ui.driving import Seen, seeing, until

TOKEN = "s3cr3t-t0ken"


class Form(Seen[Connection | None]):
    """The sign-in screen in front of somebody."""

    async def type(self, text: str) -> None:
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))

    async def paste(self, text: str) -> None:
        if text:
            self.app.post_message(Paste(text))
            await self.pilot.pause()

    async def fill(self, site: str, email: str, token: str) -> None:
        """From the first field to the last."""
        for text in (site, email):
            await self.paste(text)
            await self.pilot.press("tab")
        await self.paste(token)

    @property
    def focused(self) -> str | None:
        return self.app.focused.id if self.app.focused else None


async def wait_for_ever(seconds: float) -> None:
    """In place of the waits that a site asks for."""
    await asyncio.Event().wait()


@asynccontextmanager
async def shown(
    account: Account | None = None,
    reason: AudituiError | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    hook: Callable[[Message], None] | None = None,
    settle: bool = True,
) -> AsyncIterator[Form]:
    run = Run(nothing_given(), Settings(), sleep=wait_for_ever)
    async with seeing(SignInScreen(run, account, reason), size=size, hook=hook, settle=settle) as seen:
        yield Form(seen.app, seen.pilot)
        for connection in seen.app.given:
            if connection:
                await connection.close()


async def test_signing_in_by_keyboard_gives_a_connection(url: str) -> None:
    async with shown() as seen:
        await seen.fill(url, "demo@example.com", "demo")
        await seen.press("enter")
        (connection,) = seen.app.given
        assert connection is not None
        assert connection.account == Account(Site.parse(url), "demo@example.com")
        assert connection.notices == ("Your token will be used for this session only.",)


async def test_it_says_what_it_took_the_site_for() -> None:
    async with shown() as seen:
        await seen.type("acme")
        assert "= https://acme.atlassian.net" in seen.text
        await seen.type(" x")
        assert "✗ “acme x” is not the address of a site." in seen.text


async def test_it_tells_where_tokens_are_made() -> None:
    async with shown() as seen:
        assert "id.atlassian.com/manage-profile/security/api-tokens" in seen.text
        assert "read:audit-log:confluence" in seen.text


class TestFailures:
    async def test_the_steps_are_told_and_the_field_to_mend_has_the_focus(self, url: str) -> None:
        async with shown() as seen:
            await seen.fill(url, "demo@example.com", "wrong")
            await seen.press("enter")
            assert "✓ Site: 127.0.0.1:" in seen.text
            assert "✗ Token: Atlassian rejected the token for demo@example.com." in seen.text
            assert seen.focused == "sign-in-token"
            assert seen.app.given == []
            assert "•••••" in seen.text

    async def test_what_is_mended_is_tested_again(self, url: str) -> None:
        async with shown() as seen:
            await seen.fill(url, "demo@example.com", "x")
            await seen.press("enter")
            await seen.press("backspace", *"demo", "enter")
            assert seen.app.given != []

    async def test_a_refusal_of_the_log_claims_nothing_of_the_token(self, url: str) -> None:
        async with shown() as seen:
            await seen.fill(url, "member@example.com", "demo")
            await seen.press("enter")
            assert "? Token: Not known" in seen.words
            assert "✗ Audit log: Reading the audit log of 127.0.0.1:" in seen.words
            assert "needs Confluence Administrator permission." in seen.words
            assert "or check the e-mail address and the token." in seen.words
            assert seen.focused == "sign-in-email"
            for button in ("[Test and continue]", "[Try the demo]", "[Cancel]"):
                assert button in seen.text

    async def test_a_missing_e_mail_is_asked_for(self) -> None:
        async with shown() as seen:
            await seen.type("acme")
            await seen.press("enter")
            assert "✗ E-mail: The e-mail address is missing." in seen.text
            assert seen.focused == "sign-in-email"

    async def test_words_of_a_server_are_shown_as_they_are(self) -> None:
        class Hostile(DemoSite):
            def answer(self, method: str, target: str, headers):  # type: ignore[no-untyped-def]
                answer = super().answer(method, target, headers)
                body = answer.body.replace(b"User is not", b"[red]\\u001b[2J[/] User is not")
                return type(answer)(answer.status, answer.headers, body)

        with serve(Hostile(Corpus(1, 0))) as served:
            async with shown() as seen:
                await seen.fill(served.url, "member@example.com", "demo")
                await seen.press("enter")
                assert "[red]‹ESC›[2J[/] User is not" in seen.words


class TestCancelling:
    async def test_esc_cancels_the_test_and_leaves_the_fields(self, url: str) -> None:
        asked, let_go = threading.Event(), threading.Event()

        class Slow(DemoSite):
            def answer(self, method: str, target: str, headers):  # type: ignore[no-untyped-def]
                asked.set()
                let_go.wait(20)
                return super().answer(method, target, headers)

        with serve(Slow(Corpus(1, 0))) as served:
            async with shown() as seen:
                await seen.fill(served.url, "demo@example.com", "demo")
                await seen.pilot.press("enter")
                assert await asyncio.to_thread(asked.wait, 20)
                await seen.pilot.pause()
                assert "… Site: Asking 127.0.0.1:" in seen.text
                await seen.press("escape")
                assert "Cancelled." in seen.text
                assert "… Site" not in seen.text
                assert "demo@example.com" in seen.text
                assert seen.app.given == []
                await seen.press("escape")
                assert seen.app.given == [None]
            let_go.set()

    async def test_a_wait_is_told_and_can_be_cancelled(self, url: str) -> None:
        async with shown() as seen:
            await seen.fill(url, "busy@example.com", "demo")
            await seen.pilot.press("enter")
            await until(seen.pilot, lambda: "Asking again in" in seen.words)
            assert "asks for fewer requests." in seen.words
            await seen.press("escape")
            assert "Cancelled." in seen.text
            assert "Asking again" not in seen.words

    async def test_q_outside_the_fields_leaves(self) -> None:
        async with shown() as seen:
            await seen.press("shift+tab", "q")
            assert seen.app.given == [None]


async def test_the_demo_is_one_button_away() -> None:
    async with shown() as seen:
        await seen.pilot.click("#sign-in-demo")
        await seen.settle()
        (connection,) = seen.app.given
        assert connection is not None
        assert connection.source == "demo site"


async def test_a_known_account_is_filled_in_with_the_reason_on_top() -> None:
    reason = TokenRefused("Atlassian rejected the token.", why="Why [/b].", remedy="Make a new one.")
    async with shown(Account(Site.parse("acme"), "ann@example.com"), reason) as seen:
        assert "Atlassian rejected the token." in seen.text
        assert "Why [/b]." in seen.text
        assert "ann@example.com" in seen.text
        assert "= https://acme.atlassian.net" in seen.text
        assert seen.focused == "sign-in-token"


class TestWhereItIsKept:
    async def test_the_keyring_is_named_and_the_default(self, url: str, keyring: type[MemoryKeyring]) -> None:
        async with shown() as seen:
            assert "(x) tests.stand_ins.MemoryKeyring" in seen.text
            await seen.fill(url, "demo@example.com", "demo")
            await seen.press("enter")
            (connection,) = seen.app.given
            assert connection is not None
            assert connection.notices == ("Saved in: tests.stand_ins.MemoryKeyring.",)
            assert ("auditui", f"{url}|demo@example.com") in keyring.entries

    async def test_without_a_keyring_it_is_this_session_with_the_reason(self) -> None:
        async with shown() as seen:
            assert "(x) this session only" in seen.text
            assert "No keyring is available here (usual over SSH)." in seen.words

    async def test_the_file_warns_and_is_taken_where_it_is_chosen(self, url: str, home: Path) -> None:
        async with shown() as seen:
            await seen.fill(url, "demo@example.com", "demo")
            await seen.press("tab", "down")
            assert "(x) UNENCRYPTED in ~/config/auditui/credentials" in seen.text
            assert "or a backup of it, has your token." in seen.words
            await seen.press("enter")
            (connection,) = seen.app.given
            assert connection is not None
            assert connection.notices[0].startswith("Token stored UNENCRYPTED in ")
            assert (home / "config" / "auditui" / "credentials").exists()

    async def test_a_slow_keyring_delays_no_typing_and_is_waited_for_by_the_test(
        self, url: str, choose_keyring: ChooseKeyring
    ) -> None:
        choose_keyring(SlowKeyring)
        with SlowKeyring.shut() as opened:
            async with shown(settle=False) as seen:
                assert "( ) looking for a keyring …" in seen.text
                await seen.fill(url, "demo@example.com", "demo")
                await seen.pilot.press("enter")
                await seen.pilot.pause()
                assert "… Keyring: Looking for one." in seen.text
                opened.set()
                await seen.settle()
                (connection,) = seen.app.given
                assert connection is not None
                assert connection.notices == ("Saved in: tests.stand_ins.SlowKeyring.",)

    async def test_a_choice_that_was_made_meanwhile_stays(self, choose_keyring: ChooseKeyring) -> None:
        choose_keyring(SlowKeyring)
        with SlowKeyring.shut() as opened:
            async with shown(settle=False) as seen:
                await seen.pilot.press("tab", "tab", "tab", "down", "down")
                assert "(x) UNENCRYPTED" in seen.text
                opened.set()
                await seen.settle()
                assert "( ) tests.stand_ins.SlowKeyring" in seen.text
                assert "(x) UNENCRYPTED" in seen.text

    async def test_a_token_that_cannot_be_kept_is_told_before_one_goes_on(
        self, url: str, choose_keyring: ChooseKeyring
    ) -> None:
        choose_keyring(FullKeyring)
        async with shown() as seen:
            await seen.fill(url, "demo@example.com", "demo")
            await seen.press("enter")
            assert "✗ Kept: Your keyring failed." in seen.words
            assert "Your token will be used for this session only." in seen.words
            assert seen.app.given == []
            assert "[Continue unsaved]" in seen.text
            await seen.press("enter")
            assert seen.app.given != [None]
            assert len(seen.app.given) == 1

    async def test_another_place_can_be_chosen_then(
        self, url: str, home: Path, choose_keyring: ChooseKeyring
    ) -> None:
        choose_keyring(FullKeyring)
        async with shown() as seen:
            await seen.fill(url, "demo@example.com", "demo")
            await seen.press("enter")
            await seen.press("shift+tab", "down", "down")
            assert "[Test and continue]" in seen.text
            await seen.press("enter")
            assert len(seen.app.given) == 1
            assert (home / "config" / "auditui" / "credentials").exists()


class TestToken:
    async def test_it_is_nowhere_but_in_its_field(self, url: str) -> None:
        told: list[Message] = []
        async with shown(hook=told.append) as seen:
            await seen.fill(url, "demo@example.com", "")
            await seen.type(TOKEN)  # a paste is itself a message with a text
            await seen.press("enter")
            assert "•" * len(TOKEN) in seen.text
            assert TOKEN not in seen.text
            assert len(told) > 50
            assert TOKEN not in repr(told)
            assert TOKEN not in repr([vars(message) for message in told])
            assert TOKEN not in repr([(worker.description, worker.name) for worker in seen.app.workers])
            assert TOKEN not in repr(seen.app.screen.tree)

    async def test_ctrl_r_shows_it_and_leaving_the_field_hides_it(self) -> None:
        async with shown() as seen:
            await seen.fill("acme", "ann@example.com", TOKEN)
            await seen.press("ctrl+r")
            assert TOKEN in seen.text
            await seen.press("ctrl+r")
            assert TOKEN not in seen.text
            await seen.press("ctrl+r", "tab")
            assert TOKEN not in seen.text

    async def test_it_is_never_copied(self) -> None:
        async with shown() as seen:
            await seen.fill("acme", "ann@example.com", TOKEN)
            await seen.press("ctrl+shift+a", "ctrl+c", "ctrl+r", "ctrl+c", "ctrl+x")
            assert TOKEN in seen.text
            seen.app.screen.text_select_all()
            await seen.press("ctrl+c")
            assert TOKEN not in seen.app.clipboard

    async def test_other_fields_are_copied(self) -> None:
        # or the test above would pass where copying does not work at all
        async with shown() as seen:
            await seen.type("acme")
            await seen.press("ctrl+shift+a", "ctrl+c")
            assert seen.app.clipboard == "acme"

    async def test_it_is_refused_while_keys_are_recorded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TEXTUAL", "devtools")
        async with shown(Account(Site.parse("acme"), "ann@example.com")) as seen:
            assert "not while Textual’s devtools or TEXTUAL_LOG record the keys" in seen.text
            await seen.type(TOKEN)
            await seen.press("ctrl+r")
            assert TOKEN not in seen.text


class TestRoom:
    @pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
    async def test_everything_is_in_view(self, size: tuple[int, int]) -> None:
        reason = TokenRefused(
            "Atlassian rejected the token for ann@example.com.",
            why="Tokens expire after at most one year, and a token with scopes needs the api.atlassian.com address.",
            remedy="Check the e-mail address, or create a new token at id.atlassian.com/manage-profile/security/api-tokens.",
        )
        async with shown(Account(Site.parse("acme"), "ann@example.com"), reason, size=size) as seen:
            box = seen.app.screen.query_one("#sign-in").region
            assert box.height <= 22
            assert seen.app.screen.query_one("#sign-in-body").max_scroll_y == 0
            assert "[Test and continue]" in seen.text
            assert "[Cancel]" in seen.text

    async def test_a_small_terminal_scrolls_to_the_field(self) -> None:
        async with shown(size=(60, 16)) as seen:
            await seen.type("acme")
            assert "= https://acme.atlassian.net" in seen.text
            await seen.press("tab", "tab", "tab", "down")
            assert "(x) UNENCRYPTED" in seen.text
            assert "[Test and continue]" in seen.text
            assert "[Cancel]" in seen.text
