"""Runs the user's own program that prints the token, such as `pass` or `op`. Knows nothing of settings or sites."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping

from auditui.model.account import Account, token_of
from auditui.model.errors import SignInNeeded, UsageError
from auditui.model.secret import Secret
from auditui.programs import ended, harmless

LIMIT = 30.0
"""Seconds that the program gets."""

_MOST_OUTPUT = 64 * 1024
_MOST_ERRORS = 4 * 1024
_CHUNK = 64 * 1024


async def token_from(
    command: tuple[str, ...], account: Account, environ: Mapping[str, str], *, seconds: float = LIMIT
) -> Secret:
    """The first line that the program writes.

    It is started without a shell and without a terminal, and finds the account in `AUDITUI_SITE` (the origin) and
    `AUDITUI_EMAIL`. What it writes to stderr becomes part of the error, as it came.

    Raises:
        SignInNeeded: it cannot be started, fails, takes longer than `seconds`, or prints no token.
    """
    theirs = {"AUDITUI_SITE": account.site.origin, "AUDITUI_EMAIL": account.email}
    # a token in AUDITUI_TOKEN is another account's, or this program would not be asked
    process = await _started(command, {**harmless(environ), **theirs})
    try:
        output, errors = await asyncio.wait_for(_outcome(process), seconds)
    except TimeoutError:
        raise _failed(command, f"took longer than {seconds:g} seconds") from None
    finally:
        await ended(process)
    line = output.partition(b"\n")[0].decode("utf-8", "replace").strip()
    if process.returncode != 0:
        raise _failed(command, f"failed with status {process.returncode}", _told(errors, line))
    if not line:
        raise _failed(command, "printed nothing", _told(errors, line))
    try:
        return token_of(line)
    except UsageError as error:
        raise _failed(command, "printed something else than a token", error.happened) from None


async def _started(command: tuple[str, ...], environ: Mapping[str, str]) -> Process:
    try:
        # a session of its own: it cannot ask on our terminal, and can be ended with all that it started
        return await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=environ, start_new_session=True
        )
    except OSError as error:
        raise _failed(command, "could not be started", f"{error.strerror}.") from error
    except UnicodeEncodeError:  # its text is not passed on, as it holds the argument
        raise _failed(command, "could not be started", "It has a character that this locale lacks.") from None


async def _outcome(process: Process) -> tuple[bytes, bytes]:
    output, errors, _ = await asyncio.gather(
        _beginning(process.stdout, _MOST_OUTPUT), _beginning(process.stderr, _MOST_ERRORS), process.wait()
    )
    return output, errors


async def _beginning(stream: asyncio.StreamReader | None, most: int) -> bytes:
    # the rest is read and dropped, so that a program that says much can come to its end
    kept = b""
    while stream is not None and (chunk := await stream.read(_CHUNK)):
        kept += chunk[: most - len(kept)]
    return kept


def _told(errors: bytes, line: str) -> str:
    text = errors.decode("utf-8", "replace").strip()
    # a program that traces itself may repeat the token there
    return text.replace(line, "•••") if line else text


def _failed(command: tuple[str, ...], what: str, why: str = "") -> SignInNeeded:
    return SignInNeeded(
        f"token_command ({command[0]}) {what}.",
        why=why,
        remedy="Run the command by hand; it has to print the token as its first line, without asking on the terminal.",
    )
