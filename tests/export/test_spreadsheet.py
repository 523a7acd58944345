"""The CSV for spreadsheets in a spreadsheet: LibreOffice opens it, finds no formula, and writes back what stood there."""

from __future__ import annotations

import csv
import html
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditui.export.csv_formats import CSV, CSV_EXACT
from tests.export.test_csv_formats import ATTACKS, named
from tests.export.test_json_formats import written

SOFFICE = shutil.which("soffice")

SEPARATORS = "44/59/9"
"""The comma, the semicolon and the tab: what is ticked when LibreOffice asks how a file is to be read."""

SPLITTING = ("a;=1+1", "a\t=1+1", 'a";=1+1', '";=1+1;"', "a\n=1+1", "a\r\n=1+1")
"""Names that would begin a second cell if only the comma ended one."""

NAMES = (*ATTACKS, *SPLITTING)

pytestmark = pytest.mark.program("soffice")


@dataclass(frozen=True)
class Opened:
    """What LibreOffice made of a file."""

    formulas: tuple[str, ...]
    rows: list[list[str]]
    """The cells as it writes them back: of a formula, what it comes to."""


def convert(folder: Path, kind: str, suffix: str) -> None:
    """Have LibreOffice open the CSV files of a folder and save them there as something else."""
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        f"--infilter=CSV:{SEPARATORS},34,76",
        "--convert-to",
        kind,
        "--outdir",
        str(folder / suffix),
        *map(str, folder.glob("*.csv")),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def opened(folder: Path, name: str) -> Opened:
    """What it made of the file of this name."""
    sheet = (folder / "fods" / f"{name}.fods").read_text("utf-8")
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return Opened(
            tuple(map(html.unescape, re.findall(r'table:formula="([^"]*)"', sheet))), list(csv.reader(file))
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both files, converted."""
    folder = tmp_path_factory.mktemp("spreadsheet")
    log = [named(name) for name in NAMES]
    (folder / "guarded.csv").write_bytes(written(CSV, log))
    (folder / "exact.csv").write_bytes(written(CSV_EXACT, log))
    convert(folder, "fods", "fods")
    convert(folder, "csv:Text - txt - csv (StarCalc):44,34,76", "csv")
    return folder


def as_shown(name: str) -> str:
    """A name as a cell of LibreOffice holds it: one sort of line break, and no NUL."""
    return name.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def test_no_cell_is_a_formula_and_all_are_as_written(folder: Path) -> None:
    found = opened(folder, "guarded")
    assert found.formulas == ()
    titles, *rows = found.rows
    author = titles.index("Author")
    expected = [*(f"'{as_shown(name)}" for name in ATTACKS), *map(as_shown, SPLITTING)]
    assert [row[author] for row in rows] == expected
    assert {len(row) for row in rows} == {14}


def test_the_same_cells_without_the_guard_are_evaluated(folder: Path) -> None:
    """What the test above would see if it could fail."""
    found = opened(folder, "exact")
    for formula in ("=1+1", "HYPERLINK(", "WEBSERVICE(", "=cmd|"):
        assert [each for each in found.formulas if formula in each]
    assert sum(row[1:2] == ["2"] for row in found.rows) >= 1
    split = [row for row in found.rows if row[1:3] == ["a", "2"]]
    assert len(split) == 2  # at the semicolon and at the tab
