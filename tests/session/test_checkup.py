"""What the checks find on this machine, and what of it may be told: folders, variables, accounts, and nobody's secrets."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui.account.given import Given
from auditui.account.keyrings import Keyrings
from auditui.account.memory import Memory, memory_path
from auditui.account.settings import read_settings, settings_path
from auditui.account.vault import Place, Vault
from auditui.model.account import Account
from auditui.model.errors import ConnectionFailed, StoreFailed, TokenRefused
from auditui.model.query import Query
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.model.view import View
from auditui.session.checkup import accounts
from auditui.session.checkup.breakage import broken, instead, unbroken
from auditui.session.checkup.finding import Finding, Verdict, exit_status, note, of_error, ok, warning
from auditui.session.checkup.folders import folders
from auditui.session.checkup.network_variables import shown, variables
from auditui.session.checkup.redaction import Redaction
from auditui.store.spool import Spool
from tests.stand_ins import ChooseKeyring, MemoryKeyring, SlowKeyring

TOKEN = "s3cr3t-t0ken"
ANN = Account(Site.parse("acme"), "ann@example.com")

needs_modes = pytest.mark.skipif(sys.platform == "win32", reason="no modes of this kind")


@contextmanager
def shut(folder: Path) -> Iterator[None]:
    """The folder is another user's, as after `su` that keeps the variables."""
    folder.chmod(0o000)
    by_root = os.geteuid() == 0  # who may look everywhere
    if by_root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if by_root:
            os.seteuid(0)
        folder.chmod(0o700)


def looked_at() -> dict[str, Finding]:
    """The folders as they are, by topic; the last one where there are several."""
    return {finding.topic: finding for finding in folders(read_settings(settings_path()))}


class TestExitStatus:
    def test_nothing_failed(self) -> None:
        assert exit_status([ok("a", "b"), note("a", "b"), warning("a", "b", "c")]) == 0

    def test_only_the_sign_in_failed(self) -> None:
        assert exit_status([ok("a", "b"), of_error("a", TokenRefused("no"))]) == 4

    def test_the_worst_counts(self) -> None:
        refused, failed = of_error("a", TokenRefused("no")), of_error("b", ConnectionFailed("no"))
        assert exit_status([refused, failed]) == exit_status([failed, refused]) == 1

    def test_what_is_only_a_warning_does_not(self) -> None:
        assert exit_status([of_error("a", TokenRefused("no"), Verdict.WARNING)]) == 0


class TestRedaction:
    environ = {  # noqa: RUF012
        "HOME": "/home/ann",
        "AUDITUI_TOKEN": TOKEN,
        "HTTPS_PROXY": "http://corp:hunt%2Fer2@proxy.example.com",
    }

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("/home/ann/.config is open.", "~/.config is open."),
            ("It is /home/ann.", "It is ~."),
            ("/home/anna and /home/ann2 stay", "/home/anna and /home/ann2 stay"),
            ("“/home/ann”", "“~”"),
            ("ann.lee+x@example.com at acme", "a***@example.com at acme"),
            ("a@b.c; ann@example.com (keyring)", "a@b.c; a***@example.com (keyring)".replace("a@", "a***@")),
            ("http://bob:geheim@proxy:3128", "h***@proxy:3128"),
            (f"it printed {TOKEN}.", "it printed •••."),
            ("407 for corp:hunt%2Fer2", "407 for •••"),
            ("407 for hunt/er2", "407 for •••"),
            ("acme.atlassian.net", "acme.atlassian.net"),
        ],
    )
    def test_what_is_left_out(self, text: str, told: str) -> None:
        assert Redaction.of(self.environ)(text) == told

    def test_a_home_that_is_a_link_by_both_its_names(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "real")
        redact = Redaction.of({"HOME": str(tmp_path / "link")})
        assert redact(f"{tmp_path}/link/a {tmp_path}/real/a") == "~/a ~/a"

    def test_a_home_that_is_a_link_to_itself_is_still_left_out(self, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        assert Redaction.of({"HOME": str(tmp_path / "loop")})(f"{tmp_path}/loop/a") == "~/a"

    @pytest.mark.parametrize("home", ["/", "", "~"])
    def test_a_home_that_is_none_takes_nothing_away(self, home: str) -> None:
        assert Redaction.of({"HOME": home})("/etc/ssl ~/x") == "/etc/ssl ~/x"

    @given(st.text(), st.text())
    def test_no_secret_comes_through_whatever_is_around_it(self, before: str, after: str) -> None:
        redact = Redaction.of(self.environ)
        told = redact(f"{before}{TOKEN}{after} {before}hunt%2Fer2{after}")
        assert TOKEN not in told
        assert "hunt%2Fer2" not in told


class TestVariables:
    @pytest.mark.parametrize(
        ("address", "told"),
        [
            ("http://proxy.example.com:3128", "http://proxy.example.com:3128"),
            ("proxy:3128", "proxy:3128"),
            ("http://[::1]:3128/", "http://[::1]:3128"),
            ("http://ann:hunter2@proxy:3128", "http://proxy:3128 (with a user and password)"),
            ("http://ann@proxy:3128", "http://proxy:3128 (with a user)"),
            ("http://ann:hunt/er@2@proxy:3128/x", "http://proxy:3128 (with a user and password)"),
            ("junk://ann:hunter2@127.0.0.1", "junk://127.0.0.1 (with a user and password)"),
            ("ann:hunter2", "(not an address, so it is not shown)"),
            ("http://ann:hunter2", "(not an address, so it is not shown)"),
            ("hunter2\x1b[2J://proxy", "(not an address, so it is not shown)"),
            ("http://[", "(not an address, so it is not shown)"),
        ],
    )
    def test_of_a_proxy_no_more_than_its_address_is_shown(self, address: str, told: str) -> None:
        assert shown(address) == told

    @given(st.text(st.characters(codec="utf-8"), min_size=1))
    def test_never_a_password_whatever_signs_it_has(self, password: str) -> None:
        told = shown(f"http://ann:pw{password}pw@proxy:3128")
        assert told == "http://proxy:3128 (with a user and password)"

    def test_none_is_set(self) -> None:
        assert [finding.verdict for finding in variables({})] == [Verdict.OK, Verdict.OK]

    def test_each_is_named(self) -> None:
        proxy, certificates = variables(
            {
                "HTTPS_PROXY": "http://ann:hunter2@proxy:3128",
                "NO_PROXY": "localhost,.corp",
                "SSL_CERT_FILE": "ca.pem",
            }
        )
        assert (
            proxy.words
            == "HTTPS_PROXY=http://proxy:3128 (with a user and password), NO_PROXY=localhost,.corp"
        )
        assert certificates.words == "the system’s, and SSL_CERT_FILE=ca.pem"

    def test_the_variable_of_another_program_is_of_no_use(self) -> None:
        found = {finding.verdict: finding for finding in variables({"REQUESTS_CA_BUNDLE": "ca.pem"})}
        assert found[Verdict.NOTE].words == "REQUESTS_CA_BUNDLE is set, and not used by auditui."
        both = variables({"REQUESTS_CA_BUNDLE": "ca.pem", "SSL_CERT_FILE": "ca.pem"})
        assert all(finding.verdict is Verdict.OK for finding in both)

    def test_a_folder_of_certificates_that_is_none(self, tmp_path: Path) -> None:
        found = {finding.verdict: finding for finding in variables({"SSL_CERT_DIR": str(tmp_path / "none")})}
        assert "is no folder" in found[Verdict.WARNING].words

    @needs_modes
    def test_a_folder_of_certificates_that_is_closed_to_us(self, tmp_path: Path) -> None:
        (tmp_path / "closed" / "certificates").mkdir(parents=True)
        with shut(tmp_path / "closed"):
            _, told, _ = variables({"SSL_CERT_DIR": str(tmp_path / "closed" / "certificates")})
        assert told.verdict is Verdict.WARNING


class TestFolders:
    def test_nothing_is_there_yet_and_nothing_is_made(self, home: Path) -> None:
        before = sorted(home.iterdir())
        found = looked_at()
        assert {finding.verdict for finding in found.values()} == {Verdict.OK}
        assert found["Cache"].words == f"{home}/cache/auditui (made when it is needed)"
        assert sorted(home.iterdir()) == before

    @needs_modes
    @pytest.mark.parametrize(
        ("topic", "path"),
        [("Settings", "config/auditui"), ("State", "state/auditui"), ("Cache", "cache/auditui")],
    )
    def test_a_folder_that_is_open_to_others(self, topic: str, path: str, home: Path) -> None:
        folder = home / path
        folder.mkdir(parents=True)
        folder.chmod(0o750)
        found = looked_at()[topic]
        assert found.verdict is Verdict.WARNING
        assert found.words == f"{folder} is open to other users (mode 0750)."
        assert found.remedy == f"chmod 700 {folder}"
        folder.chmod(0o700)
        assert looked_at()[topic].verdict is Verdict.OK

    def test_a_folder_that_is_a_file(self, home: Path) -> None:
        (home / "config").mkdir()
        (home / "config" / "auditui").touch()
        found = looked_at()["Settings"]
        assert found.verdict is Verdict.WARNING
        assert "is no folder. Settings and tokens cannot be kept." in found.words
        assert "XDG_CONFIG_HOME" in found.remedy

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_cannot_be_written_to(self, home: Path) -> None:
        (home / "state" / "auditui").mkdir(parents=True, mode=0o500)
        assert "cannot be written to" in looked_at()["State"].words

    @needs_modes
    def test_folders_of_another_user_are_told_as_such(self, home: Path) -> None:
        tempfile.gettempdir()
        for name in ("config", "state", "cache"):
            (home / name / "auditui").mkdir(parents=True)
        with shut(home):
            found = list(folders(read_settings(settings_path())))
        told = {finding.topic: finding.words for finding in reversed(found)}
        for topic, name in (("Settings", "config"), ("State", "state"), ("Cache", "cache")):
            assert told[topic].startswith(f"{home}/{name}/auditui cannot be looked at (Permission denied).")
        assert "could not be read (Permission denied)" in told["settings.toml"]

    def test_without_a_temporary_folder_the_cache_will_do_and_without_both_that_is_told(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def none() -> str:
            raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

        monkeypatch.setattr(tempfile, "gettempdir", none)
        assert looked_at()["Cache"].verdict is Verdict.OK
        Spool().close()
        (home / "in the way").touch()
        monkeypatch.setenv("XDG_CACHE_HOME", str(home / "in the way"))
        found = looked_at()["Cache"]
        assert found.verdict is Verdict.FAILED
        assert "There is no place for the loaded records." in found.words
        with pytest.raises(StoreFailed, match="no place for the loaded records"):
            Spool()

    def test_the_cache_is_a_link_so_another_place_is_used(self, home: Path) -> None:
        (home / "cache").mkdir()
        (home / "elsewhere").mkdir()
        (home / "cache" / "auditui").symlink_to(home / "elsewhere")
        spool = Spool()
        found = [each for each in folders(read_settings(settings_path())) if each.topic == "Cache"]
        assert found[0].verdict is Verdict.WARNING
        assert f"is a symbolic link. {spool.folder.parent} is used instead." in found[0].words
        assert str(spool.folder.parent) in found[1].words
        spool.close()

    def test_no_place_for_records_stops_it(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (home / "cache").touch()
        monkeypatch.setattr("tempfile.tempdir", str(home / "cache"))
        found = looked_at()["Cache"]
        assert found.verdict is Verdict.FAILED
        assert found.words.endswith("There is no place for the loaded records.")

    def test_little_room_is_told(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "Room" not in looked_at()
        full = shutil.disk_usage(home)._replace(free=12_000_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: full)
        assert looked_at()["Room"].words == "12 MB are free there, room for some 10,000 records."

    def test_folders_of_runs_are_told_and_left(self, home: Path) -> None:
        spool = Spool()
        assert looked_at()["Runs"].words.startswith("1 folder of runs")
        assert spool.folder.exists()
        spool.close()
        assert "Runs" not in looked_at()

    def test_settings_that_are_not_understood(self, home: Path) -> None:
        settings_path().parent.mkdir(parents=True, mode=0o700)
        settings_path().write_text('mouse = "maybe"')
        found = looked_at()["settings.toml"]
        assert found.verdict is Verdict.WARNING
        assert "Setting mouse: expected true or false" in found.words

    @needs_modes
    async def test_tokens_in_a_file(self, home: Path, keyring: type[MemoryKeyring]) -> None:
        await Vault().save(ANN, Secret(TOKEN), Place.FILE)
        found = looked_at()["Credentials"]
        assert found.verdict is Verdict.NOTE
        assert "holds 1 token UNENCRYPTED; only your user can read it." in found.words
        Vault().file.path.chmod(0o640)
        found = looked_at()["Credentials"]
        assert found.verdict is Verdict.WARNING
        assert "is open to other users (mode 0640)" in found.words
        assert "chmod 600" in found.remedy
        assert TOKEN not in str(looked_at())

    def test_what_is_remembered(self, home: Path) -> None:
        Memory().save("mine", View(Query()))
        assert looked_at()["Remembered"].words == "1 saved view"
        memory_path().write_bytes(b"\x00 no JSON")
        found = looked_at()["Remembered"]
        assert found.verdict is Verdict.NOTE
        assert "can be read" in found.words
        assert memory_path().read_bytes() == b"\x00 no JSON"

    def test_a_pipe_in_the_place_of_what_is_remembered_is_not_waited_for(self, home: Path) -> None:
        memory_path().parent.mkdir(parents=True, mode=0o700)
        os.mkfifo(memory_path())
        assert "it is not a plain file" in looked_at()["Remembered"].words


class TestAccounts:
    async def test_the_saved_one(self, keyring: type[MemoryKeyring]) -> None:
        vault = Vault()
        await vault.save(ANN, Secret(TOKEN), Place.KEYRING)
        use = await accounts.in_use(Given(), {}, read_settings(settings_path()), vault, offline=False)
        assert use.found is not None
        assert use.finding.words == f"{ANN}, from keyring: tests.stand_ins.MemoryKeyring"
        assert (await accounts.saved(vault)).words == f"{ANN} (keyring)"

    async def test_what_a_token_command_says_when_it_fails_is_not_repeated(self, home: Path) -> None:
        command = [sys.executable, "-c", "import sys; sys.exit('the password was hunter2')"]
        use = await self._by_command(command)
        assert use.finding.verdict is Verdict.FAILED
        assert use.finding.status == 4
        assert "failed with status 1" in use.finding.words
        assert "hunter2" not in use.finding.words

    async def test_a_token_command_is_not_run_offline(self, home: Path) -> None:
        ran = home / "ran"
        command = [sys.executable, "-c", f"open({str(ran)!r}, 'w'); print('{TOKEN}')"]
        use = await self._by_command(command, offline=True)
        assert (use.found, use.finding.verdict) == (None, Verdict.SKIPPED)
        assert not ran.exists()
        use = await self._by_command(command)
        assert use.found is not None
        assert ran.exists()

    async def test_a_token_command_that_hangs_is_given_up(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(accounts, "_COMMAND_LIMIT", 0.3)
        use = await self._by_command([sys.executable, "-c", "import time; time.sleep(60)"])
        assert use.finding.verdict is Verdict.FAILED
        assert "did not come within" in use.finding.words

    async def _by_command(self, command: list[str], *, offline: bool = False) -> accounts.Use:
        settings_path().parent.mkdir(parents=True, exist_ok=True)
        settings_path().write_text(f"token_command = {command!r}")
        environ = {"AUDITUI_SITE": "acme", "AUDITUI_EMAIL": "ann@example.com"}
        return await accounts.in_use(
            Given(), environ, read_settings(settings_path()), Vault(), offline=offline
        )

    async def test_no_keyring_matters_only_where_one_is_needed(self, home: Path) -> None:
        needed = await accounts.keyring(Keyrings(), {})
        assert needed.verdict is Verdict.WARNING
        assert needed.words == "No keyring is available here (usual over SSH)."
        assert needed.remedy.startswith("To keep the token:")
        assert accounts.without_need(needed).verdict is Verdict.NOTE

    async def test_a_good_keyring_stays_good_where_none_is_needed(self, keyring: type[MemoryKeyring]) -> None:
        found = await accounts.keyring(Keyrings(), {})
        assert accounts.without_need(found) == found == ok("Keyring", "tests.stand_ins.MemoryKeyring")

    async def test_a_keyring_that_hangs(self, choose_keyring: ChooseKeyring) -> None:
        choose_keyring(SlowKeyring)
        with SlowKeyring.shut():
            found = await accounts.keyring(Keyrings(0.3), {})
        assert found.words.startswith("Your keyring did not answer within 0.3 seconds.")

    async def test_a_keyring_that_was_chosen_by_hand(self, keyring: type[MemoryKeyring]) -> None:
        found = await accounts.keyring(Keyrings(), os.environ)
        assert found.words == "tests.stand_ins.MemoryKeyring, chosen by PYTHON_KEYRING_BACKEND"

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of Linux")
    @pytest.mark.parametrize("there", [True, False])
    def test_no_bus_is_named(self, there: bool, tmp_path: Path) -> None:
        if there:
            (tmp_path / "bus").touch()
        (found,) = accounts.bus({"XDG_RUNTIME_DIR": str(tmp_path)})
        assert found.verdict is Verdict.NOTE
        assert found.remedy == (f"export DBUS_SESSION_BUS_ADDRESS=unix:path={tmp_path}/bus" if there else "")

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of Linux")
    def test_the_bus_of_another_user_is_none_of_ours(self, tmp_path: Path) -> None:
        runtime = tmp_path / "run"
        runtime.mkdir()
        (runtime / "bus").touch()
        with shut(runtime):
            (found,) = accounts.bus({"XDG_RUNTIME_DIR": str(runtime)})
        assert (found.verdict, found.remedy) == (Verdict.NOTE, "")


class TestChecksThatBreak:
    """None may end in a traceback: doctor is asked where things are broken."""

    def test_what_was_found_before_stays(self) -> None:
        def check() -> Iterator[Finding]:
            yield ok("a", "b")
            raise PermissionError(errno.EACCES, "Permission denied", f"/home/ann/{TOKEN}")

        first, last = unbroken("Folders", check())
        assert first == ok("a", "b")
        assert (last.topic, last.verdict) == ("Folders", Verdict.FAILED)
        assert re.fullmatch(
            r"This check broke off: PermissionError \(Permission denied\), at test_checkup\.py:\d+\.",
            last.words,
        )

    def test_what_somebody_elses_error_says_is_not_repeated(self) -> None:
        def check() -> Iterator[Finding]:
            yield from ()
            raise ValueError(f"bad value {TOKEN}")

        (told,) = unbroken("Used now", check())
        assert "ValueError" in told.words
        assert TOKEN not in told.words

    def test_what_auditui_itself_says_is_told_as_everywhere(self) -> None:
        assert broken("Site", ConnectionFailed("no", remedy="try")) == of_error(
            "Site", ConnectionFailed("no", remedy="try")
        )

    async def test_one_that_is_waited_for_has_something_in_its_place(self) -> None:
        async def check() -> Finding:
            raise RuntimeError(TOKEN)

        told = await instead(check(), lambda error: broken("Name", error))
        assert (told.topic, told.verdict) == ("Name", Verdict.FAILED)

    async def test_being_cancelled_is_no_breakage(self) -> None:
        async def check() -> Finding:
            raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await instead(check(), lambda error: broken("Name", error))
