"""`auditui export`: records to a file or to standard output, without a screen.

Standard output is data only, standard error is for people; progress is told where that is a terminal.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from auditui import garbage, terminal
from auditui.commands.query import add_query_options, options_from
from auditui.model.errors import AudituiError, UsageError

if TYPE_CHECKING:
    from auditui.commands.narration import Narration
    from auditui.export.exporter import Exporter
    from auditui.session.evidence import Outcome
    from auditui.session.exporting import Exporting, Start

_NOTHING_MATCHED = 3
_DESCRIPTION = """\
Reads every record that the query finds and writes those that the filter lets through, as they come: memory does not grow.
Beside FILE stands FILE.manifest.json with query, counts, completeness and SHA-256; `auditui verify FILE` checks them.
"""
_EPILOG = """\
What turns out not to be whole is put under the name FILE.partial, beside what has the name.
Exit status: 0 done, 1 failed or not whole, 2 wrong use, 3 nothing matched, 4 sign-in needed or refused, 130 ctrl+c,
141 nobody reads standard output any more.

  auditui export --since 24h --filter 'event:permission' --format jsonl | jq .
  auditui export --since 2026-10-01 --until 2026-10-31 --output october.csv
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is exported, how and where to."""
    from auditui.export.formats import EXPORTERS

    formats = "\n".join(f"  {each.key:<10} {each.title}: {each.what}" for each in EXPORTERS)
    parser.description, parser.epilog = _DESCRIPTION, f"Formats:\n{formats}\n\n{_EPILOG}"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.set_defaults(command=run)
    add_query_options(parser, below=True)
    out = parser.add_argument_group("output")
    out.add_argument(
        "--format",
        choices=[exporter.key for exporter in EXPORTERS],
        metavar="FORMAT",
        help="one of those below; told by FILE's name where it is not given, else jsonl",
    )
    out.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="- is standard output, as without it"
    )
    out.add_argument("--overwrite", action="store_true", help="replace FILE, once the new one is whole")
    out.add_argument("--resume", action="store_true", help="go on with an export to FILE that was broken off")
    out.add_argument(
        "--manifest", metavar="FILE", help="where the manifest goes if the records go to standard output"
    )
    out.add_argument("-q", "--quiet", action="store_true", help="tell only what went wrong")


def run(arguments: argparse.Namespace) -> int:
    """Export; the exit status."""
    from auditui.account.settings import read_settings, settings_path
    from auditui.commands.narration import Narration
    from auditui.session.exporting import Exporting
    from auditui.session.run import Run

    settings = read_settings(settings_path())
    options = options_from(arguments, settings.tz, settings.page_size)
    mixed = arguments.output == "-" and sys.stdout is not None and sys.stdout.isatty()
    narration = Narration(options.zone, quiet=arguments.quiet, beside_records=mixed)
    for notice in settings.notices:
        narration.notice(notice)
    if not options.order.natural:
        narration.notice("An export is in the site's order, newest first: sorting is for the explorer.")
    start = _start(arguments)
    exporting = Exporting(Run(options, settings, _clock(start)), start, narration)
    with asyncio.Runner() as runner:
        outcome, stopped_by = runner.run(_carried_out(exporting, narration))
    if outcome is None:
        return 128 + stopped_by
    narration.done(outcome)
    return 1 if not outcome.ending.complete else 0 if outcome.counts.written else _NOTHING_MATCHED


def _clock(start: Start) -> Callable[[], int]:
    """This machine's clock; but a demo export that is gone on with needs the demo log as it was, which ends by the clock."""
    from auditui.session.run import now_in_milliseconds

    noted = start.noted
    if noted is None or noted.plan.demo_records is None:
        return now_in_milliseconds
    return lambda: noted.plan.began


async def _carried_out(exporting: Exporting, narration: Narration) -> tuple[Outcome | None, int]:
    """What came of the export; None where a signal ended it, and which."""
    from auditui.session.threads import NoWait

    garbage.keep_what_is_there()
    loop, received = asyncio.get_running_loop(), list[int]()
    loop.set_default_executor(NoWait())

    def stop(number: int) -> None:
        if received:
            terminal.leave(128 + number)  # asked for twice: what was made sure of stays
        received.append(number)
        exporting.stop()

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            loop.add_signal_handler(number, stop, number)
    try:
        return await exporting.carry_out(), 0
    except asyncio.CancelledError:
        narration.stopped(exporting)
        return None, received[0]
    except AudituiError:
        narration.stopped(exporting)
        raise


def _start(arguments: argparse.Namespace) -> Start:
    """The place where the records go.

    Raises:
        UsageError: the options contradict each other.
        ExportFailed: the file cannot be begun, or gone on with.
    """
    from auditui.export.names import target_of
    from auditui.session import exporting

    if arguments.output == "-":
        return _to_standard_output(arguments)
    if arguments.manifest is not None:
        raise UsageError("--manifest is for records that go to standard output.", remedy="FILE has its own.")
    path = target_of(arguments.output)
    if arguments.resume:
        _require_nothing_asked(arguments)
        return exporting.resumed(path, overwrite=arguments.overwrite)
    return exporting.to_file(path, _exporter(arguments.format, path.name), overwrite=arguments.overwrite)


def _to_standard_output(arguments: argparse.Namespace) -> Start:
    from auditui.export.names import manifest_target_of
    from auditui.session.exporting import to_standard_output

    if sys.stdout is None:
        raise UsageError("Standard output is closed.", remedy="Give --output FILE.")
    if arguments.manifest == "-":
        raise UsageError("The manifest needs a file of its own.", remedy="Give --manifest FILE.")
    if arguments.resume:
        raise UsageError("Only a file can be gone on with.", remedy="Give --output FILE.")
    manifest = manifest_target_of(arguments.manifest) if arguments.manifest else None
    exporter = _exporter(arguments.format or "jsonl", "")
    return to_standard_output(exporter, manifest, overwrite=arguments.overwrite)


def _exporter(key: str | None, name: str) -> Exporter:
    """The format of this key, or else the one that a file of this name has.

    Raises:
        UsageError: the name tells none, or something has to be installed first.
    """
    from auditui.export.formats import exporter_for, exporter_named

    exporter = exporter_named(key) if key else exporter_for(name)
    if exporter is None:
        raise UsageError(
            f"“{name}” does not tell a format.", remedy="Add --format, or a suffix such as .csv."
        )
    if missing := exporter.missing():
        raise UsageError(f"{exporter.title} is not available here.", remedy=missing)
    return exporter


def _require_nothing_asked(arguments: argparse.Namespace) -> None:
    """What is gone on with is what was asked then.

    Raises:
        UsageError: something else is asked, too.
    """
    asked = [
        name for name in ("since", "until", "search", "filter", "view", "format") if getattr(arguments, name)
    ]
    if asked:
        raise UsageError(
            f"--resume goes on with what was asked before, so --{asked[0]} has no place beside it.",
            remedy="Leave it out, or export anew without --resume.",
        )
