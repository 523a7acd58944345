"""Sign in: site, e-mail, token, where to keep it, and what became of it step by step.

Draws what `session.sign_in` finds. The token is in its field and in a `Secret`, and in nothing that is shown or posted.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from auditui.model.account import Account
from auditui.model.errors import AudituiError, UsageError
from auditui.model.site import Site
from auditui.session.connection import Connection
from auditui.session.run import Run
from auditui.session.sign_in import Entry, Field, Finding, Place, Verdict, sign_in
from auditui.ui.keymap import key
from auditui.ui.present import error_content, plain
from auditui.ui.widgets.date_field import LineInput
from auditui.ui.widgets.place_choice import PlaceChoice
from auditui.ui.widgets.token_input import TokenInput

_MARKS: Final = {Verdict.OK: "✓", Verdict.FAILED: "✗", Verdict.UNSURE: "?", Verdict.RUNNING: "…"}
_CREATE = (
    "Made at id.atlassian.com/manage-profile/security/api-tokens;\n"
    "the scope read:audit-log:confluence is enough."
)
_SITE_FORMS = "acme, acme.atlassian.net, or the address of any of its pages"
_TEST = Content("[Test and continue]")
_GO_ON = Content("[Continue unsaved]")


class SignInScreen(ModalScreen[Connection | None]):
    """Asks for an account and gives a connection that has read its log, or the demo's; None where it was cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "sign_in.cancel",
            "escape,q",
            "cancel",
            "Cancel",
            "Cancel the test, or leave without signing in",
        ),
        key("sign_in.test", "ctrl+j", "test", "Test", "Test what was entered", label="enter"),
        key("sign_in.down", "pagedown", "scroll_body(8)", "Down", "Further down"),
        key("sign_in.up", "pageup", "scroll_body(-8)", "Up", "Further up"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]
    AUTO_FOCUS = ""

    DEFAULT_CSS = """
    SignInScreen {
        align: center middle;
        #sign-in {
            width: 78; max-width: 100%; height: auto; max-height: 22;
            border: solid $foreground; padding: 0 1; background: $surface;
        }
        #sign-in-body { height: auto; max-height: 19; scrollbar-size: 0 0; }
        &.-short #sign-in-body { max-height: 12; }
        #sign-in-reason { height: auto; border-left: solid $error; padding-left: 1; }
        .sign-in-line { height: auto; }
        .sign-in-label { width: 11; }
        .sign-in-line:focus-within { height: auto; }  /* Textual styles the label anew only where the line itself has such a rule. */
        .sign-in-line:focus-within .sign-in-label {
            text-style: bold reverse; width: auto; min-width: 10; margin-right: 1;
        }
        .sign-in-remark { height: auto; margin-left: 11; color: $text-muted; }
        #sign-in-site-remark { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        Input { width: 1fr; }
        &:ansi Input { text-style: underline; }
        #sign-in-findings { height: auto; }
        #sign-in-buttons { height: 1; }
        #sign-in-buttons Button { min-width: 8; width: auto; margin-right: 2; }
    }
    """

    _site = query_one("#sign-in-site", LineInput)
    _email = query_one("#sign-in-email", LineInput)
    _token = query_one("#sign-in-token", TokenInput)
    _places = query_one(PlaceChoice)
    _findings = query_one("#sign-in-findings", Static)
    _test = query_one("#sign-in-test", Button)

    def __init__(self, run: Run, account: Account | None = None, reason: AudituiError | None = None) -> None:
        """Ask for an account.

        Args:
            run: opens the connection and keeps the token.
            account: fills the fields; the token then comes first.
            reason: why this is asked, shown on top until a test begins.
        """
        super().__init__()
        self._run = run
        self._account = account
        self._reason = reason
        self._found: dict[str, Finding] = {}
        self._attempt: object | None = None
        self._looked = asyncio.Event()
        self._unsaved: Connection | None = None

    def compose(self) -> ComposeResult:
        """Reason, fields, places, findings; below them, always in view, the buttons."""
        site, email = (_shortest(self._account.site), self._account.email) if self._account else ("", "")
        with Vertical(id="sign-in") as box:
            box.border_title = "Sign in"
            box.border_subtitle = "enter tests · tab next · ctrl+r shows the token · esc cancels"
            with VerticalScroll(id="sign-in-body", can_focus=False):
                if self._reason:
                    yield Static(error_content(self._reason), id="sign-in-reason", markup=False)
                yield from _line("Site", _plain_input(site, "sign-in-site"))
                yield Static(id="sign-in-site-remark", classes="sign-in-remark", markup=False)
                yield from _line("E-mail", _plain_input(email, "sign-in-email"))
                yield from _line("API token", TokenInput(id="sign-in-token"))
                yield Static(_CREATE, id="sign-in-create", classes="sign-in-remark", markup=False)
                yield from _line("Keep it in", PlaceChoice(self._run.vault.file.path))
                yield Static(id="sign-in-note", classes="sign-in-remark", markup=False)
                yield Static(id="sign-in-findings", markup=False)
            with Horizontal(id="sign-in-buttons"):
                yield Button(_TEST, id="sign-in-test", compact=True)
                yield Button(Content("[Try the demo]"), id="sign-in-demo", compact=True)
                yield Button(Content("[Cancel]"), id="sign-in-cancel", compact=True)

    def on_mount(self) -> None:
        """Begin where something is missing, and look for a keyring meanwhile."""
        (self._token if self._account else self._site).focus()
        self._understand()
        self._look_for_keyring()

    # What is entered

    @on(Input.Changed, "#sign-in-site")
    def _understand(self) -> None:
        """Say below the site what it was taken for."""
        text = self._site.value.strip()
        try:
            words = plain(f"= {Site.parse(text).origin}" if text else _SITE_FORMS)
        except UsageError as error:
            words = plain(f"✗ {error.happened}")
        self.query_one("#sign-in-site-remark", Static).update(words)

    @work(group="keyring", exclusive=True, description="look for a keyring")
    async def _look_for_keyring(self) -> None:
        self._places.found(await self._run.vault.detect())
        self._looked.set()

    @on(PlaceChoice.Changed)
    def _explain_place(self) -> None:
        self.query_one("#sign-in-note", Static).update(plain(self._places.note))

    @on(PlaceChoice.Changed)
    @on(Input.Changed)
    def _test_again(self) -> None:
        """What was found out is true of what was entered before."""
        self._drop_unsaved()

    # The test

    @on(Input.Submitted)
    @on(TokenInput.Entered)
    @on(PlaceChoice.GoOn)
    @on(Button.Pressed, "#sign-in-test")
    def action_test(self) -> None:
        """Test what was entered; or go on with what was tested and could not be saved."""
        if self._unsaved is not None:
            unsaved, self._unsaved = self._unsaved, None
            self.dismiss(unsaved)
            return
        for part in ("#sign-in-reason", "#sign-in-create"):
            self.query(part).set(display=False)
        self._verify()

    @work(group="verify", exclusive=True, description="test what was entered")
    async def _verify(self) -> None:
        self._found.clear()
        attempt = self._attempt = object()

        def tell(finding: Finding) -> None:
            # one that was cancelled may still have a word to say
            if attempt is self._attempt:
                self._tell(finding)

        try:
            connection = await sign_in(self._run, await self._entry(), tell)
        except AudituiError:
            self._focus_failed()
            return
        finally:
            if attempt is self._attempt:
                self._attempt = None
        if self._failed() is None:
            self.dismiss(connection)
            return
        self._unsaved = connection
        self._test.label = _GO_ON
        self._test.focus()

    async def _entry(self) -> Entry:
        if self._places.chosen is None:
            self._tell(Finding("Keyring", Verdict.RUNNING, "Looking for one."))
            await self._looked.wait()
            self._found.clear()
        place = self._places.chosen or Place.SESSION
        return Entry(self._site.value, self._email.value, self._token.secret, place)

    def _tell(self, finding: Finding) -> None:
        self._found[finding.step] = finding
        self._show_findings()

    def _show_findings(self, more: str = "") -> None:
        lines = [_finding_line(finding) for finding in self._found.values()]
        if more:
            lines.append(plain(more))
        self._findings.update(Content("\n").join(lines))
        self.call_after_refresh(self._findings.scroll_visible, animate=False)

    def _failed(self) -> Finding | None:
        return next((found for found in self._found.values() if found.verdict is Verdict.FAILED), None)

    def _focus_failed(self) -> None:
        failed = self._failed()
        fields = {Field.SITE: self._site, Field.EMAIL: self._email, Field.TOKEN: self._token}
        if failed and failed.field in fields:
            self.set_focus(fields[failed.field], scroll_visible=False)

    def _drop_unsaved(self) -> None:
        if self._unsaved is not None:
            self._close(self._unsaved)
            self._unsaved = None
            self._test.label = _TEST

    @work(group="close", description="close a connection")
    async def _close(self, connection: Connection) -> None:
        await connection.close()

    # The other ways out

    @on(Button.Pressed, "#sign-in-demo")
    @work(group="verify", exclusive=True, description="open the demo site")
    async def _try_demo(self) -> None:
        self.dismiss(await self._run.demo())

    @on(Button.Pressed, "#sign-in-cancel")
    def action_cancel(self) -> None:
        """Cancel the test and leave the fields as they are; without a test, leave."""
        if not self.cancel():
            self._leave()

    def cancel(self) -> bool:
        """Cancel the test; whether there was one."""
        if self._attempt is None:
            return False
        self._attempt = None
        self.workers.cancel_group(self, "verify")
        saving = "Kept" in self._found
        self._found = {
            step: found for step, found in self._found.items() if found.verdict is not Verdict.RUNNING
        }
        self._show_findings(f"Cancelled.{' The token may have been saved.' if saving else ''}")
        return True

    @work(group="close", description="leave")
    async def _leave(self) -> None:
        if self._unsaved is not None:
            await self._unsaved.close()
        self.dismiss(None)

    def action_scroll_body(self, lines: int) -> None:
        """Scroll where there is little room."""
        self.query_one("#sign-in-body").scroll_relative(y=lines, animate=False)


def _shortest(site: Site) -> str:
    """What can be typed for this site; its host alone may mean another one (https on this machine)."""
    return site.host if Site.parse(site.host) == site else site.origin


def _plain_input(value: str, id: str) -> LineInput:
    field = LineInput(value, compact=True, select_on_focus=False, id=id)
    field.cursor_blink = False
    return field


def _line(label: str, widget: Widget) -> ComposeResult:
    with Horizontal(classes="sign-in-line"):
        yield Static(label, classes="sign-in-label", markup=False)
        yield widget


def _finding_line(finding: Finding) -> Content:
    style = "bold" if finding.verdict is Verdict.FAILED else ""
    return Content.assemble(
        (f"{_MARKS[finding.verdict]} {finding.step}: ", style), plain(finding.words, style)
    )
