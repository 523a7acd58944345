"""What the demo site answers, and to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditui.demo.corpus import Corpus
from auditui.demo.site import CLOUD_ID, DemoSite
from auditui.model.retention import Retention

RETENTION = "/wiki/rest/api/audit/retention"
Records = tuple[dict[str, Any], ...]
GATEWAY = f"/ex/confluence/{CLOUD_ID}"


@pytest.fixture
def site(corpus: Corpus) -> DemoSite:
    return DemoSite(corpus)


def test_the_first_page_is_the_newest_thousand(site: DemoSite, records: Records, ask: Any) -> None:
    page = ask.page(site)
    assert list(page) == ["results", "start", "limit", "size", "_links"]
    assert page["results"] == list(records[:1000])
    assert (page["start"], page["limit"], page["size"]) == (0, 1000, 1000)


def test_links_are_those_of_a_confluence_site(site: DemoSite, ask: Any) -> None:
    headers = {**ask.basic(), "Host": "127.0.0.1:8080"}
    answer = ask.answer(
        site, headers=headers, startDate=1, endDate=ask.now, limit=25, start=50, colour="blue"
    )
    links = json.loads(answer.body)["_links"]
    assert links["base"] == "http://127.0.0.1:8080/wiki"
    assert links["context"] == "/wiki"
    assert links["self"].startswith("http://127.0.0.1:8080/wiki/rest/api/audit?startDate=1&")
    target, _, query = links["next"].partition("?")
    assert target == "/rest/api/audit"
    parts = {"next=true", "startDate=1", f"endDate={ask.now}", "limit=25", "start=75", "colour=blue"}
    assert set(query.split("&")) == parts


def test_the_end_is_a_page_without_next_and_then_pages_without_records(site: DemoSite, ask: Any) -> None:
    last = ask.page(site, start=19_990)
    assert last["size"] == 10
    assert "next" not in last["_links"]
    beyond = ask.page(site, start=1_000_000_000)
    assert (beyond["results"], beyond["size"]) == ([], 0)
    assert "next" not in beyond["_links"]


def test_a_page_that_ends_exactly_at_the_end_has_no_next(site: DemoSite, ask: Any) -> None:
    assert "next" not in ask.page(site, start=19_000)["_links"]
    assert "next" in ask.page(site, start=18_999)["_links"]


def test_both_dates_are_included(site: DemoSite, records: Records, ask: Any) -> None:
    newest, oldest = records[40]["creationDate"], records[60]["creationDate"]
    assert ask.page(site, startDate=oldest, endDate=newest)["results"] == list(records[40:61])
    assert ask.page(site, startDate=oldest + 1, endDate=newest - 1)["results"] == list(records[41:60])
    assert ask.page(site, startDate=newest, endDate=newest)["size"] == 1


def test_one_date_is_enough_and_a_reversed_window_is_empty(
    site: DemoSite, records: Records, ask: Any
) -> None:
    assert ask.page(site, startDate=records[9]["creationDate"])["size"] == 10
    assert ask.page(site, endDate=records[19_995]["creationDate"])["size"] == 5
    reversed_window = ask.page(site, startDate=records[3]["creationDate"], endDate=records[9]["creationDate"])
    assert reversed_window["results"] == []


def test_the_page_cap_wins_over_the_limit(corpus: Corpus, ask: Any) -> None:
    page = ask.page(DemoSite(corpus, page_cap=250), limit=1000)
    assert (page["limit"], page["size"]) == (250, 250)


def test_short_pages_lead_on_from_the_records_sent(corpus: Corpus, records: Records, ask: Any) -> None:
    site = DemoSite(corpus, short_pages=True)
    start = 0
    sizes = set()
    for _ in range(4):
        page = ask.page(site, limit=100, start=start)
        assert page["results"] == list(records[start : start + page["size"]])
        start += page["size"]
        sizes.add(page["size"])
        assert f"&start={start}" in page["_links"]["next"]
    assert len(sizes) > 1
    assert max(sizes) <= 100


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("startDate", "2026-11-01"),
        ("endDate", "soon"),
        ("start", "-1"),
        ("limit", "1.5"),
        ("startDate", "9" * 4000),
        ("start", "٣"),
    ],
)
def test_a_parameter_that_is_no_number_is_refused(site: DemoSite, ask: Any, name: str, value: str) -> None:
    answer = ask.answer(site, **{name: value})
    assert answer.status == 400
    body = json.loads(answer.body)
    assert list(body) == ["statusCode", "data", "message"]
    assert body["data"]["errors"][0]["message"]["translation"] == body["message"]
    assert name in body["message"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("Wieczorek REMOVED group", {("Tomasz Wieczorek", "User removed from group")}),
        ("público", set()),
        ("public links", {(None, "Public link enabled"), (None, "Public link disabled")}),
        ("Global settings", {(None, "Global settings updated")}),
    ],
)
def test_search_wants_all_words(
    site: DemoSite, records: Records, ask: Any, search: str, expected: set[tuple[str | None, str]]
) -> None:
    matching = [
        record
        for record in records
        if {(None, record["summary"]), (record["author"]["displayName"], record["summary"])} & expected
    ]
    assert bool(matching) == bool(expected)
    assert ask.page(site, searchString=search)["results"] == matching[:1000]


def test_search_finds_an_address(site: DemoSite, corpus: Corpus, records: Records, ask: Any) -> None:
    story = [records[index] for index in corpus.incident]
    assert ask.page(site, searchString="192.0.2.219")["results"] == story


def test_search_misses_the_users_affected(site: DemoSite, corpus: Corpus, records: Records, ask: Any) -> None:
    story = [records[index] for index in corpus.incident]
    assert sum("svc-backup-02" in json.dumps(record) for record in story) > 8
    found = ask.page(site, searchString="svc-backup-02")["results"]
    assert found == [record for record in story if record["author"]["displayName"] == "svc-backup-02"]


def test_search_can_be_paged_and_narrowed_to_a_window(site: DemoSite, records: Records, ask: Any) -> None:
    expected = [record for record in records if "restriction" in record["summary"]]
    window = expected[700:1900]
    dates = {"endDate": window[0]["creationDate"], "startDate": window[-1]["creationDate"]}
    found: list[Any] = []
    for start in (0, 500, 1000):
        found += ask.page(site, searchString="Restriction", start=start, limit=500, **dates)["results"]
    assert found == window
    again = ask.page(site, searchString="Restriction", start=100, limit=5, **dates)
    assert again["results"] == window[100:105]
    assert ask.page(site, searchString="nobody-at-all")["results"] == []


def test_new_records_enter_at_the_head_and_a_pinned_end_keeps_them_out(
    site: DemoSite, records: Records, ask: Any
) -> None:
    site.grow(3)
    first = ask.page(site, limit=5)["results"]
    assert first[3:] == list(records[:2])
    assert [record["creationDate"] > ask.now for record in first] == [True] * 3 + [False] * 2
    assert first == sorted(first, key=lambda record: -record["creationDate"])
    assert ask.page(site, limit=5, endDate=ask.now)["results"] == list(records[:5])


def test_late_records_move_the_offsets_below_them(site: DemoSite, records: Records, ask: Any) -> None:
    site.arrive_late(2, depth=10)
    page = ask.page(site, limit=20, endDate=ask.now)["results"]
    assert page[:10] == list(records[:10])
    assert page[12:] == list(records[10:18])
    assert page[10] not in records
    created = [record["creationDate"] for record in page]
    assert created == sorted(created, reverse=True)
    assert ask.page(site, start=19_990)["size"] == 12


def test_search_finds_late_records_at_their_place(site: DemoSite, records: Records, ask: Any) -> None:
    site.arrive_late(40, depth=300)
    site.grow(40)
    everything = ask.page(site)["results"]
    for search in ("user", "page", "permissions added"):
        words = search.split()
        expected = [
            record
            for record in everything
            if all(
                word
                in f"{record['author']['displayName']} {record['summary']} {record['category']}".casefold().split()
                for word in words
            )
        ]
        found = ask.page(site, searchString=search, limit=len(expected))["results"]
        assert found == expected
        assert any(record not in records for record in found)


def test_every_third_request_is_told_to_slow_down(corpus: Corpus, ask: Any) -> None:
    site = DemoSite(corpus, rate_limit_every=3, retry_after="7")
    answers = [ask.answer(site, limit=1) for _ in range(6)]
    assert [answer.status for answer in answers] == [200, 200, 429, 200, 200, 429]
    assert dict(answers[2].headers)["Retry-After"] == "7"


def test_latency_is_told_and_not_slept(corpus: Corpus, ask: Any) -> None:
    assert ask.answer(DemoSite(corpus, latency=86_400.0), limit=1).delay == 86_400.0


def test_requests_are_remembered_without_credentials(corpus: Corpus, ask: Any) -> None:
    site = DemoSite(corpus, remember=2)
    for start in (0, 10, 20):
        ask.page(site, start=start, limit=10, endDate=ask.now)
    assert [(asked.method, asked.path) for asked in site.requests] == [("GET", ask.audit)] * 2
    assert [asked.params["start"] for asked in site.requests] == ["10", "20"]
    assert "Basic" not in repr(site.requests)


def test_a_site_remembers_nothing_unless_asked(site: DemoSite, ask: Any) -> None:
    ask.page(site, limit=1)
    assert not site.requests


def test_the_cloud_id_is_for_anybody_and_opens_the_gateway(
    site: DemoSite, records: Records, ask: Any
) -> None:
    cloud_id = json.loads(ask.answer(site, "/_edge/tenant_info", {}).body)["cloudId"]
    path = f"/ex/confluence/{cloud_id}{ask.audit}"
    answer = ask.answer(site, path, ask.basic(token="demo-scoped"), limit=3)
    assert json.loads(answer.body)["results"] == list(records[:3])


def test_the_year_that_the_log_holds_is_what_the_site_keeps(
    site: DemoSite, records: Records, ask: Any
) -> None:
    told = json.loads(ask.answer(site, RETENTION).body)
    since = Retention(told["number"], told["units"]).since(ask.now)
    assert told == {"number": 12, "units": "MONTHS"}
    assert since is not None
    assert since <= records[-1]["creationDate"] < since + 7 * 86_400_000
    behind = ask.answer(site, GATEWAY + RETENTION, ask.basic(token="demo-scoped"))
    assert json.loads(behind.body) == told


@pytest.mark.parametrize(
    ("email", "token", "status"),
    [
        ("member@example.com", "demo", 403),
        ("free@example.com", "demo", 403),
        ("demo@example.com", "wrong", 401),
        ("busy@example.com", "demo", 429),
        ("broken@example.com", "demo", 503),
    ],
)
def test_who_may_not_read_the_log_is_not_told_how_long_it_is_kept(
    site: DemoSite, ask: Any, email: str, token: str, status: int
) -> None:
    assert ask.answer(site, RETENTION, ask.basic(email, token)).status == status
    assert ask.answer(site, RETENTION, {}).status == 403


SITE = "/wiki/rest/api/audit"
HTML, JSON = "text/html", "application/json"


@pytest.mark.parametrize(
    ("email", "token", "path", "status", "kind", "words"),
    [
        ("demo@example.com", "demo", SITE, 200, JSON, '"results"'),
        ("anna@example.org", "demo", SITE, 200, JSON, '"results"'),
        ("demo@example.com", "demo-scoped", GATEWAY + SITE, 200, JSON, '"results"'),
        ("demo@example.com", "demo-scoped", SITE, 401, HTML, "lacks valid authentication credentials for that resource"),
        ("demo@example.com", "no-scope", SITE, 401, HTML, "lacks valid authentication credentials for that resource"),
        ("demo@example.com", "no-scope", GATEWAY + SITE, 401, JSON, "Unauthorized; scope does not match"),
        ("demo@example.com", "wrong", SITE, 401, HTML, "must be authenticated"),
        ("demo@example.com", "wrong", GATEWAY + SITE, 401, JSON, "Unauthorized"),
        ("member@example.com", "wrong", SITE, 401, HTML, "must be authenticated"),
        ("member@example.com", "demo", SITE, 403, JSON, "not authorized"),
        ("free@example.com", "demo", SITE, 403, JSON, "because you are on Free edition. Please upgrade to"),
        ("outside@example.com", "demo", SITE, 403, JSON, "Current user not permitted to use Confluence"),
        ("blocked@example.com", "demo", SITE, 403, JSON, "The IP address has been rejected"),
        ("sso@example.com", "demo", SITE, 302, HTML, "sign-in"),
        ("portal@example.com", "demo", SITE, 200, HTML, "company account"),
        ("busy@example.com", "demo", SITE, 429, JSON, "Rate limit"),
        ("broken@example.com", "demo", SITE, 503, HTML, "unavailable"),
        ("blocked@example.com", "demo-scoped", GATEWAY + SITE, 403, JSON, "The IP address has been rejected"),
    ],
)  # fmt: skip
def test_each_visitor_hears_what_the_real_site_says(
    site: DemoSite, ask: Any, email: str, token: str, path: str, status: int, kind: str, words: str
) -> None:
    answer = ask.answer(site, path, ask.basic(email, token), limit=2)
    assert answer.status == status
    assert dict(answer.headers)["Content-Type"].startswith(kind)
    assert words in answer.body.decode()


def test_some_answers_carry_the_headers_that_tell_them_apart(site: DemoSite, ask: Any) -> None:
    def headers(email: str, token: str, path: str = SITE) -> dict[str, str]:
        return dict(ask.answer(site, path, ask.basic(email, token)).headers)

    assert (
        headers("demo@example.com", "no-scope", GATEWAY + SITE)["X-Failure-Category"]
        == "FAILURE_CLIENT_SCOPE_CHECK"
    )
    assert headers("sso@example.com", "demo")["Location"].startswith("https://id.atlassian.com/login?")
    assert headers("busy@example.com", "demo")["Retry-After"] == "1"


def test_a_garbled_answer_is_json_cut_off(site: DemoSite, ask: Any) -> None:
    answer = ask.answer(site, headers=ask.basic("garbled@example.com"), limit=20)
    assert answer.status == 200
    assert answer.body.startswith(b'{"results":[{')
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body)


@pytest.mark.parametrize("headers", [{"Authorization": "Basic ???"}, {"authorization": "Bearer demo"}])
def test_credentials_that_cannot_be_read_are_wrong(site: DemoSite, ask: Any, headers: dict[str, str]) -> None:
    assert ask.answer(site, headers=headers).status == 401


def test_nobody_in_particular_has_no_confluence(site: DemoSite, ask: Any) -> None:
    answer = ask.answer(site, headers={})
    assert (answer.status, json.loads(answer.body)["message"]) == (
        403,
        "Current user not permitted to use Confluence",
    )


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/wiki/rest/api/space", JSON),
        ("/wiki/rest/api/audit/since", JSON),
        ("/ex/confluence/somebody-else/wiki/rest/api/audit", JSON),
        ("/", HTML),
        ("//[", HTML),
    ],
)
def test_there_is_nothing_else(site: DemoSite, ask: Any, path: str, kind: str) -> None:
    answer = ask.answer(site, path)
    assert (answer.status, dict(answer.headers)["Content-Type"].split(";")[0]) == (404, kind)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_the_log_can_only_be_read(site: DemoSite, ask: Any, method: str) -> None:
    for path in (ask.audit, RETENTION, "/_edge/tenant_info"):
        answer = site.answer(method, path, ask.basic())
        assert (answer.status, dict(answer.headers)["Allow"]) == (405, "GET")
