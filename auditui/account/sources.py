"""Which account is used, and where its token comes from: the read order of auditui.

`--token-stdin`, `AUDITUI_TOKEN`, `token_command`, the keyring, the credentials file. Knows nothing of how the saved
ones are kept. A token is never combined with a site or an e-mail address that it was not given or saved for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditui.account.given import Given
from auditui.account.settings import Settings
from auditui.account.token_command import token_from
from auditui.account.vault import Loaded, Vault
from auditui.model.account import Account, Credential, email_of, token_of
from auditui.model.errors import KeyringUnavailable, SignInNeeded, UsageError
from auditui.model.site import Site


@dataclass(frozen=True, slots=True)
class Found:
    """The credential to use."""

    credential: Credential
    source: str
    """For the screen: `AUDITUI_TOKEN`, `keyring: Secret Service (login)` and so on."""
    notices: tuple[str, ...] = ()
    """The sources that come earlier and were passed over, with the reason; a sentence or more each."""


@dataclass(frozen=True, slots=True)
class _Asked:
    site: Site | None
    email: str | None

    @property
    def account(self) -> Account | None:
        return None if self.site is None or self.email is None else Account(self.site, self.email)


async def find(given: Given, environ: Mapping[str, str], settings: Settings, vault: Vault) -> Found:
    """The first credential in the read order. With site, e-mail and token given, the vault is not touched.

    Raises:
        UsageError: an option or a variable is not understood, or a token is given without its site or e-mail.
        SignInNeeded: nothing is given or saved, or `token_command` failed.
        CredentialFileRefused: the credentials file would be next, and may not be used.
    """
    asked = _asked(given, environ)
    if given.token_stdin is not None:
        return Found(_bound(asked, given.token_stdin, "--token-stdin"), "--token-stdin")
    notices: list[str] = []
    token = environ.get("AUDITUI_TOKEN", "")
    if token and not _contradicts(asked, environ):
        return Found(_bound(asked, token, "AUDITUI_TOKEN"), "AUDITUI_TOKEN")
    if token:
        notices.append(
            "AUDITUI_TOKEN was not used: it goes with AUDITUI_SITE and AUDITUI_EMAIL, not with the options."
        )
    if settings.token_command and asked.account is not None:
        secret = await token_from(settings.token_command, asked.account, environ)
        return Found(Credential(asked.account, secret), "token_command", tuple(notices))
    if settings.token_command:
        notices.append("token_command was not run: it needs a site and an e-mail address (--site, --email).")
    return await _saved(asked, vault, notices)


async def _saved(asked: _Asked, vault: Vault, notices: list[str]) -> Found:
    try:
        loaded = await _load(asked, vault)
    except KeyringUnavailable as error:
        raise _nothing(_unknown(asked), [*notices, _words(error)]) from error
    if loaded is None:
        raise _nothing(f"No {_what(asked)}.", notices)
    if loaded.passed_over is not None:
        notices = [*notices, _words(loaded.passed_over)]
    return Found(loaded.credential, loaded.source, tuple(notices))


async def _load(asked: _Asked, vault: Vault) -> Loaded | None:
    if asked.account is not None:
        return await vault.load(asked.account)
    return await vault.last_used(site=asked.site, email=asked.email)


def _words(error: KeyringUnavailable) -> str:
    return " ".join(filter(None, (error.happened, error.why)))


def _asked(given: Given, environ: Mapping[str, str]) -> _Asked:
    site = given.site if given.site is not None else environ.get("AUDITUI_SITE") or None
    email = given.email if given.email is not None else environ.get("AUDITUI_EMAIL") or None
    return _Asked(
        None if site is None else Site.parse(site),
        None if email is None else email_of(email),
    )


def _contradicts(asked: _Asked, environ: Mapping[str, str]) -> bool:
    """Whether the options name another site or e-mail than the variables that stand beside AUDITUI_TOKEN."""
    beside = _asked(Given(), environ)
    return beside.site not in (None, asked.site) or beside.email not in (None, asked.email)


def _bound(asked: _Asked, token: str, source: str) -> Credential:
    try:
        secret = token_of(token)
    except UsageError as error:
        raise UsageError(f"{source}: {error.happened}", remedy=error.remedy) from None
    if asked.account is not None:
        return Credential(asked.account, secret)
    missing = [
        *(["the site (--site or AUDITUI_SITE)"] if asked.site is None else []),
        *(["the e-mail address (--email or AUDITUI_EMAIL)"] if asked.email is None else []),
    ]
    happened = (
        f"{source} gives a token, but {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
    )
    if source == "AUDITUI_TOKEN" and len(missing) == 2:  # a variable set for all programs is no wrong use
        raise SignInNeeded(happened, remedy="Give them too, or unset AUDITUI_TOKEN to use a saved account.")
    raise UsageError(
        happened,
        why="A token is used for its own site and e-mail address only.",
        remedy="Give what is missing.",
    )


def _nothing(happened: str, notices: list[str]) -> SignInNeeded:
    return SignInNeeded(
        happened,
        why=" ".join(notices),
        remedy="Sign in with auditui, or give --site, --email and a token in AUDITUI_TOKEN.",
    )


def _unknown(asked: _Asked) -> str:
    """What is to be said where a place that may have it gave no answer."""
    return f"It is not known whether {'a' if asked.account else 'an'} {_what(asked)}."


def _what(asked: _Asked) -> str:
    if asked.account is not None:
        return f"token is saved for {asked.account}"
    which = asked.site if asked.site is not None else asked.email
    return "account is saved" if which is None else f"account is saved for {which}"
