"""The demo log looks like a real one, wherever one looks."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.demo.corpus import Corpus

Records = tuple[dict[str, Any], ...]

RECORD = [
    "author",
    "remoteAddress",
    "creationDate",
    "summary",
    "description",
    "category",
    "sysAdmin",
    "superAdmin",
    "affectedObject",
    "changedValues",
    "associatedObjects",
]
PERSON = [
    "type",
    "displayName",
    "operations",
    "isExternalCollaborator",
    "username",
    "userKey",
    "accountId",
    "accountType",
    "publicName",
    "externalCollaborator",
]
DAY = 86_400_000
DOCUMENTATION = [
    ipaddress.ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def test_every_record_has_the_keys_of_a_captured_one_in_their_order(records: Records) -> None:
    for record in records:
        assert list(record) == RECORD
        automatic = record["author"]["displayName"] == "System"
        expected = [key for key in PERSON if not (automatic and key in ("username", "userKey", "accountId"))]
        assert list(record["author"]) == expected
        assert list(record["affectedObject"]) == ["name", "objectType"]
        for value in record["changedValues"]:
            assert list(value) == ["name", "oldValue", "newValue", "hiddenOldValue", "hiddenNewValue"]
        for each in record["associatedObjects"]:
            assert list(each) == ["name", "objectType"]


def test_username_is_the_account_id_and_public_names_are_unknown(records: Records) -> None:
    people = {
        record["author"]["accountId"]: record["author"]
        for record in records
        if "accountId" in record["author"]
    }
    assert len(people) > 30
    for account, author in people.items():
        assert (author["username"], author["publicName"]) == (account, "Unknown user")
    shapes = {(len(account), ":" in account) for account in people}
    assert shapes == {(24, False), (32, False), (43, True)}


def test_twenty_thousand_records_are_newest_first_and_fill_the_year_of_retention(corpus: Corpus) -> None:
    created = [corpus.created(index) for index in range(len(corpus))]
    assert all(newer >= older for newer, older in pairwise(created))
    assert created[0] <= corpus.now
    assert 360 * DAY < corpus.now - created[-1] < 365 * DAY


@settings(max_examples=40, deadline=None)
@given(
    size=st.integers(1, 3_000) | st.integers(1, 5_000_000),
    now=st.integers(1_600_000_000_000, 1_900_000_000_000),
    where=st.floats(0, 1),
)
def test_any_log_is_newest_first_and_within_the_year(size: int, now: int, where: float) -> None:
    corpus = Corpus(size, now)
    first = int(where * (size - 1))
    around = {*range(first, min(first + 400, size)), *range(max(0, first - 20), first), 0, size - 1}
    if corpus.incident:
        edge = corpus.incident.start
        around.update(range(max(0, edge - 20), min(edge + 40, size)))
    created = [corpus.created(index) for index in sorted(around)]
    assert all(newer >= older for newer, older in pairwise(created))
    assert created[0] <= now
    assert created[-1] > now - 365 * DAY


def test_small_logs_reach_back_less_far() -> None:
    now = 1_795_430_523_217
    assert now - Corpus(100, now).created(99) < 10 * DAY
    assert now - Corpus(2_000, now).created(1_999) < 60 * DAY


def test_a_log_of_any_size_is_there_at_once() -> None:
    corpus = Corpus(10**12, 1_795_430_523_217)
    assert corpus.record(10**12 - 1)["creationDate"] > corpus.now - 365 * DAY
    assert corpus.record(10**11)["creationDate"] == corpus.created(10**11)


@pytest.mark.parametrize("index", [-1, 20_000])
def test_there_is_no_record_outside_the_log(corpus: Corpus, index: int) -> None:
    for ask in (corpus.record, corpus.created, corpus.searchable):
        with pytest.raises(IndexError):
            ask(index)


def test_a_record_is_the_same_every_time_and_the_callers_own(corpus: Corpus) -> None:
    for index in (0, 1, corpus.incident.start, 19_999):
        first = corpus.record(index)
        kept = json.dumps(first)
        first["author"].clear()
        first["affectedObject"].clear()
        for value in (*first["changedValues"], *first["associatedObjects"]):
            value.clear()
        assert json.dumps(corpus.record(index)) == kept


def test_another_process_finds_the_same_records(corpus: Corpus) -> None:
    program = (
        "import hashlib, json; from auditui.demo.corpus import Corpus;"
        f"corpus = Corpus(20_000, {corpus.now});"
        "print(hashlib.sha256(json.dumps([corpus.record(i) for i in range(1500)]).encode()).hexdigest())"
    )
    here = hashlib.sha256(json.dumps([corpus.record(index) for index in range(1500)]).encode()).hexdigest()
    other = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == here


def test_another_seed_is_another_year(corpus: Corpus) -> None:
    other = Corpus(20_000, corpus.now, seed=8)
    assert [other.record(index) for index in range(50)] != [corpus.record(index) for index in range(50)]


def test_times_and_searched_texts_agree_with_the_record(corpus: Corpus, records: Records) -> None:
    for index in range(0, 20_000, 7):
        record = records[index]
        assert corpus.created(index) == record["creationDate"]
        texts = (
            record["author"]["displayName"],
            record["summary"],
            record["category"],
            record["remoteAddress"],
        )
        assert corpus.searchable(index) == texts


def test_people_work_by_day_and_rest_at_weekends(records: Records) -> None:
    moments = [datetime.fromtimestamp(record["creationDate"] / 1000, UTC) for record in records]
    busy = sum(moment.weekday() < 5 and 7 <= moment.hour < 18 for moment in moments)
    assert 0.85 < busy / len(moments) < 0.99
    assert sum(moment.weekday() >= 5 for moment in moments) > 100


def test_a_nameless_deactivation_is_told_by_its_neighbour(records: Records) -> None:
    found = 0
    for newer, older in pairwise(records):
        if older["summary"] == "User deactivated":
            assert older["affectedObject"] == {"name": "", "objectType": ""}
            assert newer["summary"] == "User details updated"
            assert newer["affectedObject"]["objectType"] == "User"
            change = newer["changedValues"][0]
            assert (change["name"], change["oldValue"], change["newValue"]) == ("Active", "Yes", "No")
            assert 0 <= newer["creationDate"] - older["creationDate"] <= 72
            found += 1
    assert found > 100


def test_a_new_space_is_followed_by_its_whole_snapshot(records: Records) -> None:
    found = 0
    for newer, older in pairwise(records):
        if older["summary"] == "Space created":
            assert newer["summary"] == "Space configuration updated"
            assert newer["changedValues"] == older["changedValues"]
            assert {change["oldValue"] for change in newer["changedValues"]} == {""}
            assert newer["creationDate"] - older["creationDate"] <= 493
            found += 1
    assert found > 100


def test_groups_carry_their_id_and_a_new_account_joins_two_of_them(records: Records) -> None:
    groups = {
        each["affectedObject"]["name"] for each in records if each["affectedObject"]["objectType"] == "Group"
    }
    assert len(groups) > 15
    assert all(len(group.rpartition(":")[2]) == 36 for group in groups)
    assert any("&" in group for group in groups)
    assert any("/" in group for group in groups)


def test_the_log_holds_what_a_real_one_holds(records: Records) -> None:
    categories = Counter(record["category"] for record in records)
    assert set(categories) == {
        "Users and groups",
        "Spaces",
        "Page",
        "Permissions",
        "Global administration",
        "Public links",
        "Page templates",
    }
    summaries = Counter(record["summary"] for record in records)
    assert summaries.most_common(1)[0][0] == "User added to group"
    expected = {
        "Page viewed with admin key",
        "Space exported",
        "Global settings updated",
        "Space trash emptied",
    }
    assert expected <= set(summaries)
    assert any(
        change["name"] == "Email" and change["oldValue"] == change["newValue"] == ""
        for record in records
        for change in record["changedValues"]
    )


def test_addresses_are_documentation_addresses_or_missing(records: Records) -> None:
    addresses = Counter(record["remoteAddress"] for record in records)
    assert addresses.pop("") > 1_000
    parsed = [ipaddress.ip_address(address) for address in addresses]
    assert all(any(address in network for network in DOCUMENTATION) for address in parsed)
    assert {address.version for address in parsed} == {4, 6}


def test_strange_names_are_met_among_the_first_two_thousand(records: Records) -> None:
    text = json.dumps(records[:2_000], ensure_ascii=False)
    for strange in (
        "\u202e",
        "\\u001b[31m",
        "[/]",
        "Notes [draft] plan",
        "=HYPERLINK",
        "東京",
        "Zürich",
        "דנה",
    ):
        assert strange in text
    authors = {record["author"]["displayName"] for record in records[:2_000]}
    assert any("\u202e" in name for name in authors)
