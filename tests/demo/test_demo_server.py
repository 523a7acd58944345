"""Reading the demo log over HTTP on this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite

Records = tuple[dict[str, Any], ...]


@pytest.mark.parametrize(
    "manners",
    [
        {},
        {"page_cap": 700},
        {"short_pages": True},
        {"growth_per_request": 7},
        {"page_cap": 990, "short_pages": True, "growth_per_request": 13},
    ],
    ids=str,
)
def test_a_pinned_walk_meets_every_record_once(
    corpus: Corpus, records: Records, calling: Any, ask: Any, manners: dict[str, Any]
) -> None:
    site = DemoSite(corpus, remember=1_000, **manners)
    with calling(site) as caller:
        pages = list(caller.walk(startDate=0, endDate=ask.now))
    assert [record for page in pages for record in page] == list(records)
    assert len(site.requests) == len(pages) >= 20
    assert {(asked.method, asked.params["endDate"]) for asked in site.requests} == {("GET", str(ask.now))}


def test_an_unpinned_walk_through_a_growing_log_meets_records_twice(
    corpus: Corpus, records: Records, calling: Any
) -> None:
    with calling(DemoSite(corpus, growth_per_request=7)) as caller:
        pages = caller.walk(limit=500)
        first, second = next(pages), next(pages)
    assert first == list(records[:500])
    assert second[:7] == first[-7:]


def test_late_records_shift_even_a_pinned_walk(corpus: Corpus, calling: Any, ask: Any) -> None:
    with calling(DemoSite(corpus, late_per_request=2)) as caller:
        pages = caller.walk(limit=500, endDate=ask.now)
        first, second = next(pages), next(pages)
    assert second[:2] == first[-2:]


def test_pages_asked_for_at_the_same_time_are_the_same(
    corpus: Corpus, records: Records, calling: Any
) -> None:
    site = DemoSite(corpus)
    expected = [record for record in records if record["category"] == "Permissions"]

    def read(start: int) -> list[Any]:
        with calling(site) as caller:
            page = caller.page(searchString="permissions", start=start, limit=300)
            return list(page["results"])

    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(read, range(0, 1_800, 300)))
    assert [record for page in pages for record in page] == expected[:1_800]


def test_one_connection_serves_many_requests_and_names_no_interpreter(
    corpus: Corpus, calling: Any, ask: Any
) -> None:
    with calling(DemoSite(corpus)) as caller:
        for _ in range(3):
            answer, body = caller.send("GET", f"{ask.audit}?limit=2")
            assert json.loads(body)["size"] == 2
            assert answer.getheader("Content-Type") == "application/json;charset=UTF-8"
            assert answer.getheader("Connection") is None
            assert "Python" not in str(answer.getheader("Server"))


def test_latency_is_waited_for(corpus: Corpus, calling: Any) -> None:
    with calling(DemoSite(corpus, latency=0.05)) as caller:
        before = time.monotonic()
        caller.page(limit=1)
        assert time.monotonic() - before >= 0.05


def test_writing_is_refused_and_its_body_never_taken_for_a_request(
    corpus: Corpus, calling: Any, ask: Any
) -> None:
    site = DemoSite(corpus, remember=10)
    with calling(site) as caller:
        answer, _ = caller.send("POST", ask.audit, body="GET /wiki/rest/api/audit HTTP/1.1\r\n\r\n")
        assert answer.status == 405
        answer, body = caller.send("HEAD", ask.audit)
        assert (answer.status, body) == (405, b"")
        assert caller.page(limit=1)["size"] == 1
    assert [asked.method for asked in site.requests] == ["POST", "HEAD", "GET"]


def test_the_server_listens_on_this_machine_only_and_ends_with_its_connections(corpus: Corpus) -> None:
    with serve(DemoSite(corpus)) as served:
        assert served.url == f"http://127.0.0.1:{served.port}"
        idle = socket.create_connection(("127.0.0.1", served.port), timeout=10)
        idle.sendall(b"GET /_edge/tenant_info HTTP/1.1\r\nHost: demo\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 200")
    with idle:
        while idle.recv(4096):
            pass  # what was left of the answer; the end of the connection ends the loop
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", served.port), timeout=10)


def test_a_peer_that_leaves_in_the_middle_troubles_nobody(
    corpus: Corpus, ask: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve(DemoSite(corpus)) as served:
        rude = socket.create_connection(("127.0.0.1", served.port), timeout=10)
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        credentials = ask.basic()["Authorization"]
        rude.sendall(
            f"GET {ask.audit} HTTP/1.1\r\nHost: demo\r\nAuthorization: {credentials}\r\n\r\n".encode()
        )
        assert rude.recv(100)
        rude.close()
    assert capfd.readouterr().err == ""


def test_serving_in_the_foreground_ends_quietly_when_interrupted(corpus: Corpus) -> None:
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from auditui.demo.corpus import Corpus; from auditui.demo.server import serve_until_interrupted;"
        "from auditui.demo.site import DemoSite;"
        f"site = DemoSite(Corpus(100, {corpus.now}));"
        "serve_until_interrupted(site, 0, lambda served: print(served.port, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert process.stdout is not None
    port = int(process.stdout.readline())
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(b"GET /_edge/tenant_info HTTP/1.0\r\n\r\n")
        assert b"cloudId" in b"".join(iter(lambda: caller.recv(4096), b""))
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=10)
    assert (process.returncode, error) == (0, "")
