"""A token shows itself nowhere but where it is asked for."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import string
import traceback
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui.model.account import Account, Credential, token_of
from auditui.model.errors import UsageError
from auditui.model.secret import Secret, without_secrets
from auditui.model.site import Site

TOKEN = "ATATT3xFfGF0-correct-horse"
SECRET = Secret(TOKEN)
CREDENTIAL = Credential(Account(Site.parse("acme"), "ann@example.com"), SECRET)


@pytest.mark.parametrize(
    "shown",
    [
        repr(SECRET),
        str(SECRET),
        f"{SECRET}",
        f"{SECRET:>60}",
        f"{SECRET!s:s}",
        "%s %r" % (SECRET, SECRET),  # noqa: UP031 - as logging does
        repr([SECRET]),
        repr(CREDENTIAL),
        str(CREDENTIAL),
    ],
)
def test_it_is_dots_in_every_text(shown: str) -> None:
    assert TOKEN not in shown
    assert "•••" in shown


@pytest.mark.parametrize(
    "give_away",
    [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, lambda secret: dataclasses.asdict(CREDENTIAL)],
)
def test_it_leaves_the_process_by_no_back_door(give_away: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError) as refusal:
        give_away(SECRET)
    assert TOKEN not in str(refusal.value)


def test_it_is_dots_in_a_traceback_with_local_variables() -> None:
    def fail(credential: Credential) -> None:
        raise ValueError(credential)

    with pytest.raises(ValueError) as failure:  # noqa: PT011 - it has no text but the credential
        fail(CREDENTIAL)
    told = traceback.TracebackException.from_exception(failure.value, capture_locals=True)
    assert "credential = Credential(" in "".join(told.format())
    assert TOKEN not in "".join(told.format())


def test_it_has_no_attributes_to_list() -> None:
    assert not hasattr(SECRET, "__dict__")


def test_it_is_there_for_who_asks() -> None:
    assert SECRET.reveal() == TOKEN


def test_equal_tokens_are_equal_and_nothing_else_is() -> None:
    assert Secret(TOKEN) == SECRET
    assert hash(SECRET) == hash(Secret(TOKEN))
    assert Secret("other") != SECRET
    assert SECRET != TOKEN


def test_an_empty_one_is_none() -> None:
    assert SECRET
    assert not Secret("")


@pytest.mark.parametrize("pasted", [f"  {TOKEN}\r\n", f"{TOKEN}\t"])
def test_a_paste_loses_its_blanks(pasted: str) -> None:
    assert token_of(pasted).reveal() == TOKEN


@pytest.mark.parametrize("pasted", ["", " \n", f"{TOKEN} {TOKEN}", f"{TOKEN}\u200b", f"{TOKEN}\n{TOKEN}"])
def test_what_cannot_be_a_token_is_refused_without_repeating_it(pasted: str) -> None:
    with pytest.raises(UsageError) as refusal:
        token_of(pasted)
    assert TOKEN not in refusal.value.sentences()


TOKENS = st.text(string.ascii_letters + string.digits + "-_=", min_size=12, max_size=60)


@given(TOKENS, st.text(max_size=9), st.text(max_size=9), st.sampled_from([b64encode, urlsafe_b64encode]))
def test_it_is_found_in_the_base64_of_any_text_that_holds_it(
    token: str, before: str, after: str, encode: Callable[[bytes], bytes]
) -> None:
    secret = Secret(token)
    sent = encode(f"{before}{token}{after}".encode()).decode()
    told = without_secrets(f"Basic {sent}, said the site")
    assert told.startswith("Basic (hidden)")
    assert told.endswith(", said the site")
    assert sent[len(sent) // 2 :].rstrip("=") not in told
    assert secret


@given(TOKENS)
def test_only_secrets_that_are_in_use_are_hidden(token: str) -> None:
    secret = Secret(token)
    assert without_secrets(f"a {token} b") == "a (hidden) b"
    del secret
    assert without_secrets(f"a {token} b") == f"a {token} b"


def test_a_word_that_is_hardly_a_token_is_left() -> None:
    secrets = [Secret("demo"), Secret("")]
    assert without_secrets("the demo site, ZGVtbw==") == "the demo site, ZGVtbw=="
    assert secrets
