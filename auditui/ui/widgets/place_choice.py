"""Where a token is to be kept: three places, one of them chosen, and what that choice means.

The keyring is looked for while one types; until it is found, or not, nothing is chosen unless somebody did. Knows no
vault: the screen says what was found.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from auditui.session.sign_in import KeyringReport, Place
from auditui.ui.keymap import key
from auditui.ui.present import plain

_PLACES = (Place.KEYRING, Place.SESSION, Place.FILE)


class PlaceChoice(OptionList):
    """The places, one marked `(x)`; moving the cursor chooses, enter goes on with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("place.down", "j", "cursor_down", "Down", "The next place"),
        key("place.up", "k", "cursor_up", "Up", "The place before"),
        key(
            "place.choose",
            "space",
            "choose",
            "Choose",
            "Choose this place, which the cursor has done already",
        ),
    ]

    DEFAULT_CSS = """
    PlaceChoice {
        width: 1fr;
        height: 3;
        overflow-y: hidden;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    class Changed(Message):
        """Another place was chosen, or is meant otherwise."""

    class GoOn(Message):
        """Enter was pressed."""

    def __init__(self, path: Path, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, markup=False)
        self.chosen: Place | None = None
        """None until the keyring was looked for or somebody chose."""
        self._path = path
        self._report: KeyringReport | None = None
        options = [Option(self._prompt(place)) for place in _PLACES]
        options[0].disabled = True
        self.add_options(options)

    @property
    def note(self) -> str:
        """What the choice means, or why the keyring is none; foreign text."""
        if self.chosen is Place.FILE:
            return f"Whoever can read {self._path}, or a backup of it, has your token."
        if self.chosen is Place.KEYRING and self._report:
            return self._report.words
        if self._report and not self._report.usable:
            return self._report.words
        return "Nothing is written; the next start asks again." if self.chosen else ""

    def found(self, report: KeyringReport) -> None:
        """Say what the keyring is good for. It becomes the choice, unless somebody chose already."""
        self._report = report
        if report.usable:
            self.enable_option_at_index(0)
        if self.chosen is None:
            self.chosen = Place.KEYRING if report.usable else Place.SESSION
            self.highlighted = _PLACES.index(self.chosen)
        self._mark()

    def on_option_list_option_highlighted(self, moved: OptionList.OptionHighlighted) -> None:
        """The cursor is the choice."""
        moved.stop()
        self.chosen = _PLACES[moved.option_index]
        self._mark()

    def action_choose(self) -> None:
        """The cursor is the choice; space, which elsewhere presses a button, must not save a token by surprise."""

    def on_option_list_option_selected(self, selected: OptionList.OptionSelected) -> None:
        """Say it in our words."""
        selected.stop()
        self.post_message(self.GoOn())

    def _mark(self) -> None:
        for index, place in enumerate(_PLACES):
            self.replace_option_prompt_at_index(index, self._prompt(place))
        self.post_message(self.Changed())

    def _prompt(self, place: Place) -> Content:
        return Content.assemble("(x) " if place is self.chosen else "( ) ", plain(self._title(place)))

    def _title(self, place: Place) -> str:
        if place is Place.SESSION:
            return "this session only"
        if place is Place.FILE:
            return f"UNENCRYPTED in {_short(self._path)}"
        if self._report is None:
            return "looking for a keyring …"
        if not self._report.usable:
            return "no keyring that can be used here"
        return self._report.name if self._report.encrypted else f"UNENCRYPTED in {self._report.name}"


def _short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
