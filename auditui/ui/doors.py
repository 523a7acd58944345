"""The ways to a connection that need somebody's choice: the accounts list and sign-in, one after the other.

Called from a worker of the screen that will use the connection. The two screens are imported when they are needed: most
runs never show them.
"""

from __future__ import annotations

from textual.app import App

from auditui.model.account import Account
from auditui.model.errors import AudituiError
from auditui.session.connection import Connection
from auditui.session.run import Run


async def choose_connection(app: App[None], run: Run, used: Account | None) -> Connection | None:
    """Offer the saved accounts, the demo site and sign-in; None where nothing was chosen.

    Raises:
        AudituiError: the saved account cannot be opened.
    """
    from auditui.ui.screens.accounts import AccountsScreen, Door

    match await app.push_screen_wait(AccountsScreen(run, used)):
        case Account() as account:
            return await run.open_saved(account)
        case Door.DEMO:
            return await run.demo()
        case Door.SIGN_IN:
            return await sign_in(app, run, None)
        case None:
            return None


async def sign_in(app: App[None], run: Run, reason: AudituiError | None) -> Connection | None:
    """Ask for an account, test it, and connect with it; `reason` says why it is asked for."""
    from auditui.ui.screens.sign_in import SignInScreen

    return await app.push_screen_wait(SignInScreen(run, None, reason))
