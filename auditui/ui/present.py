"""Foreign text and errors as things Textual may show. The only place that turns text into `Content` and that notifies.

Everything here is inert (`model/text.py`) and parses no markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.segment import Segment
from textual.app import App
from textual.content import Content

from auditui.model.errors import AudituiError
from auditui.model.text import TEXT_CAP, Inert, inert, inert_line, inert_text

SPELLED_OUT = "reverse"
"""The style of what was spelled out, so that a literal `‹ESC›` in the data differs from a real one; without colour."""


def plain(text: str, style: str = "") -> Content:
    """Foreign text on any number of lines."""
    return content_of(inert_text(text), style)


def one_line(text: str, style: str = "") -> Content:
    """Foreign text that stands on a line of its own: a line feed in it is spelled out."""
    return content_of(inert_line(text, TEXT_CAP), style)


def content_of(shown: Inert, style: str = "") -> Content:
    """Inert text with what was spelled out set apart."""
    content = Content(shown.text)
    if style:
        content = content.stylize(style)
    for start, end in shown.marks:
        content = content.stylize(SPELLED_OUT, start, end)
    return content


def error_content(error: AudituiError) -> Content:
    """What happened, why likely and what to do, a line each."""
    lines = [plain(error.happened, "bold")]
    lines.extend(plain(line) for line in (error.why, error.remedy) if line)
    return Content("\n").join(lines)


def inert_segments(rendered: Iterable[Segment]) -> Iterator[Segment]:
    """What somebody else has rendered of foreign text, such as a traceback with its notes and groups."""
    for text, style, control in rendered:
        yield Segment(inert_text(text).text, style, control)


def notify_error(app: App[None], error: AudituiError) -> None:
    """Tell of an error in passing, where no place on the screen is its own."""
    app.notify(inert(error.sentences()), severity="error", markup=False)


def notify_text(app: App[None], text: str) -> None:
    """Tell something in passing."""
    app.notify(inert(text), severity="warning", markup=False)
