"""Which account is used: every source in its turn, and no token for anybody else's site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from auditui.account.given import Given
from auditui.account.settings import Settings
from auditui.account.sources import Found, find
from auditui.account.vault import Place, Vault
from auditui.model.account import Account
from auditui.model.errors import CredentialFileRefused, SignInNeeded, UsageError
from auditui.model.secret import Secret
from auditui.model.site import Site

ENVIRON = {"AUDITUI_SITE": "acme", "AUDITUI_EMAIL": "ann@example.com", "AUDITUI_TOKEN": "from-variable"}
COMMAND = Settings(token_command=("printf", "from-command"))


def an_account(site: str = "acme", email: str = "ann@example.com") -> Account:
    return Account(Site.parse(site), email)


def delete(path: Path) -> None:
    path.unlink()


async def found(
    given: Given | None = None, environ: dict[str, str] | None = None, settings: Settings | None = None
) -> Found:
    return await find(given or Given(), environ or {}, settings or Settings(), Vault())


def summary(result: Found) -> tuple[str, str, str]:
    return result.source, str(result.credential.account), result.credential.token.reveal()


class TestReadOrder:
    """One source after the other is taken away."""

    @pytest.fixture(autouse=True)
    async def everything_is_there(self, chosen_keyring: Path) -> None:
        vault = Vault()
        await vault.save(an_account(), Secret("from-file"), Place.FILE)
        content = vault.file.path.read_bytes()
        await vault.save(an_account(), Secret("from-keyring"), Place.KEYRING)
        vault.file.path.touch(mode=0o600)
        vault.file.path.write_bytes(content)

    async def test_standard_input(self) -> None:
        result = await found(Given(token_stdin="from-stdin\n"), ENVIRON, COMMAND)
        assert summary(result) == ("--token-stdin", "ann@example.com at acme.atlassian.net", "from-stdin")

    async def test_then_the_variable(self) -> None:
        result = await found(None, ENVIRON, COMMAND)
        assert summary(result) == ("AUDITUI_TOKEN", "ann@example.com at acme.atlassian.net", "from-variable")

    async def test_then_the_command(self) -> None:
        result = await found(None, {**ENVIRON, "AUDITUI_TOKEN": ""}, COMMAND)
        assert summary(result) == ("token_command", "ann@example.com at acme.atlassian.net", "from-command")

    async def test_then_the_keyring(self) -> None:
        result = await found()
        assert result.source == "keyring: plain_keyring.PlaintextKeyring"
        assert result.credential.token == Secret("from-keyring")

    async def test_then_the_file(self, chosen_keyring: Path) -> None:
        delete(chosen_keyring)
        result = await found()
        assert result.source.startswith("file: ")
        assert result.credential.token == Secret("from-file")

    async def test_then_somebody_must_sign_in(self, chosen_keyring: Path) -> None:
        delete(chosen_keyring)
        delete(Vault().file.path)
        with pytest.raises(SignInNeeded, match=r"^No account is saved\.$"):
            await found()


SAME = [
    "acme",
    "ACME.Atlassian.Net",
    " https://acme.atlassian.net/ ",
    "https://acme.atlassian.net:443/wiki/spaces/X?a=b#c",
    "https://acme.atlassian.net:",
]
OTHERS = [
    "https://acme.atlassian.net:8443",
    "https://acme.atlassian.net:80",
    "https://acme.atlassian.com",
    "acme.atlassian.net.evil.example",
    "evil.example/acme.atlassian.net",
    "https://evil.example/https://acme.atlassian.net",
    "https://evil.example#@acme.atlassian.net",
    "xn--cme-8cd.atlassian.net",
    "acme-atlassian.net",
    "http://localhost",
    "http://127.0.0.1:443",
]
NONE_AT_ALL = [
    "http://acme.atlassian.net",
    "http://acme.atlassian.net:443",
    "https://ann:pass@acme.atlassian.net",
    "https://acme.atlassian.net@evil.example",
    "https://evil.example\\@acme.atlassian.net",
    "https://acme.atlassian.net\\.evil.example",
    "acme.atlassian.net.",
    "\u0430cme.atlassian.net",
    "acme\u3002atlassian.net",
    "acme.atlassian.net\u200b",
    "acme.atlassian.net%2eevil.example",
    "ftp://acme.atlassian.net",
    "https://acme.atlassian.net:99999",
]


class TestOrigin:
    """A token that is saved for https://acme.atlassian.net, and what else a site can be called."""

    @pytest.fixture(autouse=True, params=[Place.KEYRING, Place.FILE], ids=str)
    async def saved(self, chosen_keyring: Path, request: pytest.FixtureRequest) -> None:
        await Vault().save(an_account(), Secret("of-acme"), request.param)

    @pytest.mark.parametrize("site", SAME)
    async def test_its_own_site_gets_it_however_that_is_written(self, site: str) -> None:
        result = await found(Given(site=site))
        assert result.credential.account.site.origin == "https://acme.atlassian.net"
        assert result.credential.token == Secret("of-acme")

    @pytest.mark.parametrize("site", OTHERS)
    @pytest.mark.parametrize("email", [None, "ann@example.com"])
    async def test_another_origin_gets_none(self, site: str, email: str | None) -> None:
        with pytest.raises(SignInNeeded):
            await found(Given(site=site, email=email))

    @pytest.mark.parametrize("site", NONE_AT_ALL)
    async def test_what_is_no_clear_address_is_refused(self, site: str) -> None:
        with pytest.raises(UsageError):
            await found(Given(site=site))

    async def test_another_e_mail_gets_none(self) -> None:
        with pytest.raises(SignInNeeded):
            await found(Given(site="acme", email="Ann@example.com"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given(), "an account is saved."),
        (Given(site="acme"), "an account is saved for acme.atlassian.net."),
        (Given("acme", "ann@example.com"), "a token is saved for ann@example.com at acme.atlassian.net."),
    ],
)
async def test_where_the_keyring_gives_no_answer_nothing_is_claimed(given: Given, words: str) -> None:
    with pytest.raises(SignInNeeded) as raised:
        await found(given)
    assert raised.value.happened == f"It is not known whether {words}"
    assert raised.value.why == "No keyring is available here (usual over SSH)."


class TestSavedAccounts:
    @pytest.fixture(autouse=True)
    async def three_accounts(self, chosen_keyring: Path) -> None:
        for site, email in (
            ("acme", "ann@example.com"),
            ("acme", "bob@example.com"),
            ("other", "ann@example.com"),
        ):
            await Vault().save(an_account(site, email), Secret(f"{email}-{site}"), Place.KEYRING)

    @pytest.mark.parametrize(
        ("given", "account"),
        [
            (Given(), an_account("other")),
            (Given(site="https://acme.atlassian.net/wiki/spaces/X"), an_account("acme", "bob@example.com")),
            (Given(email="bob@example.com"), an_account("acme", "bob@example.com")),
            (Given(site="acme", email="ann@example.com"), an_account("acme")),
        ],
    )
    async def test_what_is_given_chooses_among_them(self, given: Given, account: Account) -> None:
        assert (await found(given)).credential.account == account

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            (Given(site="evil"), "No account is saved for evil.atlassian.net."),
            (Given(email="eve@example.com"), "No account is saved for eve@example.com."),
            (
                Given("other", "bob@example.com"),
                "No token is saved for bob@example.com at other.atlassian.net.",
            ),
        ],
    )
    async def test_no_other_one_takes_the_place_of_a_missing_one(self, given: Given, words: str) -> None:
        with pytest.raises(SignInNeeded) as raised:
            await found(given)
        assert raised.value.happened == words

    async def test_a_command_without_an_account_is_not_run_and_that_is_told(self) -> None:
        result = await found(settings=COMMAND)
        assert result.credential.account == an_account("other")
        assert result.notices == (
            "token_command was not run: it needs a site and an e-mail address (--site, --email).",
        )

    async def test_the_variable_is_not_used_for_another_site_than_its_own(self) -> None:
        result = await found(Given(site="other"), ENVIRON)
        assert result.credential.token == Secret("ann@example.com-other")
        assert "AUDITUI_TOKEN was not used" in result.notices[0]

    async def test_the_variable_is_used_with_options_that_say_the_same(self) -> None:
        result = await found(Given(site="acme.atlassian.net", email="ann@example.com"), ENVIRON)
        assert result.source == "AUDITUI_TOKEN"


class TestTokenWithoutItsAccount:
    @pytest.mark.parametrize(
        ("given", "environ", "missing"),
        [
            (Given(token_stdin="t"), {}, "the site (--site or AUDITUI_SITE) and the e-mail address"),
            (
                Given(token_stdin="t", site="acme"),
                {},
                "the e-mail address (--email or AUDITUI_EMAIL) is missing",
            ),
            (
                Given(email="ann@example.com"),
                {"AUDITUI_TOKEN": "t"},
                "the site (--site or AUDITUI_SITE) is missing",
            ),
        ],
    )
    async def test_it_is_wrong_use_that_says_what_is_missing(
        self, given: Given, environ: dict[str, str], missing: str
    ) -> None:
        with pytest.raises(UsageError) as raised:
            await found(given, environ)
        assert missing in raised.value.happened

    async def test_the_variable_alone_asks_for_the_rest(self) -> None:
        with pytest.raises(SignInNeeded, match=r"AUDITUI_TOKEN gives a token, but the site .* are missing"):
            await found(environ={"AUDITUI_TOKEN": "t"})


@pytest.mark.parametrize("token", ["two words", "t\nsecond", "tökén"])
async def test_a_token_that_cannot_be_one_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(UsageError) as raised:
        await found(environ={**ENVIRON, "AUDITUI_TOKEN": token})
    assert raised.value.happened.startswith("AUDITUI_TOKEN: The API token holds")
    assert token not in raised.value.sentences()


async def test_a_failing_command_is_not_passed_over(chosen_keyring: Path) -> None:
    await Vault().save(an_account(), Secret("from-keyring"), Place.KEYRING)
    with pytest.raises(SignInNeeded, match="token_command"):
        await found(Given("acme", "ann@example.com"), settings=Settings(token_command=("false",)))


async def test_the_file_tells_why_the_keyring_was_passed_over() -> None:
    await Vault().save(an_account(), Secret("from-file"), Place.FILE)
    assert (await found()).notices == ("No keyring is available here (usual over SSH).",)


async def test_signing_in_is_asked_for_with_the_keyring_s_reason() -> None:
    with pytest.raises(SignInNeeded) as raised:
        await found()
    assert raised.value.why == "No keyring is available here (usual over SSH)."


async def test_a_file_that_may_not_be_used_stops_the_search() -> None:
    vault = Vault()
    await vault.save(an_account(), Secret("from-file"), Place.FILE)
    vault.file.path.chmod(0o644)
    with pytest.raises(CredentialFileRefused):
        await found()


def test_no_repr_holds_a_token() -> None:
    given = Given("acme", "ann@example.com", "s3cr3t")
    assert "s3cr3t" not in repr(given)


def test_with_everything_given_keyring_is_not_even_imported() -> None:
    code = """
import asyncio, json, sys
from auditui.account.settings import Settings
from auditui.account.given import Given
from auditui.account.sources import find
from auditui.account.vault import Vault
environ = {"AUDITUI_SITE": "acme", "AUDITUI_EMAIL": "ann@example.com", "AUDITUI_TOKEN": "t"}
result = asyncio.run(find(Given(), environ, Settings(), Vault()))
print(json.dumps([result.source, [name for name in sys.modules if name.split(".")[0] in ("keyring", "secretstorage")]]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True
    )
    assert json.loads(done.stdout) == ["AUDITUI_TOKEN", []]
