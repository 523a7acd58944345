"""Before Textual is imported: what is set for the terminal at hand, who is turned away, and which options are wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from auditui import cli
from auditui.model.errors import UsageError
from auditui.terminal import has_few_glyphs, is_remote, prepare, require_terminal

GOOD = {"TERM": "xterm-256color"}
POOR = {"TERM": "xterm"}
FEW = {"TEXTUAL_THEME": "terminal"}
STILL = {"TEXTUAL_ANIMATIONS": "none"}
TRUE = {"TEXTUAL_COLOR_SYSTEM": "truecolor"}

# The environment, and what is new or other in it afterwards.
PREPARED = {
    # how many colours there are, by what the terminal says of itself
    "256 colours": (GOOD, {}),
    "tmux and screen with 256 colours": ({"TERM": "tmux-256color"}, {}),
    "kitty": ({"TERM": "xterm-kitty"}, {}),
    "24-bit colours, told": (POOR | {"COLORTERM": "truecolor"}, {}),
    "24-bit colours, told otherwise": (POOR | {"COLORTERM": " 24BIT "}, {}),
    "24-bit colours, known by name": ({"TERM": "alacritty"}, TRUE),
    "24-bit colours, also over SSH": (
        {"TERM": "xterm-ghostty", "SSH_TTY": "/dev/pts/1"},
        TRUE | {"ESCDELAY": "400"},
    ),
    "few colours": (POOR, FEW),
    "the Linux console": ({"TERM": "linux"}, FEW | {"TEXTUAL_DISABLE_KITTY_KEY": "1"}),
    "no TERM": ({}, FEW),
    "a COLORTERM that says nothing": (POOR | {"COLORTERM": "yes"}, FEW),
    # the far end of SSH, and multiplexers
    "over SSH": (GOOD | {"SSH_CONNECTION": "a 1 b 22"}, {"ESCDELAY": "400"}),
    "in tmux": (GOOD | {"TMUX": "default,1,0"}, {"TEXTUAL_DISABLE_KITTY_KEY": "1"}),
    "in screen": (GOOD | {"STY": "1.pts-0.host"}, {"TEXTUAL_DISABLE_KITTY_KEY": "1"}),
    # what the user has set stays
    "no colours, as wished": (GOOD | {"NO_COLOR": "1"}, {}),
    "a colour system of one's own": ({"TERM": "alacritty", "TEXTUAL_COLOR_SYSTEM": "256"}, {}),
    "a poor colour system of one's own": (GOOD | {"TEXTUAL_COLOR_SYSTEM": "standard"}, FEW),
    "a theme of one's own": (POOR | {"TEXTUAL_THEME": "nord"}, {}),
    "a delay of one's own": (GOOD | {"SSH_TTY": "/dev/pts/1", "ESCDELAY": "50"}, {}),
    "animations of one's own": (GOOD | {"TEXTUAL_ANIMATIONS": "full"}, {"TEXTUAL_ANIMATIONS": "full"}),
    "keys of one's own": (GOOD | {"TMUX": "x", "TEXTUAL_DISABLE_KITTY_KEY": "0"}, {}),
}


@pytest.mark.parametrize("name", PREPARED)
def test_what_is_set_for_a_terminal(name: str) -> None:
    found, changes = PREPARED[name]
    environ = dict(found)
    prepare(environ)
    assert environ == found | STILL | changes


@pytest.mark.parametrize(
    ("term", "encoding", "few"),
    [
        ("linux", "UTF-8", True),
        ("vt220", "UTF-8", True),
        ("xterm", "UTF-8", False),
        ("xterm", "ISO-8859-1", True),
    ],
)
def test_where_all_is_drawn_in_ascii(
    monkeypatch: pytest.MonkeyPatch, term: str, encoding: str, few: bool
) -> None:
    monkeypatch.setattr("locale.getpreferredencoding", lambda _do_setlocale: encoding)
    assert has_few_glyphs({"TERM": term}) == few


# The same for what the options say: environment, --color, --theme, changes; None for what is gone.
CHOSEN: dict[str, tuple[dict[str, str], str, str, Mapping[str, str | None]]] = {
    "truecolor": (POOR, "truecolor", "", TRUE),
    "256": (POOR, "256", "", {"TEXTUAL_COLOR_SYSTEM": "256"}),
    "16": (GOOD, "16", "", {"TEXTUAL_COLOR_SYSTEM": "standard"} | FEW),
    "none": (GOOD, "none", "", {"NO_COLOR": "1"}),
    "auto": (GOOD, "auto", "", {}),
    "none that means nothing": (GOOD | {"NO_COLOR": ""}, "auto", "", {"NO_COLOR": None}),
    "256 before none at all": (
        GOOD | {"NO_COLOR": "1"},
        "256",
        "",
        {"TEXTUAL_COLOR_SYSTEM": "256", "NO_COLOR": None},
    ),
    "16 before what is set": (GOOD | TRUE, "16", "", {"TEXTUAL_COLOR_SYSTEM": "standard"} | FEW),
    "256 before what is known": ({"TERM": "foot"}, "256", "", {"TEXTUAL_COLOR_SYSTEM": "256"}),
    "a theme": (GOOD, "auto", "nord", {"TEXTUAL_THEME": "nord"}),
    "a theme, with few colours": (POOR, "auto", "nord", {"TEXTUAL_THEME": "nord"}),
    "a theme before the one that is set": (
        GOOD | {"TEXTUAL_THEME": "gruvbox"},
        "auto",
        "nord",
        {"TEXTUAL_THEME": "nord"},
    ),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_what_the_options_say_comes_first(name: str) -> None:
    found, color, theme, changes = CHOSEN[name]
    environ = dict(found)
    prepare(environ, color=color, theme=theme)
    wanted = {**found, **STILL, **changes}
    assert environ == {name: value for name, value in wanted.items() if value is not None}


# A theme of settings.toml: environment, --theme, the theme in the settings, the one that is taken.
USUAL = {
    "many colours": (GOOD, "", "nord", "nord"),
    "few colours": (POOR, "", "nord", "terminal"),
    "few colours, which it keeps": (POOR, "", "ansi-light", "ansi-light"),
    "few colours, asked for": (POOR, "gruvbox", "ansi-light", "gruvbox"),
    "many colours, another asked for": (GOOD, "gruvbox", "nord", "gruvbox"),
    "many colours, another set": (GOOD | {"TEXTUAL_THEME": "gruvbox"}, "", "nord", "nord"),
}


@pytest.mark.parametrize("name", USUAL)
def test_a_theme_of_the_settings_is_taken_where_it_can_be_read(name: str) -> None:
    found, theme, usual, taken = USUAL[name]
    environ = dict(found)
    prepare(environ, theme=theme, usual=usual)
    assert environ["TEXTUAL_THEME"] == taken


def test_textuals_log_is_never_written_as_it_would_hold_every_key() -> None:
    environ = GOOD | {"TEXTUAL_LOG": "keys.log"}
    prepare(environ)
    assert "TEXTUAL_LOG" not in environ


READ_BACK = """
import os
from auditui.terminal import prepare
prepare(os.environ, color="16")
from textual import constants as textual
print(textual.COLOR_SYSTEM, textual.DEFAULT_THEME, textual.TEXTUAL_ANIMATIONS, textual.ESCAPE_DELAY,
    textual.DISABLE_KITTY_KEY, textual.LOG_FILE)
"""


def test_textual_reads_what_was_set() -> None:
    environ = {"PATH": os.environ["PATH"], "TMUX": "x", "SSH_TTY": "x", "TEXTUAL_LOG": "keys.log"} | GOOD
    done = subprocess.run(
        [sys.executable, "-c", READ_BACK], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["standard", "terminal", "none", "0.4", "True", "None"]


@pytest.mark.parametrize(
    ("of_locale", "drawn_in"),
    [
        ("UTF-8", "utf-8"),
        ("ISO-8859-1", "iso8859-1"),
        ("ISO-8859-15", "iso8859-15"),
        ("ANSI_X3.4-1968", "ascii"),
        ("KOI8-R", "ascii"),
        ("CP1252", "ascii"),
        ("nobody knows", "ascii"),
    ],
)
def test_no_byte_is_sent_that_the_locale_s_terminal_would_obey(
    monkeypatch: pytest.MonkeyPatch, of_locale: str, drawn_in: str
) -> None:
    drawn_on = TextIOWrapper(BytesIO(), encoding="latin-1", write_through=True)
    monkeypatch.setattr(sys, "__stderr__", drawn_on)
    monkeypatch.setattr("locale.getpreferredencoding", lambda _do_setlocale: of_locale)
    prepare(dict(GOOD))
    assert drawn_on.encoding == drawn_in
    drawn_on.write("\u2500 \u041b")
    assert drawn_in == "utf-8" or drawn_on.buffer.getvalue() == b"? ?"


@pytest.mark.parametrize(
    ("environ", "remote"),
    [
        ({}, False),
        ({"SSH_CONNECTION": ""}, False),
        ({"SSH_CONNECTION": "a 1 b 22"}, True),
        ({"SSH_TTY": "/dev/pts/1"}, True),
    ],
)
def test_the_far_end_of_ssh_is_known(environ: Mapping[str, str], remote: bool) -> None:
    assert is_remote(environ) is remote


@contextmanager
def streams(*, keys: bool, screen: bool) -> Iterator[tuple[TextIOWrapper, TextIOWrapper]]:
    """Standard input and error, each a terminal or a file."""
    ours, theirs = os.openpty()
    name = os.ttyname(theirs)
    with (
        open(name if keys else os.devnull) as read,  # noqa: PTH123  # as a shell opens it
        open(name if screen else os.devnull, "w") as drawn,  # noqa: PTH123
    ):
        yield read, drawn
    os.close(ours)
    os.close(theirs)


DUMB = (
    "This terminal (TERM=dumb) cannot place text on its screen."
    " Use another one, or set TERM to what it really is; in scripts, use auditui export."
)


@pytest.mark.parametrize(
    ("keys", "screen", "term", "sentences"),
    [
        (True, True, "xterm", None),
        (True, True, "", None),
        (
            False,
            True,
            "xterm",
            "auditui needs a terminal. Over SSH, ask for one: ssh -t HOST auditui; in scripts, use auditui export.",
        ),
        (
            True,
            False,
            "xterm",
            "auditui needs a terminal. Over SSH, ask for one: ssh -t HOST auditui; in scripts, use auditui export.",
        ),
        (
            True,
            True,
            "dumb",
            DUMB,
        ),
    ],
)
def test_it_needs_keys_a_screen_and_a_cursor(
    keys: bool, screen: bool, term: str, sentences: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with streams(keys=keys, screen=screen) as (stdin, stderr), monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", stdin)
        patched.setattr(sys, "stderr", stderr)
        if sentences is None:
            require_terminal({"TERM": term})
            return
        with pytest.raises(UsageError) as raised:
            require_terminal({"TERM": term})
    assert (raised.value.sentences(), raised.value.exit_status) == (sentences, 2)


_SITES = "Give a name such as acme, acme.atlassian.net, or the address of any page of the site."
_UNENCRYPTED = (
    "{} would be reached without encryption. The API token would travel in clear text."
    " Use https://; plain http:// is for this machine's own addresses only."
)
_DATES = "Write 2026-11-01, 2026-11-01T09:30, 7d, 24h, 90m, today, yesterday."
_ORDER = "Choose a start before the end, and before now."

WRONG = {
    "--site=": f"The site is missing. {_SITES}",
    "--site=not a site": f"“not a site” is not the address of a site. {_SITES}",
    "--site=ftp://acme.example.com": f"“ftp://acme.example.com” is not the address of a site. {_SITES}",
    "--site=acme.example.com:99999": f"“acme.example.com:99999” is not the address of a site. {_SITES}",
    "--site=http://acme.example.com": _UNENCRYPTED.format("acme.example.com"),
    "--site=https://ann:secret@acme.example.com": "The site address carries a user name or password."
    " Give the site address alone.",
    "--email=": "The e-mail address is missing. Give the address you sign in to Atlassian with.",
    "--email=ann bee": "This is not an e-mail address. Give the address you sign in to Atlassian with.",
    "--email=ann:secret": "This is not an e-mail address. Give the address you sign in to Atlassian with.",
    "--tz=Mars/Olympus": "There is no time zone “Mars/Olympus” here."
    " Give local, utc or a name such as Europe/Berlin.",
    "--since=tomorow": f"“tomorow” is not a date or a span of time. {_DATES}",
    "--until=2026-02-30": f"“2026-02-30” is not a date or a span of time. {_DATES}",
    "--until=-3d": f"“-3d” is not a date or a span of time. {_DATES}",
    "--since=9999-01-01": f"The search would begin in the future, at 9999-01-01 00:00:00. {_ORDER}",
    "--since=2026-02-01 --until=2026-01-01": "The search would begin at 2026-02-01 00:00:00"
    f" and end before that, at 2026-01-01 23:59:59. {_ORDER}",
}


@pytest.fixture
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings and no variables of the developer's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in list(os.environ):
        if name.startswith("AUDITUI_"):
            monkeypatch.delenv(name)


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.parametrize("options", WRONG)
def test_a_wrong_option_is_one_sentence_and_what_to_do(options: str) -> None:
    arguments = [f"--{part}" for part in f" {options}".split(" --")[1:]]
    with pytest.raises(UsageError) as raised:
        cli.main(["--tz=utc", *arguments])
    assert (raised.value.sentences(), raised.value.exit_status) == (WRONG[options], 2)


@pytest.mark.usefixtures("nothing_set")
def test_a_gateway_without_encryption_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITUI_GATEWAY", "http://gateway.example.com")
    with pytest.raises(UsageError) as raised:
        cli.main([])
    assert raised.value.sentences() == _UNENCRYPTED.format("gateway.example.com")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--demo-records=many"], "argument --demo-records: “many” is not a number"),
        (["--demo-records=\x1b[31m"], "argument --demo-records: “‹ESC›[31m” is not a number"),
        (["--demo-records=-1"], "argument --demo-records: the demo site has up to 5,000,000 records"),
        (["--demo-records=5,000,001"], "argument --demo-records: the demo site has up to 5,000,000 records"),
        (["--color=pink"], "argument --color: invalid choice: 'pink'"),
        (["--token=planted"], "auditui: error: "),
        (["--sit=acme"], "unrecognized arguments: --sit=acme"),
        (["auth"], "auditui auth: error: "),
    ],
)
def test_an_option_that_cannot_be_read_is_exit_status_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in told.splitlines()[-1]
    assert "\x1b" not in told
