"""Keyring back ends that stand in for the machine's own, each kept in a dictionary for one test.

The fixture `choose_keyring` makes one of them the keyring; auditui then calls it by its full name.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """A keyring that works."""

    priority = 1
    entries: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("nothing there")


class FullKeyring(MemoryKeyring):
    """It can be read, and takes nothing; it says so by what no keyring error is, with the token in its text."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError(f"no room for {password}")


class SlowKeyring(MemoryKeyring):
    """Lets whoever opens or reads it wait while it is shut."""

    _opened: ClassVar[threading.Event] = threading.Event()
    _opened.set()  # keyring makes one of every class it knows, in other tests too: only ours have it wait

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._opened.wait(20)

    def get_password(self, service: str, username: str) -> str | None:
        self._opened.wait(20)
        return super().get_password(service, username)

    @classmethod
    @contextmanager
    def shut(cls) -> Iterator[threading.Event]:
        """Shut until the event is set, and no longer than the block."""
        cls._opened.clear()
        try:
            yield cls._opened
        finally:
            cls._opened.set()


ChooseKeyring = Callable[[type[MemoryKeyring]], None]


class SilentKeyring(MemoryKeyring):
    """Never answers, as one that waits for a password on a screen that nobody sees; for a process of its own."""

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(60)
        return None

    set_password = delete_password = get_password  # type: ignore[assignment]

    @classmethod
    def environ(cls) -> dict[str, str]:
        """Variables by which a process has it as its keyring."""
        return {
            "PYTHON_KEYRING_BACKEND": f"{cls.__module__}.{cls.__name__}",
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }
