"""settings.toml: what is understood is used, what is not is told."""

from __future__ import annotations

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


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    read = read_settings(tmp_path)
    assert "could not be read (Is a directory)" in read.notices[0]


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
