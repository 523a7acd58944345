"""Which screens and widgets of auditui show foreign text, by the run of `test_explorer.py` that has it stand there.

`test_surfaces.py` compares this with the code: what is neither here nor named as one that shows none is an error.
"""

from __future__ import annotations

from typing import Final

TOUR: Final = {
    "ExplorerScreen", "QueryLine", "RecordTable", "Detail", "Facets", "FilterLine", "_Line", "RawRecord", "Menu",
    "ViewsScreen", "NameScreen", "SearchForm", "Field", "LineInput", "ShellLineScreen",
}  # fmt: skip
"""One record that is of all kinds, in every place one gets to from it."""
EVERY_TEXT: Final = {"RecordTable", "Facets"}
"""Each text in the table, in the facets."""
READ: Final = {"Detail", "RawRecord", "Wanted"}
"""Each text in a record that is read."""
FILES: Final = {"AccountsScreen", "SignInScreen", "PlaceChoice", "HelpScreen", "KeyLine", "Toast"}
"""Texts of files and variables."""
ERRORS: Final = {"RecordTable", "StatusLine"}
"""What a site says that fails."""
WRITTEN: Final = {
    "InertInput",
    "ExportScreen",
    "Field",
    "DateField",
    "LineInput",
    "SitePageScreen",
    "StatusLine",
}
"""Names of files that are written, and what is typed into fields."""
RESUMED: Final = {"QueryLine", "FilterLine", "ViewsScreen", "Toast"}
"""Where a run was broken off, as a file tells it."""
REMEMBERED: Final = {"ViewsScreen", "Toast"}
"""Views and searches of earlier runs, as a file tells them."""
KEYRING: Final = {"AccountsScreen"}
"""Accounts of a keyring."""

SHOWN: Final = TOUR | EVERY_TEXT | READ | FILES | ERRORS | WRITTEN | RESUMED | REMEMBERED | KEYRING

NONE_OF_ITS_OWN: Final = {
    "JsonView": "is shown as RawRecord",
    "FirstFrameScreen": "is shown as ExplorerScreen",
    "LoadingScreen": "is shown as ExplorerScreen",
    "LookingScreen": "is shown as ExplorerScreen",
    "FilteringScreen": "is shown as ExplorerScreen",
    "CountingScreen": "is shown as ExplorerScreen",
    "PivotingScreen": "is shown as ExplorerScreen",
    "RememberingScreen": "is shown as ExplorerScreen",
    "CopyingScreen": "is shown as ExplorerScreen",
    "ExportingScreen": "is shown as ExplorerScreen",
    "ResumingScreen": "is shown as ExplorerScreen",
    "Timeline": "times and numbers",
    "ColumnsScreen": "the names of auditui's own columns",
    "CalendarScreen": "days",
    "DateGrid": "days",
    "DatePresets": "spans of time that auditui names",
    "CalendarDoor": "one word",
    "TokenInput": "dots; what was typed is its owner's",
}
"""Those that show no text of others, and what they do show."""
