"""The timeline for tickets: what it tells, and that foreign text in it is read, never obeyed, and links and calls nobody."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from auditui.client.decode import decode
from auditui.export.exporter import Destination, Ending
from auditui.export.markdown import MARKDOWN, inline
from auditui.model.change_text import change_text
from auditui.model.record import AuditObject, Record
from auditui.model.text import TEXT_CAP, inert_line
from auditui.model.when import Zone
from tests.export.test_csv_formats import RECORD
from tests.export.test_json_formats import OCCASION, PATIENTLY, as_sent, written
from tests.model.records import NOW, records
from tests.store.demo_records import demo_records

READERS = {
    "CommonMark": MarkdownIt("commonmark", {"html": True}),
    "GitHub's": MarkdownIt("gfm-like", {"html": True, "linkify": True}),
}
"""The standard, and GitHub's with tables, strikethrough and links out of plain text; HTML is let through by both."""

SKELETON = {"h1", "h2", "ul", "li", "p", "strong", "em", "code"}

HOSTILE = st.lists(
    st.sampled_from(
        "` `` ``` * ** _ __ ~~ # ## - + > < & | \\ \\\\ [ ] ( ) ! ![ ]( [x]: </ /> <b> <!-- --> &lt; &#64; &amp; $ $$ : ; . "
        "1. 1) = === --- *** ^ { } ' \" @ @team #1 GH-1 www. http:// https://x.org //x.org x.org a@b.org :tada: ~x !1 %1 "
        "4f1d2c3 <script>alert(1)</script> <img/src=x> [^1] [ ] [x] :-- ‹ESC› \x1b \n \r \t \x00 \u00a0 \u202e \ud800 é".split(
            " "
        )
    )
    | st.sampled_from([" ", "  ", "a", "b1", "日本"])
    | st.text(max_size=3),
    max_size=8,
).map("".join)


@dataclass
class _Page(HTMLParser):
    """A page as it is seen: the text of each item without the items below it, the title, what is not code."""

    html: str
    tags: set[str] = field(default_factory=set)
    items: list[str] = field(default_factory=list)
    title: str = ""
    bare: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._within: list[int] = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.add(tag)
        self._open.append(tag)
        if tag == "li":
            self.items.append("")
            self._within.append(len(self.items) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "li":
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if self._within and self._open[-1] != "ul":
            self.items[self._within[-1]] += data
        if "h1" in self._open:
            self.title += data
        if "code" not in self._open:
            self.bare += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def page(reader: str, markdown: bytes) -> _Page:
    """What one sees of a timeline."""
    return _Page(READERS[reader].render(markdown.decode()))


def shown(text: str) -> str:
    """A foreign text as it can be seen."""
    return inert_line(text, TEXT_CAP).text


def object_told(each: AuditObject) -> str:
    """An object as it is to be read."""
    return (
        f"{shown(each.kind)} {shown(each.label) or '(no name)'}"
        if each.kind
        else shown(each.label) or "(no name)"
    )


def told(record: Record) -> str:
    """Behind its time, what a bullet has to say."""
    address = f" ({shown(record.address)})" if record.address else ""
    named = record.affected.name or record.affected.kind
    objects = [
        object_told(record.affected) if named else "(object not named)",
        *map(object_told, record.associated),
    ]
    event = shown(record.event) or "(no event named)"
    return f"{shown(record.author.label)}{address}: {event} — {'; '.join(objects)}"


def texts_of(record: Record) -> tuple[str, ...]:
    """What stands below a bullet, after the words that are ours."""
    return tuple(shown(text) for text in (record.description, *record.unusual) if text)


# What it tells


def test_a_timeline_tells_circumstances_days_records_and_changes() -> None:
    log = [
        RECORD,
        as_sent(
            {"author": {"displayName": "System"}, "summary": "User created", "creationDate": NOW - 86_400_000}
        ),
    ]
    text = written(MARKDOWN, log[:1], [replace(log[1], unusual=())]).decode()
    assert (
        text
        == """\
# Audit log of `acme.atlassian.net`

- Range: 2026-11-11T10:00:30.000Z to 2026-11-12T10:00:30.000Z
- Searched for: group
- Filter: `author:ana`
- Records: those that pass the filter, newest first
- Exported: 2026-11-12T10:00:30.007Z
- Times below: `Europe/Berlin`

## 2026-11-12

- **11:00:30** Ana Example (`192.0.2.7`): Space configuration updated — Group *admins*; Space *Demo*; Page (no name); *Plan*
  - *Status*: current → archived
  - *Key*: DEMO
  - *Owner*: Ana → (none)
  - *Email*: `a@b.org` (no change)
  - *Logo*: empty (no change)
  - (unnamed): x → y (hidden in Confluence)
  - As an administrator
  - Description: two‹LF›lines
  - Unusual: the record has the unknown field “colour”

## 2026-11-11

- **11:00:30** System: User created — (object not named)

**2 records**, complete: whole answer
"""
    )


def test_nothing_asked_for_and_nothing_found_is_told_too() -> None:
    text = written(MARKDOWN, [], occasion=replace(OCCASION, start=0, search="", filter="")).decode()
    assert (
        "- Range: the oldest record kept to 2026-11-12T10:00:30.000Z\n- Searched for: anything\n- Filter: none\n"
        in text
    )
    assert text.endswith("- Times below: `Europe/Berlin`\n\n**0 records**, complete: whole answer\n")


def test_an_incomplete_timeline_says_so() -> None:
    stream = io.BytesIO()
    writer = MARKDOWN.open(Destination(stream, None), OCCASION)
    writer.write(demo_records(1))
    writer.finish(Ending(1, complete=False, completeness="It stops at #1,000 <b>."))
    assert (
        stream.getvalue().decode().endswith("\n**1 record**, incomplete: It stops at `#1,000` &lt;b&gt;.\n")
    )


def headings(markdown: bytes) -> list[str]:
    """The days."""
    return re.findall("^## (.*)$", markdown.decode(), re.MULTILINE)


def test_a_day_of_the_zone_is_one_heading() -> None:
    log = [decode(f'{{"creationDate": {NOW - hours * 3_600_000}}}') for hours in range(48)]
    assert headings(written(MARKDOWN, log)) == ["2026-11-12", "2026-11-11", "2026-11-10"]
    kiritimati = replace(OCCASION, zone=Zone("Pacific/Kiritimati"), order="oldest first")
    assert headings(written(MARKDOWN, log[::-1], occasion=kiritimati)) == [
        "2026-11-11",
        "2026-11-12",
        "2026-11-13",
    ]


def test_in_an_order_that_is_not_of_time_each_record_tells_its_day() -> None:
    log = [decode(f'{{"creationDate": {NOW - days * 86_400_000}}}') for days in (0, 3, 0)]
    text = written(MARKDOWN, log, occasion=replace(OCCASION, order="by Author"))
    assert headings(text) == ["Records"]
    assert re.findall(r"\*\*(2026.*?)\*\*", text.decode()) == [
        f"2026-11-{day} 11:00:30" for day in ("12", "09", "12")
    ]


def test_a_record_without_a_date_has_its_place() -> None:
    text = written(MARKDOWN, [decode("{}"), decode('{"creationDate": "**soon**"}')])
    assert headings(text) == ["Without a date"]
    assert [item[:33] for item in page("CommonMark", text).items if item.startswith("(")] == [
        "(no date) (unknown): (no event na",
        '(invalid date: "**soon**") (unkno',
    ]


def test_a_text_that_is_cut_is_told_of() -> None:
    writer = MARKDOWN.open(Destination(io.BytesIO(), None), OCCASION)
    writer.write([replace(RECORD, description="a" * TEXT_CAP)])
    assert not writer.warnings
    writer.write([replace(RECORD, description="a " * TEXT_CAP, address="b " * TEXT_CAP)])
    assert list(writer.warnings) == ["2 texts were cut after 20,000 characters."]


@PATIENTLY
@given(log=st.lists(records(), max_size=4), cut=st.integers(0, 4))
def test_a_broken_timeline_that_goes_on_tells_the_same_and_its_day_once_more(
    log: list[Record], cut: int
) -> None:
    whole, resumed = written(MARKDOWN, log), written(MARKDOWN, log[:cut], log[cut:])
    repeated = (
        1 if headings(written(MARKDOWN, log[:cut]))[-1:] == headings(written(MARKDOWN, log[cut:]))[:1] else 0
    )
    assert len(headings(resumed)) == len(headings(whole)) + (repeated if 0 < cut < len(log) else 0)
    assert re.sub(b"\n## .*\n\n", b"", resumed) == re.sub(b"\n## .*\n\n", b"", whole)


# What others wrote


@pytest.mark.parametrize("reader", READERS)
@PATIENTLY
@given(log=st.lists(records(), min_size=1, max_size=3))
def test_any_log_is_read_as_it_was_written_and_as_nothing_else(reader: str, log: list[Record]) -> None:
    seen = page(reader, written(MARKDOWN, log))
    assert seen.tags <= SKELETON
    items = iter(seen.items)
    for record in log:
        assert any(item.rstrip("\n").endswith(f" {told(record)}") for item in items)
        for text in texts_of(record):
            assert any(item.endswith(f": {text}") for item in items)


@pytest.mark.parametrize("reader", READERS)
@given(name=HOSTILE, value=HOSTILE, event=HOSTILE, site=HOSTILE)
@example(name="*", value="`", event="``", site="#")
@example(name=" ", value=" a ", event="  ", site=" #")
@example(name="- [ ] x", value="a\\", event="1. x", site="x #")
@example(name="`@", value="@ ` `` ", event=" @ ", site="@`")
def test_nothing_that_somebody_wrote_becomes_part_of_the_page(
    reader: str, name: str, value: str, event: str, site: str
) -> None:
    record = as_sent(
        {
            "author": {"displayName": name},
            "remoteAddress": value,
            "summary": event,
            "affectedObject": {"name": value, "objectType": name},
            "associatedObjects": [{"name": name, "objectType": event}],
            "changedValues": [{"name": name, "oldValue": value, "newValue": event}],
        }
    )
    seen = page(
        reader,
        written(MARKDOWN, [record], occasion=replace(OCCASION, site=f"x{site}", search=value, filter=event)),
    )
    assert seen.tags <= SKELETON
    assert seen.title == f"Audit log of {shown(f'x{site}')}"
    assert seen.items[6].rstrip("\n") == f"(no date) {told(record)}"
    assert seen.items[7] == change_text(record.changes[0], shown)
    assert seen.items[1:3] == [
        f"Searched for: {shown(value) or 'anything'}",
        f"Filter: {shown(event) or 'none'}",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "@team",
        "ana@example.com",
        "mailto:ana@example.com",
        "#123",
        "acme/wiki#12",
        "GH-12",
        "OPS-7",
        "!34",
        "~label",
        "%milestone",
        "&5",
        ":tada:",
        ":+1:",
        "$x$",
        "https://example.org/a",
        "ftp://example.org",
        "//example.org",
        "www.example.org",
        "www.",
        "example.org",
        "4f1d2c3",
        "<https://example.org>",
        '~"two',
    ],
)
def test_what_would_link_or_call_somebody_stands_as_code(text: str) -> None:
    record = as_sent({"summary": text, "author": {"displayName": "Ana"}})
    seen = page("GitHub's", written(MARKDOWN, [record]))
    assert any(f"Ana: {text} — " in item for item in seen.items)
    assert text not in seen.bare


@given(text=HOSTILE)
def test_outside_of_code_is_nothing_that_trackers_look_for(text: str) -> None:
    bare = _Page(READERS["CommonMark"].render(f"x {inline(shown(text))} x")).bare
    assert not re.search(r"@|\w@|#\d|GH-\d|:\w+:|\w\.\w|www\.|\w:/|//\w|\$|[0-9a-f]{7}|[!~%&]\d", bare)


@pytest.mark.parametrize(
    ("text", "written_as"),
    [
        ("User added to group", "User added to group"),
        ("Ben Example (Deactivated)", "Ben Example (Deactivated)"),
        ("confluence-users", "confluence-users"),
        ("Zürich, 日本語; “so” – it's 'good'?", "Zürich, 日本語; “so” – it's 'good'?"),
        ("svc_backup", r"svc\_backup"),
        ("Plans [draft] *new* + old!", r"Plans \[draft\] \*new\* \+ old\!"),
        ("<b>", "&lt;b&gt;"),
        ("R & D", "R &amp; D"),
        ("a  b ", "a &#32;b&#32;"),
        ("- x", r"\- x"),
        ("a # {b} | c^2 == d", r"a \# \{b\} \| c\^2 \=\= d"),
        ("a -> b -- c", r"a \-&gt; b \-\- c"),
        ("`@a` and ``b``", r"`` `@a` `` and \`\`b\`\`"),
        ("C:\\new", "`C:\\new`"),
        ("Added by ana@example.com to *it*", r"Added by `ana@example.com` to \*it\*"),
    ],
)
def test_a_text_stays_as_readable_as_it_can(text: str, written_as: str) -> None:
    assert inline(text) == written_as


def all_bullets(markdown: bytes) -> Sequence[str]:
    """The lines that tell a record."""
    return [line for line in markdown.decode().splitlines() if line.startswith("- **")]


def test_the_demo_log_is_a_bullet_a_record() -> None:
    log = demo_records(500)
    assert len(all_bullets(written(MARKDOWN, log))) == 500
