"""A small list to choose one thing from. Knows nothing of what the things are.

Labels and remarks may be foreign text: they are shown inert.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from auditui.model.text import inert_line
from auditui.ui.keymap import key
from auditui.ui.present import content_of, one_line, plain
from auditui.ui.widgets.cells import fit_cell

T = TypeVar("T")

_RESERVED = "jkq"
_LETTERS = "".join(letter for letter in digits + ascii_letters if letter not in _RESERVED)
_LABEL_MOST = 24


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One thing that can be chosen."""

    letter: str
    """The key that chooses it: an ASCII letter or digit other than j, k and q."""
    label: str
    what: str
    """What it stands for or does; where it is not enabled, why."""
    value: T
    enabled: bool = True
    """Whether it can be chosen."""


class Menu(ModalScreen[T | None], Generic[T]):
    """Gives the value of the entry that was chosen; None on esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("menu.close", "escape,q", "close", "Close", "Choose nothing"),
        key("menu.choose", "ctrl+j", "choose", "Choose", "Choose this entry", label="enter"),
        key("menu.down", "j", "move(1)", "Down", "The next one"),
        key("menu.up", "k", "move(-1)", "Up", "The one before"),
        *(
            key(
                f"menu.letter_{letter}", letter, f"letter('{letter}')", "Choose", f"The entry marked {letter}"
            )
            for letter in _LETTERS
        ),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]
    AUTO_FOCUS = "OptionList"

    DEFAULT_CSS = """
    Menu {
        align: center middle;
        #menu {
            width: 78; max-width: 100%; height: auto; max-height: 22;
            border: solid $foreground; padding: 0 1; background: $surface;
        }
        #menu-remark { height: auto; max-height: 3; color: $text-muted; }
        OptionList { height: auto; max-height: 17; scrollbar-size: 0 0; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-short #menu { max-height: 100%; }
        &.-short #menu-remark { max-height: 2; }
        &.-short OptionList { max-height: 12; }
    }
    """

    _list = query_one(OptionList)

    def __init__(self, title: str, entries: Sequence[Entry[T]], remark: str = "") -> None:
        """Offer the entries.

        Args:
            title: what is being chosen; stands in the border.
            entries: at least one, each with a letter of its own.
            remark: what else is to be said, below the list.

        Raises:
            ValueError: a letter cannot be one, or comes twice.
        """
        super().__init__()
        letters = [entry.letter for entry in entries]
        if len({*letters}) < len(letters) or any(
            letter not in _LETTERS or len(letter) != 1 for letter in letters
        ):
            raise ValueError(f"these cannot be the letters of a menu: {letters}")
        self._heading = title
        self._entries = tuple(entries)
        self._remark = remark

    def compose(self) -> ComposeResult:
        """List and remark."""
        with Vertical(id="menu") as box:
            box.border_title = one_line(self._heading)
            box.border_subtitle = "enter or letter chooses · esc closes"
            width = min(_LABEL_MOST, max((_cells(entry.label) for entry in self._entries), default=0))
            yield OptionList(
                *(Option(_prompt(entry, width), disabled=not entry.enabled) for entry in self._entries),
                compact=True,
                markup=False,
            )
            if self._remark:
                yield Static(plain(self._remark), id="menu-remark", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Only the letters of the entries are keys here, so that the help names no others."""
        return action != "letter" or any((entry.letter,) == parameters for entry in self._entries)

    @on(OptionList.OptionSelected)
    def _selected(self, selected: OptionList.OptionSelected) -> None:
        self.dismiss(self._entries[selected.option_index].value)

    def action_letter(self, letter: str) -> None:
        """Choose the entry of this letter, if it can be chosen."""
        for entry in self._entries:
            if entry.letter == letter and entry.enabled:
                self.dismiss(entry.value)

    def action_choose(self) -> None:
        """The same as enter."""
        self._list.action_select()

    def action_move(self, rows: int) -> None:
        """Move the cursor by one row."""
        if rows > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_close(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


def _cells(text: str) -> int:
    return cell_len(inert_line(text).text)


def _prompt(entry: Entry[T], width: int) -> Content:
    """Letter, label and what it is, on one line; a dash in place of the letter of what cannot be chosen."""
    label = content_of(fit_cell(inert_line(entry.label), width))
    letter = Content.styled(entry.letter, "bold") if entry.enabled else Content("-")
    return Content.assemble(letter, "  ", label, "  ", one_line(entry.what))
