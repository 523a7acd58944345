"""A view can be kept, named and written for a shell, and is the same view again afterwards."""

from __future__ import annotations

import argparse
import shlex
import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditui.model.columns import COLUMNS
from auditui.model.errors import UsageError
from auditui.model.query import Query
from auditui.model.view import Named, Order, View, command, name_of, order_title, title

ORDERS = st.builds(Order, st.sampled_from([column.key for column in COLUMNS if column.order]), st.booleans())
TYPED = (
    st.text(st.characters(exclude_characters="\0"), max_size=20)
    | st.sampled_from(
        [
            "-x",
            "--demo",
            "-",
            "'",
            '"',
            "$(reboot)",
            "`id`",
            "a b",
            "\n",
            "\x1b[2J",
            "!x",
            "*",
            "~",
            "[/b]",
            "=",
            "#",
        ]
    )
).filter(lambda text: text.strip() != "--")  # which argparse of Python 3.11 drops from `--search=--`
VIEWS = st.builds(View, st.builds(Query, TYPED, TYPED, TYPED), TYPED, ORDERS)


def line(view: View, site: str | None = None) -> str:
    return " ".join(command(view, demo=False, site=site))


def read(written: str) -> argparse.Namespace:
    """What auditui's options would be, read as its command line reads them."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for option in ("--since", "--until", "--search", "--filter", "--sort", "--site", "--tz"):
        parser.add_argument(option, default="")
    parser.add_argument("--demo", action="store_true")
    words = shlex.split(written)
    assert words.pop(0) == "auditui"
    return parser.parse_args(words)


class TestOrder:
    @pytest.mark.parametrize(
        ("text", "order"),
        [
            ("", Order("time", descending=True)),
            ("-time", Order("time", descending=True)),
            ("time", Order("time", descending=False)),
            ("author", Order("author", descending=False)),
            (" -Author ", Order("author", descending=True)),
        ],
    )
    def test_a_minus_means_descending(self, text: str, order: Order) -> None:
        assert Order.parse(text) == order

    @given(ORDERS)
    def test_it_is_written_as_it_is_read(self, order: Order) -> None:
        assert Order.parse(str(order)) == order

    def test_only_newest_first_is_natural(self) -> None:
        assert str(Order()) == ""
        assert Order().natural
        assert not Order("time", descending=False).natural
        assert not Order("author").natural

    @pytest.mark.parametrize("text", ["nonsense", "-", "--author", "changes", "-flags"])
    def test_what_cannot_be_sorted_by_is_told_with_what_can(self, text: str) -> None:
        with pytest.raises(UsageError) as told:
            Order.parse(text)
        assert "time, author, event, object, category, address, account, type" in told.value.remedy
        assert "changes" not in told.value.remedy


class TestCommand:
    def test_it_names_what_is_not_the_default(self) -> None:
        view = View(Query("7d", text="group"), 'author="Ana Example"', Order("author"))
        assert line(view) == (
            """auditui --since 7d --search group --filter 'author="Ana Example"' --sort=-author"""
        )
        assert line(View(Query("  ", until=" today "), " ")) == "auditui --until today"

    def test_it_names_the_demo_or_the_site(self) -> None:
        assert command(View(Query()), demo=True, site="acme.atlassian.net") == ("auditui --demo",)
        assert line(View(Query()), "acme.atlassian.net") == "auditui --site acme.atlassian.net"

    def test_it_names_the_zone_of_the_dates_where_that_is_given(self) -> None:
        assert command(View(Query("2026-11-01")), demo=False, site=None, tz="UTC") == (
            "auditui",
            "--since 2026-11-01",
            "--tz UTC",
        )

    @given(VIEWS)
    @example(View(Query(), "-author=ana"))
    def test_auditui_reads_back_what_was_written(self, view: View) -> None:
        options = read(line(view))
        query = view.query
        assert (options.since, options.until, options.search) == (
            query.since.strip(),
            query.until.strip(),
            query.text.strip(),
        )
        assert options.filter == (view.filter if view.filter.strip() else "")
        assert Order.parse(options.sort) == view.order

    @pytest.mark.parametrize(
        "text", ["$(echo x)", "`id`", "'; id; '", "a\nb", "\x1b]0;x\x07", "*", "!!", '"\\', "ü’"]
    )
    def test_a_shell_takes_it_for_nothing_but_text(self, text: str) -> None:
        words = line(View(Query(text=text))).replace("auditui --search", "printf %s", 1)
        assert (
            subprocess.run(["/bin/sh", "-c", words], capture_output=True, check=True).stdout.decode() == text
        )


class TestTitle:
    def test_it_tells_range_text_filter_and_order(self) -> None:
        view = View(Query("7d", text="group"), "author=ana", Order("author", descending=False))
        assert title(view) == "Last 7 days · “group” · author=ana · by Author"
        assert title(View(Query(), order=Order("type"))) == "Everything kept · by Type, descending"
        assert title(View(Query("2026-11-01"), order=Order("time", descending=False))) == (
            "2026-11-01 → now · oldest first"
        )

    def test_an_order_has_words_of_its_own(self) -> None:
        assert order_title(Order()) == "newest first"
        assert order_title(Order("address", descending=False)) == "by Address"

    def test_it_is_short_whatever_is_sought(self) -> None:
        view = View(Query("s" * 500, "u" * 500, "t" * 500), "f" * 500, Order("author"))
        assert len(title(view)) < 250
        assert title(view).endswith("by Author, descending")
        assert "f" * 500 in title(view, 500)


class TestName:
    @pytest.mark.parametrize("name", ["a", "Ünïcode ’ [/b]", "x" * 60])
    def test_a_name_is_taken_without_blanks_at_its_ends(self, name: str) -> None:
        assert name_of(f"  {name} ") == name

    @pytest.mark.parametrize(
        "text", ["", "   ", "x" * 61, "a\nb", "a\x1b[2J", "a\u202eb", "a\u200bb", "\ud800"]
    )
    def test_what_is_no_name_is_told(self, text: str) -> None:
        with pytest.raises(UsageError):
            name_of(text)


def test_views_look_the_same_whatever_their_columns_and_page_size() -> None:
    view = View(Query(" 7d", page_size=10), "a ")
    assert view.sought == View(Query("7d", page_size=1000), "a").sought
    assert view.sought != View(Query("7d"), "b").sought
    assert view.sought != View(Query("7d"), "a", Order("author")).sought
    assert Named("x", view) != Named("y", view)
