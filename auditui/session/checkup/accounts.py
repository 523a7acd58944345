"""The keyring, the saved accounts, and what would be used now. Shows no token, and asks no site."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from auditui.account.given import Given
from auditui.account.keyrings import Keyring, Keyrings
from auditui.account.settings import Settings
from auditui.account.sources import Found, find
from auditui.account.vault import Place, Vault
from auditui.model.errors import AudituiError, KeyringUnavailable, SignInNeeded
from auditui.session.checkup import there
from auditui.session.checkup.finding import Finding, Verdict, note, of_error, ok, skipped, warning

_CHOICE = "PYTHON_KEYRING_BACKEND"
_COMMAND_LIMIT = 5.0
"""Seconds for all sources together; the explorer gives a `token_command` thirty."""


@dataclass(frozen=True, slots=True)
class Use:
    """What would be used now, and what is to be said of it."""

    found: Found | None
    finding: Finding


async def in_use(
    given: Given, environ: Mapping[str, str], settings: Settings, vault: Vault, *, offline: bool
) -> Use:
    """Ask the sources as a start would, `token_command` too unless offline, as it may use the network."""
    topic = "Used now"
    asked = replace(settings, token_command=()) if offline else settings
    try:
        found = await asyncio.wait_for(find(given, environ, asked, vault), _COMMAND_LIMIT)
    except TimeoutError:
        words = f"The token did not come within {_COMMAND_LIMIT:g} seconds."
        return Use(
            None,
            Finding(topic, Verdict.FAILED, words, "Run token_command by hand.", SignInNeeded.exit_status),
        )
    except SignInNeeded as error:
        return Use(None, _nothing(topic, error, settings, offline=offline))
    except AudituiError as error:
        return Use(None, of_error(topic, error))
    words = f"{found.credential.account}, from {found.source}"
    return Use(
        found, note(topic, f"{words}. {' '.join(found.notices)}") if found.notices else ok(topic, words)
    )


def _nothing(topic: str, error: SignInNeeded, settings: Settings, *, offline: bool) -> Finding:
    if settings.token_command and offline:
        return skipped(topic, "token_command may use the network, so it was not run.")
    if settings.token_command:
        # what the program wrote is not repeated: nobody knows what it says
        return Finding(topic, Verdict.FAILED, error.happened, error.remedy, error.exit_status)
    return of_error(topic, error)


async def keyring(keyrings: Keyrings, environ: Mapping[str, str]) -> Finding:
    """Whether a token can be kept here, without a prompt. Writes nothing."""
    chosen = environ.get(_CHOICE)
    by_hand = f", chosen by {_CHOICE}" if chosen else ""
    try:
        opened = await keyrings.use(_unlocked)
    except KeyringUnavailable as error:
        return of_error("Keyring", error, Verdict.WARNING)
    if not opened.encrypted:
        words = f"Tokens are kept UNENCRYPTED in {opened.name}{by_hand}."
        return warning("Keyring", words, f"Unset {_CHOICE} to use the keyring of the system.")
    return ok("Keyring", f"{opened.name}{by_hand}")


def without_need(state: Finding) -> Finding:
    """The same of a keyring that is not needed now."""
    return replace(state, verdict=Verdict.NOTE) if state.verdict is Verdict.WARNING else state


def _unlocked(keyring: Keyring) -> Keyring:
    keyring.check_unlocked()
    return keyring


async def saved(vault: Vault) -> Finding:
    """Every saved account with its place."""
    listing = await vault.accounts()
    unasked = sum(isinstance(trouble, KeyringUnavailable) for trouble in listing.troubles)
    told = [f"{entry.account} ({_PLACES[entry.place]})" for entry in listing.saved]
    told += ["the keyring could not be asked"] if unasked else []
    return (note if unasked else ok)("Saved", "; ".join(told) or "no account")


def bus(environ: Mapping[str, str]) -> Iterator[Finding]:
    """The session bus, by which the keyring of a Linux desktop is reached; nothing where there is none of the kind."""
    if sys.platform.startswith("linux"):
        yield _bus(environ)


def _bus(environ: Mapping[str, str]) -> Finding:
    named = environ.get("DBUS_SESSION_BUS_ADDRESS")
    if named:
        return ok("D-Bus", f"DBUS_SESSION_BUS_ADDRESS={named}")
    usual = Path(environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") / "bus"
    words = "DBUS_SESSION_BUS_ADDRESS is not set"
    if there.anything(usual):
        return note(
            "D-Bus", f"{words}; {usual} is there.", f"export DBUS_SESSION_BUS_ADDRESS=unix:path={usual}"
        )
    return note("D-Bus", f"{words}: no keyring of a desktop can be reached (usual over SSH and in cron).")


_PLACES: Mapping[Place, str] = {Place.KEYRING: "keyring", Place.FILE: "file, unencrypted"}
