"""The keyring as it is met on real machines: a real Secret Service, none, and some that misbehave."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest


class Session(Protocol):
    """An environment in which steps run in a process of their own: see conftest.py."""

    def outcome(self, steps: str, *, seconds: float = 3.0) -> Any: ...
    def with_variables(self, **variables: str) -> Session: ...


OnBus = Callable[[], Session]
WithState = Callable[[str], Session]

LOCKED = "Your keyring is locked and cannot be unlocked from this terminal."
NONE = "No keyring is available here (usual over SSH)."
REPORT = """
    report = await vault.detect()
    return [report.usable, report.name, report.words, report.encrypted]
"""
WORDS = "return (await vault.detect()).words"
SAVE = "return await vault.save(ACCOUNT, TOKEN, Place.KEYRING)"
LOAD = """
    loaded = await vault.load(ACCOUNT)
    return loaded and [loaded.source, str(loaded.credential.account), loaded.credential.token == TOKEN]
"""


@pytest.mark.secret_service
class TestUnlocked:
    def test_a_saved_token_is_found_by_the_next_process(self, with_service: WithState) -> None:
        session = with_service("unlocked")
        assert session.outcome(LOAD) is None
        where = session.outcome(SAVE)
        assert where.startswith("Saved in: Secret Service (")
        source, account, same = session.outcome(LOAD)
        assert source == where.replace("Saved in", "keyring").removesuffix(".")
        assert (account, same) == ("ann@example.com at acme.atlassian.net", True)

    def test_the_report_names_the_collection(self, with_service: WithState) -> None:
        usable, name, words, encrypted = with_service("unlocked").outcome(REPORT)
        assert (usable, encrypted) == (True, True)
        assert name.lower() == "secret service (login)"
        assert words == f"Tokens are kept in {name}."

    def test_forgetting_leaves_nothing(self, with_service: WithState) -> None:
        outcome = with_service("unlocked").outcome("""
            await vault.save(ACCOUNT, TOKEN, Place.KEYRING)
            forgotten = await vault.forget(ACCOUNT)
            left = await vault.accounts()
            return [[place.name for place in forgotten.places], len(left.saved), await vault.load(ACCOUNT)]
        """)
        assert outcome == [["KEYRING"], 0, None]

    @pytest.mark.parametrize("length", [192, 2_600, 100_000])
    def test_tokens_of_any_length_come_back_unchanged(self, with_service: WithState, length: int) -> None:
        outcome = with_service("unlocked").outcome(f"""
            token = Secret("~" * {length})
            await vault.save(ACCOUNT, token, Place.KEYRING)
            return (await vault.load(ACCOUNT)).credential.token == token
        """)
        assert outcome is True

    def test_two_saves_at_once_are_both_listed(self, with_service: WithState) -> None:
        outcome = with_service("unlocked").outcome(
            """
            others = [Account(ACCOUNT.site, f"{n}@example.com") for n in range(4)]
            await asyncio.gather(*(vault.save(other, TOKEN, Place.KEYRING) for other in others))
            return sorted(saved.account.email for saved in (await vault.accounts()).saved)
        """,
            seconds=10,
        )
        assert outcome == [f"{n}@example.com" for n in range(4)]


@pytest.mark.secret_service
@pytest.mark.parametrize("state", ["locked", "never set up"])
@pytest.mark.parametrize("steps", [SAVE, LOAD, WORDS], ids=["save", "load", "report"])
def test_a_keyring_that_needs_a_password_is_called_locked(
    with_service: WithState, state: str, steps: str
) -> None:
    words = with_service(state).outcome(steps)
    assert words.startswith(LOCKED)
    assert ("never set up" in words) == (state == "never set up")


@pytest.mark.secret_service
@pytest.mark.parametrize("steps", [SAVE, LOAD, WORDS], ids=["save", "load", "report"])
def test_a_bus_without_a_service_has_no_keyring(on_bus: OnBus, steps: str) -> None:
    assert on_bus().outcome(steps).startswith(NONE)


@pytest.mark.parametrize("address", [None, "unix:path=/nonexistent/bus", "autolaunch:", "garbage"])
def test_without_a_bus_there_is_no_keyring(plain_session: Session, address: str | None) -> None:
    session = (
        plain_session if address is None else plain_session.with_variables(DBUS_SESSION_BUS_ADDRESS=address)
    )
    words = session.outcome(SAVE)
    assert words.startswith(NONE)
    assert "AUDITUI_TOKEN" in words


@pytest.mark.secret_service
@pytest.mark.parametrize(
    ("mode", "steps"),
    [("mute", SAVE), ("mute", REPORT), ("prompt", SAVE), ("prompt", LOAD)],
    ids=["mute-save", "mute-report", "prompt-save", "prompt-load"],
)
def test_a_silent_service_is_given_up_and_does_not_hold_the_process(
    with_broken_service: WithState, mode: str, steps: str
) -> None:
    session = with_broken_service(mode)
    began = time.monotonic()
    words = str(session.outcome(steps, seconds=1.5))
    assert "Your keyring did not answer within 1.5 seconds." in words
    assert "prompt on another screen" in words
    assert 1.5 <= time.monotonic() - began < 10


@pytest.mark.secret_service
def test_looking_at_a_locked_keyring_shows_no_prompt(with_broken_service: WithState) -> None:
    # a prompt of this service would never end, so an answer proves that there was none
    usable, _, words, _ = with_broken_service("prompt").outcome(REPORT)
    assert not usable
    assert words.startswith(LOCKED)


@pytest.mark.secret_service
def test_a_service_that_dies_midway_is_an_error_with_words(with_broken_service: WithState) -> None:
    words = with_broken_service("die").outcome(SAVE)
    assert words.startswith("Your keyring failed. It answered with secretstorage.exceptions.")


class TestBackEndChosenByHand:
    def test_a_name_that_does_not_exist_is_told(self, plain_session: Session) -> None:
        words = _with_back_end(plain_session, "no.such.Keyring").outcome(LOAD)
        assert words.startswith("PYTHON_KEYRING_BACKEND names “no.such.Keyring”, which cannot be used here.")

    def test_one_that_keeps_nothing_is_found_out(self, plain_session: Session) -> None:
        session = _with_back_end(plain_session, "keyring.backends.null.Keyring")
        assert session.outcome(SAVE).startswith(
            "The token was not saved. keyring.backends.null.Keyring took it"
        )
        assert session.outcome(REPORT)[0] is False

    def test_no_keyring_on_purpose_is_no_keyring(self, plain_session: Session) -> None:
        words = _with_back_end(plain_session, "keyring.backends.fail.Keyring").outcome(SAVE)
        assert words.startswith(NONE)

    def test_a_back_end_that_is_not_chosen_by_hand_must_be_on_the_list(self, plain_session: Session) -> None:
        session = plain_session.with_variables(PYTHONPATH=str(Path(__file__).parent))
        # importing the module registers its back ends with keyring, as an installed plug-in does
        assert session.outcome(f"import plain_keyring\n{SAVE}").startswith(NONE)


def _with_back_end(session: Session, name: str) -> Session:
    return session.with_variables(PYTHON_KEYRING_BACKEND=name)
