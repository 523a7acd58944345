"""Signing in to a real demo site over loopback: what a person is told, and what is kept."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from auditui.account.settings import Settings
from auditui.demo.answers import wrong_pair
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite
from auditui.model.account import Account
from auditui.model.errors import AudituiError, Refused, SignInNeeded
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.session.connection import Connection
from auditui.session.run import Run
from auditui.session.sign_in import Entry, Field, Finding, Place, Verdict, sign_in
from tests.given import nothing_given
from tests.stand_ins import ChooseKeyring, FullKeyring, MemoryKeyring

pytestmark = pytest.mark.usefixtures("home")

TOKEN = "demo"
NOT_KNOWN = "Not known: a token that is not recognised gets the same answer."
NO_ANSWER = "No answer told whether it is accepted."


@dataclass
class Attempt:
    """What came of one sign-in."""

    findings: list[Finding] = field(default_factory=list)
    connection: Connection | None = None
    error: AudituiError | None = None
    naps: list[float] = field(default_factory=list)

    def last(self, step: str) -> str:
        """How a step ended: verdict and words."""
        found = [finding for finding in self.findings if finding.step == step][-1]
        return f"{found.verdict.name} {found.words}"

    @property
    def steps(self) -> list[str]:
        """The steps that were tried, in order."""
        return list(dict.fromkeys(finding.step for finding in self.findings))

    @property
    def to_mend(self) -> Field | None:
        return self.findings[-1].field


def a_run(gateway: str = "", naps: list[float] | None = None) -> Run:
    async def nap(seconds: float) -> None:
        if naps is not None:
            naps.append(seconds)

    return Run(nothing_given(gateway=gateway), Settings(), sleep=nap)


async def attempt(
    site: str,
    email: str = "demo@example.com",
    token: str = TOKEN,
    place: Place = Place.SESSION,
    gateway: str = "",
) -> Attempt:
    made = Attempt()
    run = a_run(gateway, made.naps)
    try:
        made.connection = await sign_in(run, Entry(site, email, Secret(token), place), made.findings.append)
        await made.connection.close()
    except AudituiError as error:
        made.error = error
    return made


class TestGood:
    async def test_each_step_says_what_was_found(self, url: str) -> None:
        made = await attempt(url)
        host = url.removeprefix("http://")
        assert made.steps == ["Site", "Token", "Audit log", "Kept"]
        assert made.last("Site") == f"OK {host} answers as a Confluence Cloud site."
        assert made.last("Token") == f"OK Accepted by {host} itself."
        assert made.last("Audit log") == "OK It can be read."
        assert made.last("Kept") == "OK Your token will be used for this session only."
        assert made.connection is not None
        assert made.connection.account == Account(Site.parse(url), "demo@example.com")

    async def test_the_site_is_asked_for_one_record(self, url: str, site: DemoSite) -> None:
        await attempt(url)
        first, second = site.requests
        assert first.path == "/_edge/tenant_info"
        assert second.path == "/wiki/rest/api/audit"
        assert second.params["limit"] == "1"

    async def test_a_token_with_scopes_is_taken_by_the_gateway(self, url: str) -> None:
        made = await attempt(url, token="demo-scoped", gateway=url)
        host = Site.parse(url).host
        assert made.last("Token") == f"OK Accepted by the gateway {host}: it is a token with scopes."
        assert made.last("Audit log") == "OK It can be read."

    async def test_blanks_and_line_ends_of_a_paste_do_not_matter(self, url: str) -> None:
        made = await attempt(f" {url}/wiki/spaces/X/overview?a=b ", " demo@example.com\n", " demo\n")
        assert made.error is None

    async def test_a_wait_is_told_and_taken(self, site: DemoSite) -> None:
        slow = DemoSite(site.corpus, rate_limit_every=2, retry_after="7")
        with serve(slow) as served:
            await attempt(served.url)
            made = await attempt(served.url)
        assert made.error is None
        assert made.naps == [7.0]
        assert any(
            "asks for fewer requests. Asking again in 7 s." in finding.words for finding in made.findings
        )


@dataclass(frozen=True)
class Refusal:
    email: str
    token: str
    ended: str
    """The last words of the step that failed, or their beginning."""
    of_token: str
    """How the step Token ended."""
    mend: Field


REFUSALS = {
    "wrong pair": Refusal(
        "demo@example.com", "wrong", "Token: FAILED Atlassian rejected the token for demo@", "", Field.TOKEN
    ),
    "no scope": Refusal(
        "demo@example.com",
        "no-scope",
        "Audit log: FAILED The API token is good, but lacks the scope to read the audit log.",
        "OK Accepted by the gateway {host}.",
        Field.TOKEN,
    ),
    "not an administrator": Refusal(
        "member@example.com",
        "demo",
        "Audit log: FAILED Reading the audit log of ",
        f"UNSURE {NOT_KNOWN}",
        Field.EMAIL,
    ),
    "no Confluence": Refusal(
        "outside@example.com",
        "demo",
        "Audit log: FAILED outside@example.com may not use Confluence at ",
        f"UNSURE {NOT_KNOWN}",
        Field.EMAIL,
    ),
    "Free plan": Refusal(
        "free@example.com",
        "demo",
        "Audit log: FAILED The Free plan of Confluence has no audit log.",
        f"UNSURE {NO_ANSWER}",
        Field.SITE,
    ),
    "address not allowed": Refusal(
        "blocked@example.com", "demo", "Audit log: FAILED 127.0.0.1:", f"UNSURE {NO_ANSWER}", Field.SITE
    ),
    "sign-in page": Refusal(
        "sso@example.com", "demo", "Token: FAILED You are not signed in: 127.0.0.1:", "", Field.TOKEN
    ),
    "portal": Refusal(
        "portal@example.com",
        "demo",
        "Audit log: FAILED This is not Confluence (got HTML from ",
        f"UNSURE {NO_ANSWER}",
        Field.SITE,
    ),
    "cut off": Refusal(
        "garbled@example.com", "demo", "Audit log: FAILED ", f"UNSURE {NO_ANSWER}", Field.SITE
    ),
    "busy": Refusal(
        "busy@example.com", "demo", "Audit log: FAILED 127.0.0.1:", f"UNSURE {NO_ANSWER}", Field.SITE
    ),
    "broken": Refusal(
        "broken@example.com", "demo", "Audit log: FAILED 127.0.0.1:", f"UNSURE {NO_ANSWER}", Field.SITE
    ),
}


class TestRefused:
    @pytest.mark.parametrize("why", REFUSALS)
    async def test_it_is_told_in_words_and_nothing_is_kept(self, url: str, why: str, home: Path) -> None:
        refusal = REFUSALS[why]
        made = await attempt(url, refusal.email, refusal.token, Place.FILE, gateway=url)
        step = made.steps[-1]
        assert f"{step}: {made.last(step)}".startswith(refusal.ended)
        if refusal.of_token:
            assert made.last("Token") == refusal.of_token.format(host=Site.parse(url).host)
        assert made.to_mend is refusal.mend
        assert made.error is not None
        assert made.error.sentences() in made.last(step)
        assert not (home / "config").exists()

    async def test_a_busy_site_is_waited_for_before_it_is_given_up(self, url: str) -> None:
        made = await attempt(url, "busy@example.com")
        assert len(made.naps) == 3
        assert made.last("Audit log").startswith("FAILED 127.0.0.1")
        assert "asks for fewer requests" in made.last("Audit log")


class TestSite:
    async def test_one_that_does_not_answer_ends_it(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            made = await attempt(f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert made.steps == ["Site"]
        assert made.last("Site").startswith("FAILED ")
        assert "refused the connection" in made.last("Site")
        assert made.to_mend is Field.SITE

    async def test_one_that_is_no_confluence_is_doubted_and_tried(self) -> None:
        class Other(DemoSite):
            def answer(self, method: str, target: str, headers):  # type: ignore[no-untyped-def]
                return super().answer(method, "/nothing-here", headers)

        with serve(Other(Corpus(1, 0))) as served:
            made = await attempt(served.url)
        assert made.last("Site").startswith("UNSURE There is no Confluence at 127.0.0.1")
        assert made.last("Site").endswith("The next steps will tell.")
        assert made.last("Audit log").startswith("FAILED There is no Confluence at 127.0.0.1")

    async def test_one_that_wants_a_sign_in_for_everything_is_doubted_without_a_word_of_the_token(
        self,
    ) -> None:
        class Closed(DemoSite):
            def answer(self, method: str, target: str, headers):  # type: ignore[no-untyped-def]
                return wrong_pair() if "tenant_info" in target else super().answer(method, target, headers)

        with serve(Closed(Corpus(1, 0))) as served:
            made = await attempt(served.url)
        host = served.url.removeprefix("http://")
        assert made.last("Site") == (
            f"UNSURE {host} answers, but not as a Confluence Cloud site. The next steps will tell."
        )
        assert made.error is None

    @pytest.mark.parametrize(
        ("entry", "step", "mend"),
        [
            (("", "a@b.c", "t"), "Site", Field.SITE),
            (("http://acme.atlassian.net", "a@b.c", "t"), "Site", Field.SITE),
            (("https://a:b@acme.atlassian.net", "a@b.c", "t"), "Site", Field.SITE),
            (("acme", "", "t"), "E-mail", Field.EMAIL),
            (("acme", "a:b@c", "t"), "E-mail", Field.EMAIL),
            (("acme", "a@b.c", ""), "Token", Field.TOKEN),
            (("acme", "a@b.c", "s3cr3t t0ken"), "Token", Field.TOKEN),
        ],
    )
    async def test_what_cannot_be_understood_is_not_tried(
        self, entry: tuple[str, str, str], step: str, mend: Field
    ) -> None:
        made = await attempt(*entry)
        assert made.steps == [step]
        assert made.last(step).startswith("FAILED ")
        assert made.to_mend is mend
        assert "s3cr3t" not in repr(made.findings)


class TestKept:
    async def test_in_the_keyring(self, url: str, keyring: type[MemoryKeyring]) -> None:
        made = await attempt(url, place=Place.KEYRING)
        assert made.last("Kept") == "OK Saved in: tests.stand_ins.MemoryKeyring."
        assert made.connection is not None
        assert made.connection.notices == ("Saved in: tests.stand_ins.MemoryKeyring.",)
        assert made.connection.source == "keyring"

    async def test_the_next_start_finds_it(self, url: str, keyring: type[MemoryKeyring]) -> None:
        await attempt(url, place=Place.KEYRING)
        connection = await a_run().open_saved(Account(Site.parse(url), "demo@example.com"))
        await connection.reach()
        await connection.close()
        assert connection.source == "keyring: tests.stand_ins.MemoryKeyring"

    async def test_a_token_that_is_refused_does_not_take_its_place(
        self, url: str, keyring: type[MemoryKeyring]
    ) -> None:
        await attempt(url, place=Place.KEYRING)
        run = a_run(url)
        mistyped = Entry(url, "demo@example.com", Secret("mistyped"), Place.KEYRING)
        with pytest.raises(Refused):
            await sign_in(run, mistyped, lambda _: None)
        assert run.used == ()
        connection = await run.open_saved(Account(Site.parse(url), "demo@example.com"))
        assert connection.source == "keyring: tests.stand_ins.MemoryKeyring"
        await connection.close()

    async def test_an_opened_account_is_the_last_used_one(
        self, url: str, keyring: type[MemoryKeyring]
    ) -> None:
        for email in ("one@example.com", "two@example.com"):
            await attempt(url, email, place=Place.KEYRING)
        run = a_run()
        await (await run.open_saved(Account(Site.parse(url), "one@example.com"))).close()
        assert [saved.account.email for saved in (await run.vault.accounts()).saved] == [
            "one@example.com",
            "two@example.com",
        ]

    async def test_an_account_that_is_gone_asks_for_signing_in(self, keyring: type[MemoryKeyring]) -> None:
        with pytest.raises(SignInNeeded, match="No token is saved for demo@"):
            await a_run().open_saved(Account(Site.parse("acme"), "demo@example.com"))

    async def test_in_the_file_it_says_unencrypted(self, url: str, home: Path) -> None:
        made = await attempt(url, place=Place.FILE)
        assert made.last("Kept").startswith("OK Token stored UNENCRYPTED in ")
        assert (home / "config" / "auditui" / "credentials").stat().st_mode & 0o777 == 0o600

    async def test_without_a_keyring_it_says_so_and_nothing_else_is_tried(self, url: str, home: Path) -> None:
        made = await attempt(url, place=Place.KEYRING)
        assert made.error is None
        assert made.last("Kept").startswith("FAILED No keyring is available here (usual over SSH).")
        assert made.last("Kept").endswith("Your token will be used for this session only.")
        assert made.to_mend is Field.PLACE
        assert not (home / "config").exists()

    async def test_a_keyring_that_takes_nothing_is_told_without_the_token(
        self, url: str, choose_keyring: ChooseKeyring
    ) -> None:
        choose_keyring(FullKeyring)
        made = await attempt(url, token="demo", place=Place.KEYRING)
        assert made.last("Kept").startswith("FAILED Your keyring failed. It answered with builtins.OSError.")
        assert "no room for" not in repr(made.findings)


async def test_a_cancelled_sign_in_keeps_nothing(site: DemoSite, home: Path) -> None:
    told = asyncio.Event()

    def tell(finding: Finding) -> None:
        if finding.step == "Token" and finding.verdict is Verdict.RUNNING:
            told.set()

    slow = DemoSite(site.corpus, latency=0.5)
    with serve(slow) as served:
        entry = Entry(served.url, "demo@example.com", Secret("demo"), Place.FILE)
        task = asyncio.create_task(sign_in(a_run(), entry, tell))
        await told.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not (home / "config").exists()


def test_an_entry_does_not_show_its_token() -> None:
    assert "s3cr3t" not in repr(Entry("acme", "ann@example.com", Secret("s3cr3t"), Place.SESSION))
