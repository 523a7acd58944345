"""The incident can be found, and only by following it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from auditui.demo.corpus import Corpus
from auditui.demo.incident import ACCOUNT, ADDRESS

Records = tuple[dict[str, Any], ...]

STORY = [
    "User created",
    "User added to group",
    "User added to group",
    "Space permission added",
    "Space permission added",
    "Space permission added",
    "Content restriction removed",
    "Page viewed with admin key",
    "Space exported",
    "Space trash emptied",
    "Space permission removed",
    "User removed from group",
    "User deactivated",
    "User details updated",
]


@pytest.mark.parametrize("size", [64, 100, 500, 1_500, 20_000, 100_000, 5_000_000])
def test_every_log_tells_the_whole_story_in_its_order(size: int) -> None:
    corpus = Corpus(size, 1_795_430_523_217)
    told = [corpus.record(index) for index in reversed(corpus.incident)]
    assert [record["summary"] for record in told] == STORY
    created = [record["creationDate"] for record in told]
    assert created == sorted(created)
    assert created[-1] - created[0] < 20 * 60_000
    began = datetime.fromtimestamp(created[0] / 1000, UTC)
    assert (began.hour, began.minute) == (2, 12)
    assert corpus.incident.start > 0
    assert corpus.incident.stop < size


@pytest.mark.parametrize("size", [1_500, 20_000, 5_000_000])
def test_it_lies_twelve_days_back(size: int) -> None:
    corpus = Corpus(size, 1_795_430_523_217)
    began = datetime.fromtimestamp(corpus.created(corpus.incident.stop - 1) / 1000, UTC)
    now = datetime.fromtimestamp(corpus.now / 1000, UTC)
    assert (now.date() - began.date()).days == 12


@pytest.mark.parametrize("size", [0, 1, 10, 61])
def test_a_handful_of_records_holds_no_incident(size: int) -> None:
    corpus = Corpus(size, 1_795_430_523_217)
    assert not corpus.incident
    assert all(corpus.record(index)["remoteAddress"] != ADDRESS for index in range(size))


def test_nothing_else_comes_from_its_address_or_names_its_account(corpus: Corpus, records: Records) -> None:
    by_address = [index for index, record in enumerate(records) if record["remoteAddress"] == ADDRESS]
    assert by_address == list(corpus.incident)
    by_name = [index for index, record in enumerate(records) if ACCOUNT in json.dumps(record)]
    assert set(by_name) < set(corpus.incident)


def test_the_administrator_also_does_ordinary_work_from_elsewhere(corpus: Corpus, records: Records) -> None:
    culprit = records[corpus.incident.stop - 1]["author"]["accountId"]
    elsewhere = [
        record
        for record in records
        if record["author"].get("accountId") == culprit and record["remoteAddress"] != ADDRESS
    ]
    assert len(elsewhere) > 100


def test_rights_are_given_and_taken_back(corpus: Corpus) -> None:
    told = [corpus.record(index) for index in reversed(corpus.incident)]
    given = [record for record in told if record["summary"] == "Space permission added"]
    assert [record["changedValues"][0]["newValue"] for record in given] == [
        "SETSPACEPERMISSIONS",
        "EXPORTSPACE",
        "VIEWSPACE",
    ]
    spaces = {record["associatedObjects"][0]["name"] for record in given}
    assert spaces == {
        record["affectedObject"]["name"] for record in told if record["summary"] == "Space exported"
    }
    assert told[1]["affectedObject"] == told[11]["affectedObject"]
    assert told[1]["affectedObject"]["name"].startswith("site-admins:")


def test_its_end_names_the_account_only_beside_the_deactivation(corpus: Corpus) -> None:
    last, before = (corpus.record(index) for index in corpus.incident[:2])
    assert before["affectedObject"] == {"name": "", "objectType": ""}
    assert last["affectedObject"]["name"].startswith(ACCOUNT)
    assert 11 <= last["creationDate"] - before["creationDate"] <= 72
