"""The explorer's own keys. Those of its panes are the panes'."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

from auditui.ui.keymap import key

EXPLORER_KEYS: Final[tuple[Binding, ...]] = (
    key(
        "explorer.filter",
        "slash",
        "filter",
        "Filter",
        "Filter the loaded records as you type",
        show=True,
        label="/",
    ),
    key(
        "explorer.search", "s,1", "search", "Search", "Change dates, text and page size", show=True, label="s"
    ),
    key(
        "explorer.facets",
        "f,4",
        "facets",
        "Facets",
        "Choose among authors, events, objects, addresses",
        show=True,
        label="f",
    ),
    key(
        "explorer.pivot",
        "p",
        "pivot",
        "Pivot",
        "Show all of this author, address, object, space, event or minute",
        show=True,
    ),
    key(
        "explorer.around",
        "w",
        "around",
        "Around",
        "What happened 5 minutes before and after, filters lifted",
        show=True,
    ),
    key("explorer.mark", "space", "mark", "Mark", "Mark the record, or the range, and step down"),
    key("explorer.load_rest", "L", "load_rest", "Load all", "Load everything the search finds", show=True),
    key(
        "explorer.filter_for",
        "plus,equals_sign",
        "filter_for",
        "Filter for",
        "Only records with the value under the cursor",
    ),
    key(
        "explorer.filter_out",
        "minus",
        "filter_out",
        "Filter out",
        "No records with the value under the cursor",
    ),
    key(
        "explorer.next_match",
        "n",
        "match(1)",
        "Next match",
        "The next record that the last filter lets through",
    ),
    key(
        "explorer.previous_match",
        "N",
        "match(-1)",
        "Previous match",
        "The record before that the last filter lets through",
    ),
    key("explorer.timeline", "i", "timeline", "Timeline", "Move, choose a range and zoom in the timeline"),
    key("explorer.go_back", "less_than_sign,backspace", "step(-1)", "View before", "Back to the view before"),
    key(
        "explorer.go_forward",
        "greater_than_sign",
        "step(1)",
        "View after",
        "Forward to the view one came back from",
    ),
    key("explorer.views", "b", "views", "Views", "The views one came through, saved and recent ones"),
    key("explorer.save_view", "S", "save_view", "Save view", "Keep this view under a name"),
    key("explorer.command", "C", "command", "Show the command", "The line for a shell that opens this view"),
    key("explorer.next_day", "d", "day(1)", "Day after", "The newest record of the day after"),
    key("explorer.previous_day", "D", "day(-1)", "Day before", "The newest record of the day before"),
    key("explorer.time", "t", "time", "Times", "Show times in the given zone, local, UTC, or as ago"),
    key("explorer.sort", "O", "sort", "Sort", "Order the loaded records by a column"),
    key("explorer.columns", "c", "columns", "Columns", "Choose, order and widen the columns"),
    key("explorer.range", "v", "range", "Range", "Begin or end a range of records to mark"),
    key("explorer.next_mark", "u", "go_mark(1)", "Next marked", "The next marked record"),
    key("explorer.previous_mark", "U", "go_mark(-1)", "Previous marked", "The marked record before"),
    key("explorer.only_marked", "M", "only_marked", "Only marked", "Show only marked records, or all again"),
    key(
        "explorer.related",
        "R",
        "related",
        "Related",
        "Records beside it, of the same object, of the same author",
    ),
    key("explorer.raw", "x", "raw", "Raw JSON", "The record as the site sent it, or in words again"),
    key("explorer.copy", "y", "copy_row", "Copy", "Copy the record as one line", show=True),
    key(
        "explorer.export", "e", "export", "Export", "Take records home as a file, with a manifest", show=True
    ),
    key(
        "explorer.copy_as",
        "Y",
        "copy_menu",
        "Copy as",
        "Copy a cell, JSON, Markdown, the command or what is marked; into a file",
    ),
    key(
        "explorer.reload",
        "r,f5",
        "reload",
        "Reload",
        "Try the failed page again, else read anew from the top",
        label="r",
    ),
    key("explorer.accounts", "P", "accounts", "Account", "Switch to another account, or sign in"),
    key("explorer.zoom", "z", "zoom", "Zoom", "Give the whole screen to this pane, and take it back"),
    key("explorer.table", "2", "go_table", "Table", "Go to the table"),
    key("explorer.detail", "3", "go_detail", "Detail", "Go to the record"),
    key(
        "explorer.detail_down",
        "J",
        "scroll_detail(1)",
        "Scroll record",
        "Scroll the record down, without leaving the table",
    ),
    key("explorer.detail_up", "K", "scroll_detail(-1)", "Scroll record back", "Scroll the record up"),
    key(
        "explorer.back",
        "escape",
        "back",
        "Back",
        "Close the pane, cancel the loading, end the range, or lift the filter",
        label="esc",
    ),
)
