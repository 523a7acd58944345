"""The saved accounts: in the keyring, or with the user's consent in the credentials file.

Knows how accounts and tokens are laid out in both, and in which order they are asked: the keyring first. Knows nothing
of options, the environment or screens.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from auditui.account.entries import credential_from, credential_text, index_from, index_text, with_first
from auditui.account.folder import config_folder
from auditui.account.keyrings import Keyring, KeyringReport, Keyrings
from auditui.account.token_file import TokenFile
from auditui.model.account import Account, Credential
from auditui.model.errors import AudituiError, CredentialFileRefused, KeyringUnavailable
from auditui.model.secret import Secret
from auditui.model.site import Site

_INDEX = "accounts"
"""The keyring's user name of the entry that lists the accounts."""


class Place(Enum):
    """Where a token is kept."""

    KEYRING = "keyring"
    FILE = "file"
    SESSION = "session"
    """Nowhere: it is used until auditui ends."""


@dataclass(frozen=True, slots=True)
class Saved:
    """An account whose token is kept, and where."""

    account: Account
    place: Place


@dataclass(frozen=True, slots=True)
class Listing:
    """The saved accounts, as far as the places could be asked."""

    saved: tuple[Saved, ...]
    """Those of the keyring first; in each place the last used first."""
    troubles: tuple[AudituiError, ...]
    """The places that gave no answer."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A saved credential."""

    credential: Credential
    source: str
    """For the screen: `keyring: Secret Service (login)`, or the file's name."""
    passed_over: KeyringUnavailable | None = None
    """Why the keyring was not used, where the token comes from the file."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting an account came to."""

    places: tuple[Place, ...]
    """Where a token was, and is no more."""
    troubles: tuple[AudituiError, ...]
    """The places that gave no answer; a token may still be there."""


class Vault:
    """The saved accounts of this user. Nothing is opened before the first call."""

    def __init__(self, keyrings: Keyrings | None = None, file: TokenFile | None = None) -> None:
        self._keyrings = keyrings or Keyrings()
        self.file = file or TokenFile(config_folder() / "credentials")
        self._index_lock = threading.Lock()

    async def accounts(self) -> Listing:
        """Every saved account with its place."""
        saved: list[Saved] = []
        troubles: list[AudituiError] = []
        try:
            listed = await self._keyrings.use(_listed)
            saved += [Saved(account, Place.KEYRING) for account in listed]
        except KeyringUnavailable as error:
            troubles.append(error)
        try:
            kept = await asyncio.to_thread(self.file.read)
            saved += [Saved(credential.account, Place.FILE) for credential in kept]
        except CredentialFileRefused as error:
            troubles.append(error)
        return Listing(tuple(saved), tuple(troubles))

    async def load(self, account: Account) -> Loaded | None:
        """The token of this account, None where it is not saved.

        Raises:
            KeyringUnavailable: the keyring gave no answer and the file does not have it.
            CredentialFileRefused: the keyring does not have it and the file may not be used.
        """
        return await self._find(lambda _: (account,), lambda other: other == account)

    async def last_used(self, *, site: Site | None = None, email: str | None = None) -> Loaded | None:
        """The last used account with its token: of this site and this e-mail address, where they are given.

        Raises:
            KeyringUnavailable, CredentialFileRefused: as for `load`.
        """

        def wanted(account: Account) -> bool:
            return site in (None, account.site) and email in (None, account.email)

        return await self._find(lambda keyring: filter(wanted, _listed(keyring)), wanted)

    async def save(self, account: Account, token: Secret, place: Place) -> str:
        """Keep the token in this place and in no other; the answer is a sentence that says where it is.

        Raises:
            KeyringUnavailable: the keyring did not take it; nothing else was tried.
            CredentialFileRefused: the file may not be used, or the disk did not take it.
        """
        credential = Credential(account, token)
        if place is Place.KEYRING:
            return await self._save_in_keyring(credential)
        if place is Place.FILE:
            return await self._save_in_file(credential)
        return "Your token will be used for this session only."

    async def forget(self, account: Account) -> Forgotten:
        """Remove the account's token from every place, and the account from the index."""
        places: list[Place] = []
        troubles: list[AudituiError] = []
        try:
            if await self._keyrings.use(lambda keyring: self._remove(keyring, account)):
                places.append(Place.KEYRING)
        except KeyringUnavailable as error:
            troubles.append(error)
        try:
            if await asyncio.to_thread(self.file.drop, account):
                places.append(Place.FILE)
        except CredentialFileRefused as error:
            troubles.append(error)
        return Forgotten(tuple(places), tuple(troubles))

    async def mark_used(self, saved: Saved) -> None:
        """Put the account at the front of its place.

        Raises:
            KeyringUnavailable, CredentialFileRefused: the place gave no answer.
        """
        if saved.place is Place.KEYRING:
            await self._keyrings.use(lambda keyring: self._list_first(keyring, saved.account))
        elif saved.place is Place.FILE:
            await asyncio.to_thread(self.file.move_first, saved.account)

    async def detect(self) -> KeyringReport:
        """Whether the keyring could keep a token here. Raises no prompt and writes nothing."""
        return await self._keyrings.report()

    async def _find(
        self, candidates: Callable[[Keyring], Iterable[Account]], wanted: Callable[[Account], bool]
    ) -> Loaded | None:
        passed_over = None
        try:
            loaded = await self._keyrings.use(lambda keyring: _first_kept(keyring, candidates(keyring)))
            if loaded is not None:
                return loaded
        except KeyringUnavailable as error:
            passed_over = error
        for credential in await asyncio.to_thread(self.file.read):
            if wanted(credential.account):
                return Loaded(credential, f"file: {self.file.path} (unencrypted)", passed_over)
        if passed_over is not None:
            raise passed_over
        return None

    async def _save_in_keyring(self, credential: Credential) -> str:
        def job(keyring: Keyring) -> str:
            keyring.write(credential.account.key, Secret(credential_text(credential)))
            self._list_first(keyring, credential.account)
            return (
                f"Saved in: {keyring.name}."
                if keyring.encrypted
                else f"Saved UNENCRYPTED in: {keyring.name}."
            )

        words = await self._keyrings.use(job)
        try:
            await asyncio.to_thread(self._remove_older_from_file, credential.account)
        except CredentialFileRefused as error:
            return f"{words} {error.sentences()}"
        return words

    async def _save_in_file(self, credential: Credential) -> str:
        await asyncio.to_thread(self.file.put, credential)
        await self._remove_older_from_keyring(credential.account)
        return (
            f"Token stored UNENCRYPTED in {self.file.path} (only your user can read it). "
            "Run 'auditui auth logout' to delete it."
        )

    def _remove_older_from_file(self, account: Account) -> None:
        if any(credential.account == account for credential in self.file.read()):
            self.file.drop(account)

    async def _remove_older_from_keyring(self, account: Account) -> None:
        def job(keyring: Keyring) -> None:
            keyring.check_unlocked()
            self._remove(keyring, account)

        try:
            await self._keyrings.use(job)
        except KeyringUnavailable:
            # the usual reason for a file: there is no keyring that could come before it
            return

    def _list_first(self, keyring: Keyring, account: Account) -> None:
        with self._index_lock:
            listed = _listed(keyring)
            if listed[:1] != (account,):
                keyring.write(_INDEX, Secret(index_text(with_first(listed, account))))

    def _remove(self, keyring: Keyring, account: Account) -> bool:
        removed = keyring.delete(account.key)
        with self._index_lock:
            listed = _listed(keyring)
            rest = tuple(other for other in listed if other != account)
            if listed and not rest:
                keyring.delete(_INDEX)
            elif rest != listed:
                keyring.write(_INDEX, Secret(index_text(rest)))
        return removed


def _listed(keyring: Keyring) -> tuple[Account, ...]:
    text = keyring.read(_INDEX)
    return () if text is None else index_from(text.reveal())


def _first_kept(keyring: Keyring, accounts: Iterable[Account]) -> Loaded | None:
    for account in accounts:
        text = keyring.read(account.key)
        credential = None if text is None else credential_from(text.reveal(), account)
        if credential is not None:
            return Loaded(credential, f"keyring: {keyring.name}")
    return None
