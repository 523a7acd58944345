"""Foreign text and errors as things Textual may show. The only place that turns text into `Content` and that notifies.

Everything here is inert (`model/text.py`) and parses no markup.
"""

from __future__ import annotations

from textual.app import App
from textual.content import Content, Span

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
    spans = [Span(0, len(shown.text), style)] if style and shown.text else []
    # All at once: `stylize` copies what there is each time, and a hostile text has 20,000 marks.
    spans += [Span(start, end, SPELLED_OUT) for start, end in shown.marks]
    return Content(shown.text, spans)


def error_content(error: AudituiError) -> Content:
    """What happened, why likely and what to do, a line each."""
    lines = [plain(error.happened, "bold")]
    lines.extend(plain(line) for line in (error.why, error.remedy) if line)
    return Content("\n").join(lines)


def notify_error(app: App[None], error: AudituiError) -> None:
    """Tell of an error in passing, where no place on the screen is its own; not again while that can still be read."""
    said = inert(error.sentences())
    if all(told.message != said for told in app._notifications):  # noqa: SLF001  # nothing public gives them
        app.notify(said, severity="error", markup=False)


def notify_text(app: App[None], text: str) -> None:
    """Tell something in passing."""
    app.notify(inert(text), severity="warning", markup=False)
