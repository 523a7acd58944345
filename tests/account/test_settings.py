"""settings.toml: what is understood is used, what is not is told."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, strategies

from auditui.account.settings import Settings, read_settings, settings_path

GOOD = ("mouse = true", 'theme = "nord"')


def settings(tmp_path: Path, content: str | bytes) -> Settings:
    path = tmp_path / "settings.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_settings(path)


def test_the_file_is_in_the_user_s_configuration(home: Path) -> None:
    assert settings_path() == home / "config" / "auditui" / "settings.toml"


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "missing" / "settings.toml") == Settings()


def test_every_setting_is_read(tmp_path: Path) -> None:
    content = """
        token_command = ["pass", "atlassian/audit"]
        tz = "Europe/Berlin"
        theme = "nord"
        mouse = false
        slow = true
        page_size = 250
        [keymap]
        export = "ctrl+e"
    """
    assert settings(tmp_path, content) == Settings(
        token_command=("pass", "atlassian/audit"),
        tz="Europe/Berlin",
        theme="nord",
        mouse=False,
        slow=True,
        page_size=250,
        keymap={"export": "ctrl+e"},
    )


@pytest.mark.parametrize(
    ("written", "meant"), [("UTC", "utc"), ("Local", "local"), ("Asia/Kathmandu", "Asia/Kathmandu")]
)
def test_zones(tmp_path: Path, written: str, meant: str) -> None:
    read = settings(tmp_path, f'tz = "{written}"')
    assert (read.tz, read.notices) == (meant, ())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('token_command = "pass atlassian/audit"', "a list of texts"),
        ('token_command = ["pass", 7]', "a list of texts"),
        ('token_command = ["pass", "a\\u0000b"]', "a list of texts"),
        ('token_command = [""]', "a list that begins with the name of a program"),
        ('tz = "Mars/Olympus"', '"local", "utc" or a zone'),
        ('tz = "Europe"', '"local", "utc" or a zone'),
        ('tz = "../../etc/passwd"', '"local", "utc" or a zone'),
        ("tz = 2", '"local", "utc" or a zone'),
        ("theme = true", "a text"),
        ('mouse = "no"', "true or false"),
        ("slow = 1", "true or false"),
        ("page_size = 0", "a whole number from 1 to 1000"),
        ("page_size = 1001", "a whole number from 1 to 1000"),
        ("page_size = true", "a whole number from 1 to 1000"),
        ("page_size = 10.0", "a whole number from 1 to 1000"),
        ('keymap = "vim"', "a table of texts"),
        ("keymap = { export = 7 }", "a table of texts"),
        ('keymap = { export = " " }', "a table of texts"),
    ],
)
def test_a_wrong_value_is_told_and_costs_only_itself(tmp_path: Path, line: str, expected: str) -> None:
    read = settings(tmp_path, f"{line}\n{GOOD[line.startswith('mouse')]}")
    name = line.split(" ")[0]
    assert len(read.notices) == 1
    assert read.notices[0].startswith(f"Setting {name}: expected {expected}")
    assert getattr(read, name) == getattr(Settings(), name)
    assert read.mouse is True or read.theme == "nord"


def test_an_unknown_setting_is_told(tmp_path: Path) -> None:
    read = settings(tmp_path, 'colour = "red"\npage_size = 5')
    assert read.notices == ("Setting colour is unknown and was left out.",)
    assert read.page_size == 5


@pytest.mark.parametrize("name", ["site", "email", "token"])
def test_an_account_is_not_read_from_the_settings_nor_repeated(tmp_path: Path, name: str) -> None:
    read = settings(tmp_path, f'{name} = "s3cr3t"')
    assert read.notices[0].startswith(f"Setting {name} is not read")
    assert "s3cr3t" not in repr(read)


def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    content = b'theme = "nord\n\xff token = s3cr3t'
    read = settings(tmp_path, content)
    assert read == Settings(notices=read.notices)
    assert "is not valid TOML" in read.notices[0]
    assert "s3cr3t" not in read.notices[0]
    assert (tmp_path / "settings.toml").read_bytes() == content


def test_a_file_for_another_program_or_of_another_time_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    for content in ('theme = "nord"'.encode("utf-16"), b"\0" * 100, bytes(range(256)), b'theme = "nord'):
        assert "is not valid TOML" in settings(tmp_path, content).notices[0]
        assert (tmp_path / "settings.toml").read_bytes() == content
    assert settings(tmp_path, b"") == settings(tmp_path, b"\xef\xbb\xbf# nothing") == Settings()


def what_has_no_content_of_its_own(tmp_path: Path) -> dict[str, Path]:
    """By the reason for which it is not read."""
    pipe, dangling = tmp_path / "pipe", tmp_path / "dangling"
    os.mkfifo(pipe)
    dangling.symlink_to(tmp_path / "nowhere")
    found = {
        "Is a directory": tmp_path,
        "it is not a plain file": pipe,
        "No such file or directory": dangling,
    }
    return found | {"it is not a plain file ": Path("/dev/zero")}


def test_what_is_no_file_is_told_at_once(tmp_path: Path) -> None:
    for reason, path in what_has_no_content_of_its_own(tmp_path).items():
        read = read_settings(path)
        assert read.notices == (f"{path} could not be read ({reason.strip()}); the defaults are used.",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read it")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = "nord"')
    path.chmod(0)
    os.seteuid(54_321)
    try:
        read = read_settings(path)
    finally:
        os.seteuid(0)
    assert "could not be read (Permission denied)" in read.notices[0]


def test_a_link_is_followed_as_those_who_keep_their_settings_elsewhere_expect(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text('theme = "nord"')
    (tmp_path / "settings.toml").symlink_to(tmp_path / "kept")
    assert read_settings(tmp_path / "settings.toml") == Settings(theme="nord")


# Who can have written it

COMMAND = 'token_command = ["pass", "audit"]\ntheme = "nord"\n'


@pytest.fixture
def commanding(home: Path) -> Path:
    """A file that names a program to be run, in folders that are closed to others."""
    path = settings_path()
    path.parent.mkdir(parents=True)
    for each in (path.parent, path.parent.parent):
        each.chmod(0o755)
    path.write_text(COMMAND)
    path.chmod(0o644)
    return path


def refused(path: Path) -> str:
    """What is said of a command that is not run; everything else of the file is in force."""
    read = read_settings(path)
    (notice,) = read.notices
    assert read == Settings(theme="nord", notices=(notice,))
    return notice


def test_a_command_is_run_that_others_can_read_and_not_change(commanding: Path) -> None:
    assert read_settings(commanding) == Settings(token_command=("pass", "audit"), theme="nord")


@pytest.mark.parametrize("mode", [0o020, 0o002, 0o022])
@pytest.mark.parametrize("above", range(3), ids=["the file", "its folder", "the folder of that"])
def test_a_command_is_not_run_that_others_can_have_written(commanding: Path, above: int, mode: int) -> None:
    place = (commanding, *commanding.parents)[above]
    place.chmod(place.stat().st_mode | mode)
    told = f"{place} can be changed by other users (mode {place.stat().st_mode & 0o7777:04o})."
    assert told in refused(commanding)
    assert refused(commanding).endswith(f"run: chmod go-w {place}")
    place.chmod(place.stat().st_mode & ~0o022)
    assert read_settings(commanding).token_command == ("pass", "audit")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
@pytest.mark.parametrize("above", range(3), ids=["the file", "its folder", "the folder of that"])
def test_a_command_of_another_user_is_not_run(commanding: Path, above: int) -> None:
    place = (commanding, *commanding.parents)[above]
    os.chown(place, 54_321, -1)
    assert f"{place} belongs to another user." in refused(commanding)


def test_a_command_is_run_from_a_folder_of_the_users_own_that_is_linked(
    commanding: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "dotfiles"
    commanding.parent.rename(kept)
    commanding.parent.symlink_to("../dotfiles")
    assert read_settings(commanding).token_command == ("pass", "audit")


def test_every_folder_that_a_link_leads_through_is_looked_at(commanding: Path, tmp_path: Path) -> None:
    shared, kept = tmp_path / "shared", tmp_path / "dotfiles"
    shared.mkdir()
    shared.chmod(0o777)
    commanding.parent.rename(kept)
    (shared / "way").symlink_to(kept)
    commanding.parent.symlink_to(shared / "way")
    assert f"{shared} can be changed by other users" in refused(commanding)
    shared.chmod(0o1777)  # now nobody else can put another link there
    assert read_settings(commanding).token_command == ("pass", "audit")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link to somebody else")
def test_a_link_of_another_user_in_a_shared_folder_leads_to_no_command(
    commanding: Path, tmp_path: Path
) -> None:
    shared, kept = tmp_path / "shared", tmp_path / "dotfiles"
    shared.mkdir()
    shared.chmod(0o1777)
    commanding.parent.rename(kept)
    (shared / "way").symlink_to(kept)
    os.lchown(shared / "way", 54_321, -1)
    commanding.parent.symlink_to(shared / "way")
    assert f"{shared / 'way'} belongs to another user." in refused(commanding)


def test_a_file_beyond_all_measure_is_told_and_not_read(tmp_path: Path) -> None:
    read = settings(tmp_path, 'theme = "nord"\n' + "#" * (1 << 15))
    assert read == Settings(notices=read.notices)
    assert "could not be read (File too large)" in read.notices[0]


LINES = strategies.builds(
    "{} = {}".format,
    strategies.sampled_from(
        ["token_command", "tz", "theme", "mouse", "slow", "page_size", "keymap", "token"]
    ),
    strategies.sampled_from(["true", "[]", "{}", '""', "1979-05-27", "nan", "[['']]", "1e999", "9" * 5000])
    | strategies.text().map(lambda text: f"'{text}'"),
)


@given(strategies.binary() | LINES.map(str.encode))
@example(b"theme = " + b"[" * 100_000)
@example(b"tz = 'a\\u0000b'")
def test_any_bytes_give_settings(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        assert isinstance(settings(Path(folder), content).notices, tuple)
