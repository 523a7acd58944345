"""The ways to a connection that need somebody's choice: the accounts list and sign-in, one after the other.

Called from a worker of the screen that will use the connection. The two screens are imported when they are needed: most
runs never show them.
"""

from __future__ import annotations

from textual.app import App

from auditui.model.account import Account
from auditui.model.errors import TOKEN_AT_FAULT, AudituiError
from auditui.session.connection import Connection
from auditui.session.run import Run


async def choose_connection(
    app: App[None], run: Run, used: Connection | None, error: AudituiError | None
) -> Connection | None:
    """Offer the saved accounts, the demo site and sign-in; None where nothing was chosen.

    Args:
        app: shows the list.
        run: knows the accounts.
        used: the connection in use, which is given back where its account is chosen.
        error: what failed last; where it was the token, signing in to the same account comes first.

    Raises:
        AudituiError: the saved account cannot be opened.
    """
    from auditui.ui.screens.accounts import AccountsScreen, Door

    account_used = used.account if used else None
    refused = account_used if isinstance(error, TOKEN_AT_FAULT) else None
    match await app.push_screen_wait(AccountsScreen(run, account_used, again=refused is not None)):
        case Account() as account if account == account_used:
            return used
        case Account() as account:
            return await run.open_saved(account)
        case Door.DEMO:
            return await run.demo()
        case Door.SIGN_IN:
            return await sign_in(app, run, error if refused else None, refused)
        case None:
            return None


async def sign_in(
    app: App[None], run: Run, reason: AudituiError | None, account: Account | None = None
) -> Connection | None:
    """Ask for an account, test it, and connect with it; `reason` says why it is asked for, `account` fills the fields."""
    from auditui.ui.screens.sign_in import SignInScreen

    return await app.push_screen_wait(SignInScreen(run, account, reason))
