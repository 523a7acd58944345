"""`auditui auth status` and `auditui auth logout`: where the credential is, and removing it. Never shows a token."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from auditui.commands.query import add_account_options
from auditui.model.account import Account, email_of
from auditui.model.errors import AudituiError, SignInNeeded, UsageError
from auditui.model.site import Site
from auditui.model.text import inert

if TYPE_CHECKING:
    from auditui.account.given import Given
    from auditui.account.settings import Settings
    from auditui.account.vault import Saved, Vault

Print = Callable[[str], None]

_ELSEWHERE = "A token may still be where nobody answered:"


def add_options(parser: argparse.ArgumentParser) -> None:
    """`status` and `logout`."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    told = commands.add_parser("status", help="where the credential is; never the token itself")
    told.set_defaults(command=lambda arguments: asyncio.run(status(_given(arguments), os.environ, print)))
    left = commands.add_parser("logout", help="remove a saved account")
    left.add_argument("--all", action="store_true", help="remove every saved account")
    left.set_defaults(
        command=lambda arguments: asyncio.run(logout(_given(arguments), print, everything=arguments.all))
    )
    for command in (told, left):
        add_account_options(command, below=True)


def _given(arguments: argparse.Namespace) -> Given:
    from auditui.account.given import Given

    return Given(arguments.site, arguments.email)


async def status(given: Given, environ: Mapping[str, str], print: Print) -> int:
    """Print what `auditui` would use now, what is saved, and what the keyring is good for.

    The sources are really asked, `token_command` too: what is printed is what would happen. The exit status is 0 where
    there is a credential, else that of the error that says why there is none.
    """
    from auditui.account.settings import read_settings, settings_path
    from auditui.account.vault import Vault
    from auditui.session.gateway import foreign_gateway

    vault, settings = Vault(), read_settings(settings_path())
    outcome = await _print_used(given, environ, settings, vault, print)
    for notice in settings.notices:
        print(inert(f"Settings: {notice}"))
    await _print_saved(vault, print)
    print(inert(f"Keyring: {(await vault.detect()).words}"))
    named = environ.get("AUDITUI_GATEWAY")
    for words in foreign_gateway(Site.parse(named) if named else None, None):
        print(inert(f"Gateway: {words}"))
    return outcome


async def logout(given: Given, print: Print, *, everything: bool = False) -> int:
    """Forget saved accounts: all, those that the options name, or the only one there is.

    The exit status is 0 where they were removed or nothing was saved, 1 where nothing was removed and a place gave no
    answer, 2 where it is not clear which account is meant.

    Raises:
        UsageError: the site or the e-mail address was not understood.
    """
    from auditui.account.vault import Vault

    vault = Vault()
    listing = await vault.accounts()
    saved = tuple(dict.fromkeys(entry.account for entry in listing.saved))
    meant = saved if everything else _meant(given, saved)
    if not everything and len(meant) > 1:
        print("Which account? Name it by --site and --email, or take --all:")
        _print_accounts(listing.saved, vault, print)
        return UsageError.exit_status
    if not meant:
        if listing.troubles:
            print(f"Nothing was removed. {_ELSEWHERE}")
        else:
            print("No such account is saved." if saved else "No account is saved.")
        _print_troubles(listing.troubles, print)
        return 1 if listing.troubles else 0
    return max([await _forget(vault, account, print) for account in meant])


async def _print_used(
    given: Given, environ: Mapping[str, str], settings: Settings, vault: Vault, print: Print
) -> int:
    from auditui.account.sources import find

    try:
        found = await find(given, environ, settings, vault)
    except SignInNeeded as error:
        print(inert(f"Used now: nothing. {error.sentences()}"))
        return error.exit_status
    except AudituiError as error:
        print(inert(f"Used now: nothing can be. {error.sentences()}"))
        return error.exit_status
    print(inert(f"Used now: {found.credential.account}, from {found.source}"))
    for notice in found.notices:
        print(inert(f"  {notice}"))
    return 0


async def _print_saved(vault: Vault, print: Print) -> None:
    listing = await vault.accounts()
    print(
        "Saved:"
        if listing.saved
        else "Saved: no account that could be listed."
        if listing.troubles
        else "Saved: no account."
    )
    _print_accounts(listing.saved, vault, print)
    _print_troubles(listing.troubles, print)


def _print_accounts(saved: Iterable[Saved], vault: Vault, print: Print) -> None:
    from auditui.account.vault import Place

    for entry in saved:
        place = "keyring" if entry.place is Place.KEYRING else f"{vault.file.path} (unencrypted)"
        print(inert(f"  {entry.account}, in {place}"))


def _print_troubles(troubles: Iterable[AudituiError], print: Print) -> None:
    for trouble in troubles:
        print(inert(f"  not asked: {trouble.happened} {trouble.why}".rstrip()))


def _meant(given: Given, saved: tuple[Account, ...]) -> tuple[Account, ...]:
    site = None if given.site is None else Site.parse(given.site)
    email = None if given.email is None else email_of(given.email)
    if site is not None and email is not None:
        # also one that the index has lost
        return (Account(site, email),)
    return tuple(
        account for account in saved if site in (None, account.site) and email in (None, account.email)
    )


async def _forget(vault: Vault, account: Account, print: Print) -> int:
    from auditui.account.vault import Place

    forgotten = await vault.forget(account)
    names = {Place.KEYRING: "the keyring", Place.FILE: str(vault.file.path)}
    removed = " and ".join(names[place] for place in forgotten.places)
    nothing = f"nothing was removed. {_ELSEWHERE}" if forgotten.troubles else "no token was found."
    print(inert(f"{account}: {f'removed from {removed}.' if removed else nothing}"))
    _print_troubles(forgotten.troubles, print)
    return 1 if forgotten.troubles and not removed else 0
