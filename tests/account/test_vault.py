"""Saved accounts, over a keyring back end that is a file and the credentials file."""

from __future__ import annotations

import asyncio
import json
import traceback
from pathlib import Path

import pytest
from hypothesis import given, strategies

from auditui.account.entries import credential_from, index_from
from auditui.account.keyrings import Keyrings
from auditui.account.vault import Place, Saved, Vault
from auditui.model.account import Account
from auditui.model.errors import CredentialFileRefused, KeyringUnavailable
from auditui.model.secret import Secret
from auditui.model.site import Site
from tests.stand_ins import ChooseKeyring, FullKeyring, SlowKeyring

TOKEN = Secret("s3cr3t-t0ken")


def an_account(site: str = "acme", email: str = "ann@example.com") -> Account:
    return Account(Site.parse(site), email)


@pytest.fixture
def vault(chosen_keyring: Path) -> Vault:
    return Vault()


def kept_in(keyring: Path) -> dict[str, str]:
    entries: dict[str, str] = json.loads(keyring.read_text())
    return entries


def keep_in(keyring: Path, entries: dict[str, str]) -> None:
    keyring.write_text(json.dumps(entries))


async def listed(vault: Vault) -> list[str]:
    return [f"{saved.account} ({saved.place.value})" for saved in (await vault.accounts()).saved]


class TestKeyring:
    async def test_it_says_where_the_token_is(self, vault: Vault) -> None:
        words = await vault.save(an_account(), TOKEN, Place.KEYRING)
        assert words == "Saved UNENCRYPTED in: plain_keyring.PlaintextKeyring."

    async def test_one_entry_an_account_and_one_index_without_tokens(
        self, vault: Vault, chosen_keyring: Path
    ) -> None:
        await vault.save(an_account(), TOKEN, Place.KEYRING)
        entries = kept_in(chosen_keyring)
        assert set(entries) == {"auditui/https://acme.atlassian.net|ann@example.com", "auditui/accounts"}
        assert TOKEN.reveal() not in entries["auditui/accounts"]

    async def test_one_that_did_not_answer_is_not_offered_until_it_has(
        self, choose_keyring: ChooseKeyring
    ) -> None:
        choose_keyring(SlowKeyring)
        vault = Vault(Keyrings(0.2))
        with SlowKeyring.shut() as opened:
            with pytest.raises(KeyringUnavailable):
                await vault.load(an_account())
            report = await vault.detect()
            assert not report.usable
            assert report.words.startswith("Your keyring did not answer within 0.2 seconds.")
            opened.set()
            assert await vault.load(an_account()) is None
            assert (await vault.detect()).usable

    async def test_the_account_used_last_comes_first(self, vault: Vault) -> None:
        for site in ("one", "two", "three"):
            await vault.save(an_account(site), TOKEN, Place.KEYRING)
        await vault.mark_used(Saved(an_account("two"), Place.KEYRING))
        assert [name.split()[2] for name in await listed(vault)] == [
            "two.atlassian.net",
            "three.atlassian.net",
            "one.atlassian.net",
        ]
        newest = await vault.last_used()
        assert newest is not None
        assert newest.credential.account == an_account("two")

    async def test_the_last_used_account_of_a_site_or_an_address(self, vault: Vault) -> None:
        await vault.save(an_account("acme", "ann@example.com"), TOKEN, Place.KEYRING)
        await vault.save(an_account("acme", "bob@example.com"), TOKEN, Place.KEYRING)
        await vault.save(an_account("other", "eve@example.com"), TOKEN, Place.KEYRING)
        of_site = await vault.last_used(site=Site.parse("acme"))
        of_email = await vault.last_used(email="ann@example.com")
        assert of_site is not None
        assert of_site.credential.account.email == "bob@example.com"
        assert of_email is not None
        assert of_email.credential.account == an_account()
        assert await vault.last_used(site=Site.parse("nobody")) is None

    async def test_a_token_is_not_found_for_another_site(self, vault: Vault) -> None:
        await vault.save(an_account(), TOKEN, Place.KEYRING)
        assert await vault.load(an_account("evil")) is None
        assert await vault.load(an_account(email="eve@example.com")) is None

    async def test_an_entry_moved_under_another_name_is_not_used(
        self, vault: Vault, chosen_keyring: Path
    ) -> None:
        await vault.save(an_account(), TOKEN, Place.KEYRING)
        entries = kept_in(chosen_keyring)
        keep_in(chosen_keyring, {f"auditui/{an_account('evil').key}": entries[f"auditui/{an_account().key}"]})
        assert await vault.load(an_account("evil")) is None

    async def test_a_damaged_index_costs_the_list_and_no_token(
        self, vault: Vault, chosen_keyring: Path
    ) -> None:
        await vault.save(an_account(), TOKEN, Place.KEYRING)
        entries = kept_in(chosen_keyring)
        keep_in(chosen_keyring, {**entries, "auditui/accounts": "{]"})
        assert await listed(vault) == []
        loaded = await vault.load(an_account())
        assert loaded is not None
        assert loaded.credential.token == TOKEN
        await vault.mark_used(Saved(an_account(), Place.KEYRING))
        assert await listed(vault) == ["ann@example.com at acme.atlassian.net (keyring)"]

    async def test_an_index_entry_without_its_token_is_passed_over(
        self, vault: Vault, chosen_keyring: Path
    ) -> None:
        await vault.save(an_account("kept"), TOKEN, Place.KEYRING)
        await vault.save(an_account("lost"), TOKEN, Place.KEYRING)
        entries = kept_in(chosen_keyring)
        del entries[f"auditui/{an_account('lost').key}"]
        keep_in(chosen_keyring, entries)
        loaded = await vault.last_used()
        assert loaded is not None
        assert loaded.credential.account == an_account("kept")

    async def test_another_process_listing_an_account_meanwhile_is_kept(self, vault: Vault) -> None:
        other = Vault()
        await vault.save(an_account("one"), TOKEN, Place.KEYRING)
        await other.save(an_account("two"), TOKEN, Place.KEYRING)
        await vault.save(an_account("three"), TOKEN, Place.KEYRING)
        assert len(await listed(other)) == 3

    async def test_what_a_failing_back_end_says_is_not_passed_on(self, choose_keyring: ChooseKeyring) -> None:
        choose_keyring(FullKeyring)
        with pytest.raises(KeyringUnavailable) as raised:
            await Vault().save(an_account(), TOKEN, Place.KEYRING)
        assert raised.value.sentences().startswith("Your keyring failed. It answered with builtins.OSError.")
        assert TOKEN.reveal() not in "".join(traceback.format_exception(raised.value))

    async def test_the_report_calls_plain_text_by_its_name(self, vault: Vault) -> None:
        report = await vault.detect()
        assert report.usable
        assert not report.encrypted
        assert report.words == "Tokens are kept UNENCRYPTED in plain_keyring.PlaintextKeyring."


class TestFile:
    """Without a keyring: the file's place in the read order."""

    async def test_it_says_that_it_is_unencrypted_and_how_to_delete_it(self, home: Path) -> None:
        words = await Vault().save(an_account(), TOKEN, Place.FILE)
        path = home / "config" / "auditui" / "credentials"
        assert words == (
            f"Token stored UNENCRYPTED in {path} (only your user can read it). "
            "Run 'auditui auth logout' to delete it."
        )
        loaded = await Vault().load(an_account())
        assert loaded is not None
        assert loaded.source == f"file: {path} (unencrypted)"
        assert loaded.credential.token == TOKEN
        assert loaded.passed_over is not None
        assert "No keyring is available here" in loaded.passed_over.happened

    async def test_the_account_used_last_comes_first(self) -> None:
        vault = Vault()
        await vault.save(an_account("one"), TOKEN, Place.FILE)
        await vault.save(an_account("two"), TOKEN, Place.FILE)
        await vault.mark_used(Saved(an_account("one"), Place.FILE))
        assert await listed(vault) == [
            "ann@example.com at one.atlassian.net (file)",
            "ann@example.com at two.atlassian.net (file)",
        ]

    async def test_the_listing_tells_what_gave_no_answer(self, home: Path) -> None:
        vault = Vault()
        await vault.save(an_account(), TOKEN, Place.FILE)
        vault.file.path.chmod(0o644)
        listing = await vault.accounts()
        assert listing.saved == ()
        assert [type(trouble) for trouble in listing.troubles] == [KeyringUnavailable, CredentialFileRefused]

    async def test_nothing_is_kept_for_one_session(self, home: Path) -> None:
        words = await Vault().save(an_account(), TOKEN, Place.SESSION)
        assert words == "Your token will be used for this session only."
        assert not (home / "config").exists()


class TestBothPlaces:
    async def test_a_token_moved_into_the_keyring_leaves_the_file(self, vault: Vault) -> None:
        await vault.save(an_account("stays"), TOKEN, Place.FILE)
        await vault.save(an_account(), Secret("old"), Place.FILE)
        await vault.save(an_account(), TOKEN, Place.KEYRING)
        assert await listed(vault) == [
            "ann@example.com at acme.atlassian.net (keyring)",
            "ann@example.com at stays.atlassian.net (file)",
        ]

    async def test_a_token_saved_in_the_file_is_not_hidden_by_an_older_one(self, vault: Vault) -> None:
        await vault.save(an_account(), Secret("old"), Place.KEYRING)
        await vault.save(an_account(), TOKEN, Place.FILE)
        loaded = await vault.load(an_account())
        assert loaded is not None
        assert loaded.credential.token == TOKEN

    async def test_forgetting_clears_every_place(self, vault: Vault, chosen_keyring: Path) -> None:
        await vault.save(an_account(), TOKEN, Place.KEYRING)
        await asyncio.to_thread(vault.file.path.parent.mkdir, parents=True)
        written = json.dumps([{"site": "acme", "email": "ann@example.com", "token": TOKEN.reveal()}])
        vault.file.path.write_text(written)
        vault.file.path.chmod(0o600)
        forgotten = await vault.forget(an_account())
        assert forgotten.places == (Place.KEYRING, Place.FILE)
        assert forgotten.troubles == ()
        assert await vault.load(an_account()) is None
        assert not vault.file.path.exists()
        assert kept_in(chosen_keyring) == {}

    async def test_forgetting_without_a_keyring_still_clears_the_file_and_tells(self, home: Path) -> None:
        vault = Vault()
        await vault.save(an_account(), TOKEN, Place.FILE)
        forgotten = await vault.forget(an_account())
        assert forgotten.places == (Place.FILE,)
        assert [type(trouble) for trouble in forgotten.troubles] == [KeyringUnavailable]


@given(
    strategies.text()
    | strategies.recursive(
        strategies.none() | strategies.integers() | strategies.text(),
        lambda inner: (
            strategies.lists(inner)
            | strategies.dictionaries(strategies.sampled_from(["accounts", "site", "email", "token"]), inner)
        ),
    ).map(json.dumps)
)
def test_whatever_stands_in_an_entry_is_read_or_passed_over(text: str) -> None:
    index_from(text)
    assert credential_from(text, an_account()) is None


@given(strategies.text(max_size=20))
def test_accounts_of_a_partly_damaged_index_survive(site: str) -> None:
    good = {"site": "https://acme.atlassian.net", "email": "ann@example.com"}
    assert an_account() in index_from(json.dumps({"accounts": [{"site": site, "email": "x"}, 7, good, good]}))
