"""`auditui auth status` and `auditui auth logout`, over a keyring that is a dictionary and a temporary home."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from auditui.account.given import Given
from auditui.account.vault import Place, Vault
from auditui.commands.auth import logout, status
from auditui.model.account import Account
from auditui.model.errors import UsageError
from auditui.model.secret import Secret
from auditui.model.site import Site
from tests.stand_ins import MemoryKeyring

pytestmark = pytest.mark.usefixtures("home")

TOKEN = "s3cr3t-t0ken"
ANN = Account(Site.parse("acme"), "ann@example.com")
BOB = Account(Site.parse("acme"), "bob@example.com")
EVE = Account(Site.parse("other"), "eve@example.com")
BESIDE = {"AUDITUI_SITE": "acme", "AUDITUI_EMAIL": "ann@example.com", "AUDITUI_TOKEN": TOKEN}


async def save(*accounts: Account, place: Place = Place.KEYRING) -> None:
    for account in accounts:
        await Vault().save(account, Secret(TOKEN), place)


async def emails() -> list[str]:
    return sorted(saved.account.email for saved in (await Vault().accounts()).saved)


class Printed(list[str]):
    """The lines that were printed."""

    def __call__(self, line: str) -> None:
        self.append(line)


class TestStatus:
    async def test_the_saved_account(self, keyring: type[MemoryKeyring]) -> None:
        await save(ANN)
        printed = Printed()
        assert await status(Given(), {}, printed) == 0
        assert printed == [
            "Used now: ann@example.com at acme.atlassian.net, from keyring: tests.stand_ins.MemoryKeyring",
            "Saved:",
            "  ann@example.com at acme.atlassian.net, in keyring",
            "Keyring: Tokens are kept in tests.stand_ins.MemoryKeyring.",
        ]

    async def test_the_environment_comes_first(self, keyring: type[MemoryKeyring]) -> None:
        await save(EVE)
        printed = Printed()
        assert await status(Given(), BESIDE, printed) == 0
        assert printed[0] == "Used now: ann@example.com at acme.atlassian.net, from AUDITUI_TOKEN"
        assert "  eve@example.com at other.atlassian.net, in keyring" in printed

    async def test_the_token_command_is_asked(self, home: Path) -> None:
        (home / "config" / "auditui").mkdir(parents=True)
        command = f'token_command = ["{sys.executable}", "-c", "print(\'{TOKEN}\')"]'
        (home / "config" / "auditui" / "settings.toml").write_text(command)
        printed = Printed()
        assert await status(Given("acme", "ann@example.com"), dict(os.environ), printed) == 0
        assert printed[0] == "Used now: ann@example.com at acme.atlassian.net, from token_command"

    async def test_nothing_at_all(self) -> None:
        printed = Printed()
        assert await status(Given(), {}, printed) == 4
        assert printed[0].startswith("Used now: nothing. It is not known whether an account is saved.")
        assert printed[1] == "Saved: no account that could be listed."
        assert printed[-1].startswith("Keyring: No keyring is available here (usual over SSH).")

    async def test_a_file_that_others_can_read(self) -> None:
        await save(ANN, place=Place.FILE)
        Vault().file.path.chmod(0o644)
        printed = Printed()
        assert await status(Given(), {}, printed) == 4
        assert "is open to other users (mode 0644)" in printed[0]

    async def test_a_site_that_is_none(self) -> None:
        printed = Printed()
        assert await status(Given("a b"), {}, printed) == 2
        assert printed[0].startswith("Used now: nothing can be. “a b” is not the address of a site.")

    async def test_no_token_and_nothing_that_a_terminal_obeys(
        self, keyring: type[MemoryKeyring], home: Path
    ) -> None:
        await save(ANN)
        await save(BOB, place=Place.FILE)
        printed = Printed()
        await status(Given("a\x1b[2Jb"), BESIDE, printed)
        text = "\n".join(printed)
        assert "‹ESC›[2J" in text
        assert "\x1b" not in text
        assert TOKEN not in text
        assert (
            f"  bob@example.com at acme.atlassian.net, in {home}/config/auditui/credentials (unencrypted)"
            in text
        )


class TestLogout:
    async def test_the_only_account(self, keyring: type[MemoryKeyring]) -> None:
        await save(ANN)
        printed = Printed()
        assert await logout(Given(), printed) == 0
        assert printed == ["ann@example.com at acme.atlassian.net: removed from the keyring."]
        assert keyring.entries == {}

    async def test_of_several_it_asks_which_and_removes_none(self, keyring: type[MemoryKeyring]) -> None:
        await save(ANN, BOB)
        printed = Printed()
        assert await logout(Given(), printed) == 2
        assert printed[0] == "Which account? Name it by --site and --email, or take --all:"
        assert "  ann@example.com at acme.atlassian.net, in keyring" in printed
        assert await emails() == ["ann@example.com", "bob@example.com"]

    async def test_an_option_that_leaves_one(self, keyring: type[MemoryKeyring]) -> None:
        await save(ANN, BOB, EVE)
        assert await logout(Given(site="other"), Printed()) == 0
        assert await logout(Given(email="bob@example.com"), Printed()) == 0
        assert await emails() == ["ann@example.com"]

    async def test_an_option_that_leaves_several(self, keyring: type[MemoryKeyring]) -> None:
        await save(ANN, BOB, EVE)
        assert await logout(Given(site="acme"), Printed()) == 2
        assert len(await emails()) == 3

    async def test_all(self, keyring: type[MemoryKeyring]) -> None:
        await save(ANN, BOB)
        await save(EVE, place=Place.FILE)
        printed = Printed()
        assert await logout(Given(), printed, everything=True) == 0
        assert len(printed) == 3
        assert await emails() == []
        assert keyring.entries == {}

    async def test_one_that_the_index_has_lost(self, keyring: type[MemoryKeyring]) -> None:
        await save(ANN)
        del keyring.entries["auditui", "accounts"]
        printed = Printed()
        assert await logout(Given("acme", "ann@example.com"), printed) == 0
        assert printed == ["ann@example.com at acme.atlassian.net: removed from the keyring."]
        assert keyring.entries == {}

    async def test_without_a_keyring_the_file_is_cleared_and_the_rest_told(self) -> None:
        await save(ANN, place=Place.FILE)
        printed = Printed()
        path = Vault().file.path
        assert await logout(Given(), printed) == 0
        assert printed == [
            f"ann@example.com at acme.atlassian.net: removed from {path}.",
            "  not asked: No keyring is available here (usual over SSH).",
        ]
        assert not path.exists()

    async def test_nothing_saved(self, keyring: type[MemoryKeyring]) -> None:
        printed = Printed()
        assert await logout(Given(), printed) == 0
        assert printed == ["No account is saved."]

    async def test_nothing_found_where_a_place_gave_no_answer(self) -> None:
        printed = Printed()
        assert await logout(Given(), printed) == 1
        assert printed == [
            "Nothing was removed. A token may still be where nobody answered:",
            "  not asked: No keyring is available here (usual over SSH).",
        ]

    async def test_the_account_that_is_named_where_a_place_gave_no_answer(self) -> None:
        printed = Printed()
        assert await logout(Given("acme", "ann@example.com"), printed) == 1
        assert printed == [
            "ann@example.com at acme.atlassian.net: nothing was removed. A token may still be where nobody answered:",
            "  not asked: No keyring is available here (usual over SSH).",
        ]

    async def test_a_site_that_is_none(self) -> None:
        with pytest.raises(UsageError):
            await logout(Given("a b"), Printed())
