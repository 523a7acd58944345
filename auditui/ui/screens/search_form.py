"""The search form: range, text, page size. Owns the reading of its fields; nothing is asked of the site here.

Texts are read as they are typed, and once more when the search begins: relative dates move with the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from whenever import Date

from auditui.model.errors import UsageError
from auditui.model.query import PAGE_CAP, PRESETS, Preset, Query
from auditui.model.when import WHEN_FORMS, Edge, Zone, parse_when, show_time
from auditui.ui.keymap import key
from auditui.ui.widgets.date_field import DateField, Field
from auditui.ui.widgets.date_presets import DatePresets

_TEXT_REMARK = "The site's own search does not find the affected object's name."


class SearchForm(ModalScreen[Query | None]):
    """Asks for a query: the new one, or None on esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("search_form.cancel", "escape,q", "cancel", "Cancel", "Leave the search as it was"),
        key(
            "search_form.enter",
            "ctrl+j",
            "enter",
            "Search",
            "Search; on a line or button, take it",
            label="enter",
        ),
        *(
            key(
                f"search_form.preset_{preset.key}",
                str(number),
                f"preset({number - 1})",
                preset.title,
                f"Fill From and To: {preset.title}",
            )
            for number, preset in enumerate(PRESETS, 1)
        ),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-normal")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]
    AUTO_FOCUS = "DatePresets"

    DEFAULT_CSS = """
    SearchForm {
        align: center middle;
        #form {
            width: 80; max-width: 100%; height: auto; max-height: 22;
            border: solid $foreground; padding: 0 1; background: $surface;
            scrollbar-size: 0 0;
        }
        #form-columns { layout: horizontal; height: auto; }
        #form-fields { width: 1fr; height: auto; }
        #form-dates { height: auto; margin-top: 1; color: $text-muted; }
        #form-buttons { height: 1; margin-top: 1; }
        #form-buttons Button { min-width: 10; width: auto; margin-right: 2; }
        &.-short #form { max-height: 100%; }
        &.-narrow #form-columns { layout: vertical; }
        &.-narrow #form-fields { width: 100%; }
    }
    """

    _presets = query_one(DatePresets)
    _since = query_one("#form-since", DateField)
    _until = query_one("#form-until", DateField)
    _text = query_one("#form-text", Field)
    _page_size = query_one("#form-page-size", Field)

    def __init__(self, query: Query, zone: Zone, now: Callable[[], int]) -> None:
        super().__init__()
        self._first = query
        self._zone = zone
        self._now = now

    def compose(self) -> ComposeResult:
        """Presets beside the fields, or above them where it is narrow; hints; buttons."""
        first = self._first
        with VerticalScroll(id="form", can_focus=False) as form:
            form.border_title = "Search"
            form.border_subtitle = "enter searches · tab next · esc cancels"
            with Vertical(id="form-columns"):
                yield DatePresets(_preset(first.since, first.until))
                with Vertical(id="form-fields"):
                    yield DateField("From", first.since, placeholder="oldest", id="form-since")
                    yield DateField("To", first.until, placeholder="now", id="form-until")
                    yield Field("Text", first.text, id="form-text")
                    yield Field("Page size", str(first.page_size), id="form-page-size")
            yield Static(self._dates_remark(), id="form-dates", markup=False)
            with Horizontal(id="form-buttons"):
                yield Button(Content("[Search]"), id="form-search", compact=True)
                yield Button(Content("[Cancel]"), id="form-cancel", compact=True)

    def _dates_remark(self) -> str:
        return f"Dates are read in {self._zone.name}: {WHEN_FORMS}. The down key opens a calendar."

    def on_mount(self) -> None:
        """Say what the texts mean that are there already."""
        self._text.explain(Content(_TEXT_REMARK))
        self._read()

    # Reading

    @on(Input.Changed)
    def _read(self) -> None:
        """Say beside each field what it means or what is wrong."""
        now = self._now()
        self._read_date(self._since, Edge.SINCE, now)
        self._read_date(self._until, Edge.UNTIL, now)
        self._read_page_size()
        self._read_range(now)
        self._presets.mark(_preset(self._since.text, self._until.text))

    def _read_date(self, field: DateField, edge: Edge, now: int) -> None:
        try:
            field.explain(Content(f"= {_meaning(field.text, edge, now, self._zone)}"))
        except UsageError as fault:
            field.refuse(fault)

    def _read_page_size(self) -> None:
        text = self._page_size.text
        if text.isdecimal() and len(text) <= len(str(PAGE_CAP)) and 1 <= int(text) <= PAGE_CAP:
            self._page_size.explain(Content("Records asked for at a time."))
        else:
            self._page_size.refuse(UsageError(f"A page holds 1 to {PAGE_CAP} records."))

    def _read_range(self, now: int) -> None:
        """Two good dates may still be a range that ends before it begins."""
        if self._since.fault or self._until.fault:
            return
        since = self._since.text
        try:
            Query(since, self._until.text).pinned(now, self._zone)
        except UsageError as fault:
            future = parse_when(since, Edge.SINCE, now=now, zone=self._zone) > now
            (self._since if future else self._until).refuse(fault)

    # The calendar

    @on(DateField.CalendarWanted)
    def _pick(self, wanted: DateField.CalendarWanted) -> None:
        from auditui.ui.screens.calendar import CalendarScreen  # its library is slow to import

        field = wanted.field
        today = self._zone.today(self._now())

        def take(day: Date | None) -> None:
            if day is not None:
                field.input.value = str(day)
            field.input.focus()

        self.app.push_screen(CalendarScreen(self._day(field) or today, today), take)

    def _day(self, field: DateField) -> Date | None:
        """The day the field means now, None where it means none."""
        edge = Edge.SINCE if field is self._since else Edge.UNTIL
        try:
            return self._zone.at(parse_when(field.text, edge, now=self._now(), zone=self._zone)).date()
        except (UsageError, ValueError, OverflowError):
            return None

    # Choosing and leaving

    def action_preset(self, index: int) -> None:
        """Fill From and To with a range that has a name."""
        self._fill(PRESETS[index])

    @on(DatePresets.Chosen)
    def _chosen(self, chosen: DatePresets.Chosen) -> None:
        if chosen.preset == self._presets.chosen:
            self.action_search()
        else:
            self._fill(chosen.preset)

    def _fill(self, preset: Preset) -> None:
        self._since.input.value, self._until.input.value = preset.since, preset.until

    @on(Input.Submitted)
    @on(Button.Pressed, "#form-search")
    def action_search(self) -> None:
        """Leave with the query; where a field has a fault, go there."""
        self._read()
        for field in (self._since, self._until, self._text, self._page_size):
            if field.fault:
                field.input.focus()
                return
        self.dismiss(Query(self._since.text, self._until.text, self._text.text, int(self._page_size.text)))

    def action_enter(self) -> None:
        """What enter does to the focused widget."""
        match self.focused:
            case Button() as button:
                button.press()
            case OptionList() as presets:
                presets.action_select()
            case _:
                self.action_search()

    @on(Button.Pressed, "#form-cancel")
    def action_cancel(self) -> None:
        """Leave the search as it was."""
        self.dismiss(None)


def _preset(since: str, until: str) -> Preset | None:
    """The range with a name that these two texts are."""
    written = (since.strip().casefold(), until.strip().casefold())
    return next((preset for preset in PRESETS if (preset.since, preset.until) == written), None)


def _meaning(text: str, edge: Edge, now: int, zone: Zone) -> str:
    """The moment in words.

    Raises:
        UsageError: the text is no date and no span.
    """
    if not text:
        return "the oldest record the site keeps" if edge is Edge.SINCE else "now, when the search begins"
    at = parse_when(text, edge, now=now, zone=zone)
    if edge is Edge.SINCE and at <= 0:
        return "the oldest record the site keeps"
    if edge is Edge.UNTIL and at > now:
        return f"{show_time(at, zone)} {zone.name}, so up to now"
    return f"{show_time(at, zone)} {zone.name}"
