"""The user's own program that prints the token, as a real process."""

from __future__ import annotations

import os
import sys

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


@pytest.mark.parametrize("output", ["", "\n", " \ns3cr3t"])
async def test_an_empty_first_line_is_no_token(account: Account, output: str) -> None:
    assert "printed nothing" in await failure(account, *python(f"print({output!r}, end='')"))


async def test_text_that_no_token_looks_like_is_not_used_nor_repeated(account: Account) -> None:
    words = await failure(account, "printf", "Enter the passphrase:")
    assert "printed something else than a token" in words
    assert "passphrase:" not in words


async def test_a_program_that_takes_too_long_is_ended_with_its_children(account: Account) -> None:
    # the child holds the pipe open: only when it is gone too does reading come to an end
    code = "import subprocess; subprocess.run(['sleep', '600'])"
    words = await failure(account, *python(code), seconds=0.5)
    assert "took longer than 0.5 seconds" in words
