"""The keyring of the operating system, and nothing else. Knows nothing of accounts or of what the entries mean.

Every call, also importing `keyring` and choosing its back end, runs in a daemon thread with a limit, because any of
them can block for ever: on a service that does not answer, or on a prompt that is a window on another screen.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from auditui.account.daemon import daemon_call
from auditui.account.secret_service import DefaultCollection, default_collection
from auditui.model.errors import KeyringUnavailable
from auditui.model.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

_REPLACED_AT_MOST = 3
"""Times that an entry is looked up again which another run, or another saving of ours, has replaced meanwhile."""

SERVICE = "auditui"
"""The service name of every entry."""

LIMIT = 3.0
"""Seconds that a keyring gets for one job."""

_VARIABLE = "PYTHON_KEYRING_BACKEND"
_SECRET_SERVICE = "keyring.backends.SecretService"  # noqa: S105 - a module's name
_NAMES = {
    _SECRET_SERVICE: "Secret Service",
    "keyring.backends.libsecret": "Secret Service (libsecret)",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}


@dataclass(frozen=True, slots=True)
class KeyringReport:
    """What a keyring on this machine is good for, for the sign-in screen and `auth status`."""

    usable: bool
    """A token can be kept here and now, without a prompt as far as can be told."""
    name: str
    """`Secret Service (login)`, or the back end's full name where it was chosen by hand; empty where there is none."""
    words: str
    """One or more sentences for the screen."""
    encrypted: bool
    """False for a back end that is known to write plain text."""


class Keyring:
    """An opened back end. Its calls block; jobs use it inside the thread that `Keyrings.use` gives them."""

    __slots__ = ("_backend", "encrypted", "name")

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend
        self.name = _name(backend)
        self.encrypted = "plaintext" not in type(backend).__name__.lower()

    def read(self, user: str) -> Secret | None:
        """The text kept for `user`, None where there is none.

        Raises:
            KeyringUnavailable: it is locked or failed.
        """
        text = _asked(lambda: self._backend.get_password(SERVICE, user))
        return None if text is None else Secret(text)

    def write(self, user: str, text: Secret) -> None:
        """Keep a text for `user` and read it back: some back ends take a text and keep nothing.

        Raises:
            KeyringUnavailable: it is locked, failed, or did not keep the text.
        """
        _asked(lambda: self._backend.set_password(SERVICE, user, text.reveal()))
        if self.read(user) != text:
            raise KeyringUnavailable(
                "The token was not saved.",
                why=f"{self.name} took it and did not give it back.",
                remedy=_OTHER_WAYS,
            )

    def delete(self, user: str) -> bool:
        """Remove what is kept for `user`; whether there was anything.

        Raises:
            KeyringUnavailable: it is locked, failed, or still holds the text.
        """
        if self.read(user) is None:
            return False
        _asked(lambda: self._backend.delete_password(SERVICE, user))
        if self.read(user) is not None:
            raise KeyringUnavailable(f"{self.name} did not delete the entry.")
        return True

    def check_unlocked(self) -> None:
        """Ask whether the keyring can be used without a prompt, where it can tell.

        Raises:
            KeyringUnavailable: it is locked, or keeps nothing at all.
        """
        if type(self._backend).__module__ == "keyring.backends.null":
            raise KeyringUnavailable(f"{self.name} keeps nothing.", remedy=_OTHER_WAYS)
        if type(self._backend).__module__ == _SECRET_SERVICE and _collection(self._backend).locked:
            raise _locked()


class Keyrings:
    """The way to the keyring from the event loop. Nothing is imported or opened before the first use."""

    def __init__(self, seconds: float = LIMIT) -> None:
        self._seconds = seconds
        self._backend: KeyringBackend | None = None
        self._silent = False

    async def use(self, job: Callable[[Keyring], T]) -> T:
        """Run `job` with the keyring in a daemon thread.

        A job that was given up may still finish later, when somebody answers its prompt; so what belongs together
        (an entry and the index) is one job.

        Raises:
            KeyringUnavailable: there is no keyring, it is locked, failed, or did not finish within the limit.
        """
        try:
            return await daemon_call(lambda: self._done(job), self._seconds)
        except TimeoutError:
            self._silent = True
            raise self._no_answer() from None

    async def report(self) -> KeyringReport:
        """Whether a token can be kept here. Raises no prompt and writes nothing.

        One that has left the last job without an answer is not asked again until that has come.
        """
        try:
            if self._silent:
                raise self._no_answer()
            return await self.use(_report)
        except KeyringUnavailable as error:
            return KeyringReport(usable=False, name="", words=error.sentences(), encrypted=False)

    def _done(self, job: Callable[[Keyring], T]) -> T:
        """Do a job in its thread, and note that it came to an end, if only when nobody waits for it any more."""
        try:
            return job(self._open())
        finally:
            self._silent = False

    def _no_answer(self) -> KeyringUnavailable:
        return KeyringUnavailable(
            f"Your keyring did not answer within {self._seconds:g} seconds.",
            why="It may be showing a password prompt on another screen.",
            remedy=_OTHER_WAYS,
        )

    def _open(self) -> Keyring:
        if self._backend is None:
            self._backend = _choose()
        return Keyring(self._backend)


def _report(keyring: Keyring) -> KeyringReport:
    keyring.check_unlocked()
    words = f"Tokens are kept in {keyring.name}."
    if not keyring.encrypted:
        words = f"Tokens are kept UNENCRYPTED in {keyring.name}."
    return KeyringReport(usable=True, name=keyring.name, words=words, encrypted=keyring.encrypted)


def _choose() -> KeyringBackend:
    """The back end: what PYTHON_KEYRING_BACKEND names, else the best of the allow-list.

    Left alone, `keyring` would take any that is installed: one that writes plain text, or one that asks for a
    password on the terminal.
    """
    # without a handler, what keyring logs about plug-ins would be written over the screen
    logging.getLogger("keyring").addHandler(logging.NullHandler())
    try:
        import keyring.core

        keyring.core.init_backend(limit=lambda backend: type(backend).__module__ in _NAMES)
        backend = keyring.core.get_keyring()
    except Exception as error:  # the variable and keyring's plug-ins may run and raise anything
        raise _not_loaded(error) from error
    if type(backend).__module__ == "keyring.backends.fail":
        raise KeyringUnavailable("No keyring is available here (usual over SSH).", remedy=_OTHER_WAYS)
    return backend


def _name(backend: KeyringBackend) -> str:
    module = type(backend).__module__
    if module == _SECRET_SERVICE:
        return f"Secret Service ({_collection(backend).label})"
    return _NAMES.get(module, f"{module}.{type(backend).__qualname__}")


def _collection(backend: KeyringBackend) -> DefaultCollection:
    # keyring sets this attribute from KEYRING_PROPERTY_PREFERRED_COLLECTION
    collection = _asked(lambda: default_collection(getattr(backend, "preferred_collection", None)))
    if collection is None:
        raise _locked(why="It was never set up.")
    return collection


def _asked(call: Callable[[], T]) -> T:
    """The answer of a keyring, with everything that back ends raise as KeyringUnavailable.

    No text of a foreign exception is passed on, as it might hold the token; its class has to do.
    """
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    try:
        return _although_replaced(call)
    except NoKeyringError:
        raise KeyringUnavailable(
            "No keyring is available here (usual over SSH).", remedy=_OTHER_WAYS
        ) from None
    except (InitError, KeyringLocked):
        raise _locked() from None
    except Exception as error:  # noqa: BLE001 - back ends raise errors of D-Bus, GLib, ctypes and others as they come
        raise KeyringUnavailable(
            "Your keyring failed.",
            why=f"It answered with {type(error).__module__}.{type(error).__qualname__}.",
            remedy=_OTHER_WAYS,
        ) from None


def _although_replaced(call: Callable[[], T]) -> T:
    """A Secret Service replaces an entry by removing it: whoever looked it up just before finds nothing to read."""
    for _ in range(_REPLACED_AT_MOST):
        try:
            return call()
        except Exception as error:  # the class is of a package that is not there on every system
            if type(error).__name__ != "ItemNotFoundException":
                raise
    return call()


def _locked(why: str = "") -> KeyringUnavailable:
    return KeyringUnavailable(
        "Your keyring is locked and cannot be unlocked from this terminal.", why=why, remedy=_OTHER_WAYS
    )


def _not_loaded(error: Exception) -> KeyringUnavailable:
    chosen = os.environ.get(_VARIABLE)
    if chosen is None:
        return KeyringUnavailable(
            "No keyring could be opened.", why=f"Choosing one failed: {error}.", remedy=_OTHER_WAYS
        )
    return KeyringUnavailable(
        f"{_VARIABLE} names “{chosen}”, which cannot be used here.",
        why=f"{type(error).__name__}: {error}.",
        remedy=f"Correct or unset {_VARIABLE}.",
    )


_OTHER_WAYS = "To keep the token: set AUDITUI_TOKEN, use token_command, or save it unencrypted."
