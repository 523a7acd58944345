"""The saved accounts: choose one, forget one, or go another way. Knows no tokens.

The two other ways are there at once; the accounts come when their places have answered, which may take seconds or fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.reactive import var
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from auditui.model.account import Account
from auditui.model.errors import AudituiError
from auditui.session.run import Run
from auditui.session.sign_in import Place, Saved
from auditui.ui.keymap import key
from auditui.ui.present import plain


class Door(Enum):
    """A way to a log that is not a saved account."""

    SIGN_IN = auto()
    DEMO = auto()


_AGAIN = "Sign in again, or to another account…"
_DOORS = {Door.SIGN_IN: "Sign in to another account…", Door.DEMO: "Demo site"}
_PLACES = {
    Place.KEYRING: "in the keyring",
    Place.FILE: "unencrypted in a file",
    Place.SESSION: "for this session",
}


class AccountsScreen(ModalScreen[Account | Door | None]):
    """Gives the saved account to open, or another way; None on esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("accounts.close", "escape,q", "close", "Close", "Keep the question or the screen unanswered"),
        key("accounts.open", "ctrl+j", "open", "Open", "Take this line", label="enter"),
        key("accounts.down", "j", "move(1)", "Down", "The next one"),
        key("accounts.up", "k", "move(-1)", "Up", "The one before"),
        key("accounts.forget", "x", "forget", "Forget", "Remove the account's token from every place"),
        key("accounts.yes", "y", "answer(True)", "Yes", "Forget the account"),
        key("accounts.no", "n", "answer(False)", "No", "Keep the account"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]
    AUTO_FOCUS = "OptionList"

    DEFAULT_CSS = """
    AccountsScreen {
        align: center middle;
        #accounts {
            width: 78; max-width: 100%; height: auto; max-height: 22;
            border: solid $foreground; padding: 0 1; background: $surface;
        }
        #accounts-reason { height: auto; max-height: 4; color: $text-muted; }
        #accounts-words { height: auto; max-height: 6; color: $text-muted; }
        &.-short #accounts-reason { max-height: 3; }
        &.-short OptionList { max-height: 5; margin: 0; }
        OptionList { height: auto; max-height: 8; margin: 1 0; scrollbar-size: 0 0; }
    }
    """

    asked: var[Saved | None] = var(None)
    """The account about which the question stands whether to forget it."""

    _list = query_one(OptionList)
    _words = query_one("#accounts-words", Static)

    def __init__(
        self,
        run: Run,
        used: Account | None = None,
        reason: AudituiError | None = None,
        *,
        again: bool = False,
    ) -> None:
        """Offer the accounts.

        Args:
            run: knows the vault.
            used: the account in use, marked by a word.
            reason: why this is asked, shown on top.
            again: whether the one in use needs another token, so that signing in is what one comes for.
        """
        super().__init__()
        self._run = run
        self._used = used
        self._reason = reason
        self._again = again
        self._entries: list[Saved | Door] = []

    def compose(self) -> ComposeResult:
        """Reason, list, and what else is to be said."""
        with Vertical(id="accounts") as box:
            box.border_title = "Accounts"
            box.border_subtitle = "enter opens · x forgets · esc closes"
            if self._reason:
                yield Static(
                    plain("\n".join(filter(None, (self._reason.happened, self._reason.why)))),
                    id="accounts-reason",
                    markup=False,
                )
            yield OptionList(compact=True, markup=False)
            yield Static("Looking for saved accounts …", id="accounts-words", markup=False)

    def on_mount(self) -> None:
        """Offer what is there at once, and look for the rest."""
        self._offer(())
        self._look()

    @work(group="accounts", exclusive=True, description="list the saved accounts")
    async def _look(self, words: str = "") -> None:
        listing = await self._run.vault.accounts()
        self._offer(listing.saved)
        if self._list.highlighted is None:
            self._list.highlighted = self._entries.index(Door.SIGN_IN) if self._again else 0
        self._say(words, *(_trouble(trouble) for trouble in listing.troubles))

    def _offer(self, saved: Sequence[Saved]) -> None:
        """Show these accounts and the doors; the cursor stays on what it was on."""
        at = self._highlighted()
        known = {entry.account for entry in saved}
        here = [Saved(account, Place.SESSION) for account in self._run.used if account not in known]
        self._entries = [*saved, *here, *Door]
        self._list.set_options([Option(self._prompt(entry)) for entry in self._entries])
        self._list.highlighted = self._entries.index(at) if at in self._entries else None

    def _prompt(self, entry: Saved | Door) -> Content:
        if isinstance(entry, Door):
            return Content(_AGAIN if self._again and entry is Door.SIGN_IN else _DOORS[entry])
        used = "   (in use)" if entry.account == self._used else ""
        return Content.assemble(
            plain(entry.account.site.host, "bold"),
            "  ",
            plain(entry.account.email),
            f"  {_PLACES[entry.place]}{used}",
        )

    def _highlighted(self) -> Saved | Door | None:
        index = self._list.highlighted
        return None if index is None else self._entries[index]

    def _say(self, *sentences: str) -> None:
        self._words.update(plain("\n".join(filter(None, sentences))))

    # Keys

    @on(OptionList.OptionSelected)
    def _selected(self, selected: OptionList.OptionSelected) -> None:
        entry = self._entries[selected.option_index]
        self.dismiss(entry.account if isinstance(entry, Saved) else entry)

    def action_open(self) -> None:
        """The same as enter."""
        self._list.action_select()

    def action_move(self, rows: int) -> None:
        """Move the cursor by one row."""
        if rows > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_close(self) -> None:
        """Take the question back, else close."""
        if self.asked:
            self.action_answer(False)
        else:
            self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """While the question stands, only it is answered."""
        if action in ("open", "move", "forget"):
            return self.asked is None
        return action != "answer" or self.asked is not None

    def action_forget(self) -> None:
        """Ask whether the account under the cursor is to be forgotten."""
        entry = self._highlighted()
        if isinstance(entry, Saved):
            self.asked = entry

    def watch_asked(self, asked: Saved | None) -> None:
        """Put the question, or give the list back."""
        self._list.disabled = asked is not None
        self.refresh_bindings()
        if asked is None:
            self._list.focus()
            return
        more = " It stays open until auditui ends." if asked.account == self._used else ""
        self._say(f"Forget {asked.account}? Its token is removed from every place.{more}\ny yes   n no")

    def action_answer(self, yes: bool) -> None:
        """Forget the account, or keep it."""
        asked, self.asked = self.asked, None
        if asked and yes:
            self._forget(asked.account)
        else:
            self._say("")

    @work(group="accounts", exclusive=True, description="forget an account")
    async def _forget(self, account: Account) -> None:
        self._say(f"Forgetting {account} …")
        self._run.forget(account)
        forgotten = await self._run.vault.forget(account)
        removed = " and ".join(_PLACES[place] for place in forgotten.places)
        words = f"Forgotten: {account}." + (f" The token that was {removed} is removed." if removed else "")
        if forgotten.troubles:
            words += " A token may still be where nobody answered."
        self._look(words)


def _trouble(trouble: AudituiError) -> str:
    return f"{trouble.happened} {trouble.why}".strip()
