"""The user's own program that prints the token, as a real process."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import pytest

from auditui.account.token_command import token_from
from auditui.model.account import Account
from auditui.model.errors import SignInNeeded


async def token(account: Account, *command: str, seconds: float = 20) -> str:
    return (await token_from(command, account, dict(os.environ), seconds=seconds)).reveal()


def python(code: str) -> tuple[str, ...]:
    return sys.executable, "-c", code


async def failure(account: Account, *command: str, seconds: float = 20) -> str:
    with pytest.raises(SignInNeeded) as raised:
        await token(account, *command, seconds=seconds)
    return raised.value.sentences()


async def test_the_first_line_is_the_token(account: Account) -> None:
    assert await token(account, "printf", "  s3cr3t \r\nuser: ann\nurl: x\n") == "s3cr3t"


async def test_there_is_no_shell(account: Account) -> None:
    assert await token(account, "printf", "%s", "$HOME;`id`") == "$HOME;`id`"


async def test_a_program_that_says_much_comes_to_its_end(account: Account) -> None:
    code = "import sys; print('s3cr3t'); print('x' * 3_000_000); print('y' * 3_000_000, file=sys.stderr)"
    assert await token(account, *python(code)) == "s3cr3t"


async def test_the_program_learns_which_account_is_meant(account: Account) -> None:
    code = "import os; print(os.environ['AUDITUI_SITE'] + '|' + os.environ['AUDITUI_EMAIL'])"
    assert await token(account, *python(code)) == account.key


async def test_the_program_cannot_read_from_or_ask_on_our_terminal(account: Account) -> None:
    code = "import os, sys; print(repr(sys.stdin.read()) + str(os.getsid(0) == os.getpid()))"
    assert await token(account, *python(code)) == "''True"


async def test_what_it_says_on_failure_is_passed_on_without_the_token(account: Account) -> None:
    words = await failure(
        account, *python("import sys; print('s3cr3t'); sys.exit('\\x1b[31mno entry; tried s3cr3t')")
    )
    assert "failed with status 1. \x1b[31mno entry; tried •••" in words
    assert "s3cr3t" not in words


async def test_a_missing_program_is_told(account: Account) -> None:
    words = await failure(account, "/nonexistent/pass", "show", "s3cr3t")
    assert words.startswith(
        "token_command (/nonexistent/pass) could not be started. No such file or directory."
    )
    assert "s3cr3t" not in words


async def test_an_argument_that_cannot_be_passed_on_in_this_locale_is_told(account: Account) -> None:
    words = await failure(account, "printf", "s3cr3t \udfff")
    assert words.startswith(
        "token_command (printf) could not be started. It has a character that this locale lacks."
    )
    assert "s3cr3t" not in words


@pytest.mark.parametrize("output", ["", "\n", " \ns3cr3t"])
async def test_an_empty_first_line_is_no_token(account: Account, output: str) -> None:
    assert "printed nothing" in await failure(account, *python(f"print({output!r}, end='')"))


async def test_text_that_no_token_looks_like_is_not_used_nor_repeated(account: Account) -> None:
    words = await failure(account, "printf", "Enter the passphrase:")
    assert "printed something else than a token" in words
    assert "passphrase:" not in words


async def test_a_program_that_takes_too_long_is_ended_with_its_children(
    account: Account, tmp_path: Path
) -> None:
    fifo = tmp_path / "held"
    os.mkfifo(fifo)
    held = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    script = f"exec 3>'{fifo}'; echo held >&3; sleep 600 & wait"
    words = await failure(account, "sh", "-c", script, seconds=1)
    assert "took longer than 1 seconds" in words
    assert os.read(held, 100) == b"held\n"
    # it can be read again, and comes to its end, only when the child is gone, too
    assert select.select([held], [], [], 10)[0]
    assert os.read(held, 100) == b""
    os.close(held)
