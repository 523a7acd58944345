"""`auditui verify`: whether an exported file is what its manifest says."""

from __future__ import annotations

import argparse

from auditui.model.text import TEXT_CAP, inert_line


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which file."""
    parser.description = (
        "Reads FILE and its manifest, FILE.manifest.json, and tells whether they belong together: size, SHA-256, and where "
        "it can be counted, the number of records. Exit status: 0 they do, 1 they do not."
    )
    parser.set_defaults(command=run)
    parser.add_argument("file", metavar="FILE", help="the export, or its manifest")


def run(arguments: argparse.Namespace) -> int:
    """Tell what it is, and what differs; the exit status."""
    from pathlib import Path

    from auditui.export.verify import verify

    verdict = verify(Path(arguments.file))
    for line in verdict.lines:
        print(inert_line(line, TEXT_CAP).text)
    return 0 if verdict.ok else 1
