"""`auditui demo-site`: the demo site over HTTP on this machine, for tests and for trying things with curl."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from auditui.commands.query import demo_records
from auditui.demo import RECORDS
from auditui.model.errors import UsageError

if TYPE_CHECKING:
    from auditui.demo.server import Served


def add_options(parser: argparse.ArgumentParser) -> None:
    """How big the log is, and how the site behaves."""
    parser.set_defaults(command=run)
    parser.add_argument("--port", type=_port, default=0, help="0 takes any that is free")
    parser.add_argument("--records", type=demo_records, default=RECORDS, metavar="N")
    parser.add_argument("--page-cap", type=int, default=1000, metavar="N", help="records in a page at most")
    parser.add_argument(
        "--latency", type=float, default=0.0, metavar="SECONDS", help="wait before each answer"
    )
    parser.add_argument(
        "--rate-limit-every", type=int, default=0, metavar="N", help="answer every Nth request with 429"
    )
    parser.add_argument(
        "--grow", type=int, default=0, metavar="N", help="records that enter at the head per page"
    )
    parser.add_argument(
        "--late", type=int, default=0, metavar="N", help="records that enter inside the log per page"
    )
    parser.add_argument("--short-pages", action="store_true", help="give fewer records than could be given")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Serve until ctrl+c; the exit status."""
    from auditui.demo.corpus import Corpus
    from auditui.demo.server import serve_until_interrupted
    from auditui.demo.site import DemoSite
    from auditui.session.run import now_in_milliseconds

    site = DemoSite(
        Corpus(arguments.records, now_in_milliseconds()),
        page_cap=arguments.page_cap,
        latency=arguments.latency,
        rate_limit_every=arguments.rate_limit_every,
        growth_per_request=arguments.grow,
        late_per_request=arguments.late,
        short_pages=arguments.short_pages,
    )
    try:
        serve_until_interrupted(site, arguments.port, _tell)
    except OSError as error:
        raise UsageError(
            f"Port {arguments.port} cannot be used: {error.strerror}.", remedy="Choose another one."
        ) from None
    return 0


def _tell(served: Served) -> None:
    """The address on standard output, for programs; what to do with it on standard error, for people."""
    from auditui.demo.site import EMAIL, TOKEN

    print(f"The demo site answers at {served.url}; ctrl+c ends it. For example:", file=sys.stderr)
    print(f"  AUDITUI_SITE={served.url} AUDITUI_EMAIL={EMAIL} AUDITUI_TOKEN={TOKEN} auditui", file=sys.stderr)
    print(f"  curl -u {EMAIL}:{TOKEN} '{served.url}/wiki/rest/api/audit?limit=2'", file=sys.stderr)
    print(served.url, flush=True)
