"""Nothing that shows text is forgotten: the lists are compared with the code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Final

import pytest
from textual.widget import Widget

import auditui
import auditui.ui
from auditui.model.errors import AudituiError
from auditui.model.filter_parse import FilterFault
from auditui.model.query import Query
from auditui.session.exploring import Situation
from auditui.session.search import Progress
from auditui.ui.present import error_content
from auditui.ui.status_text import foot, status_text
from tests.hostile.payloads import ALL_KINDS, ALL_KINDS_BEGIN
from tests.hostile.surfaces import NONE_OF_ITS_OWN, SHOWN
from tests.terminal_stream import foreign


def _widgets() -> set[str]:
    """Every screen and widget that is auditui's own."""
    names = set()
    for module in _modules(auditui.ui):
        names |= {
            name
            for name, each in inspect.getmembers(module, inspect.isclass)
            if issubclass(each, Widget) and each.__module__ == module.__name__
        }
    return names


def test_every_screen_and_widget_has_a_run_in_which_foreign_text_stands_there_or_a_reason_for_none() -> None:
    widgets = _widgets()
    assert len(widgets) > 30
    assert widgets == (SHOWN - {"Toast"}) | NONE_OF_ITS_OWN.keys()
    assert not SHOWN & NONE_OF_ITS_OWN.keys()


MORE_TO_SAY: Final[dict[type[AudituiError], Callable[..., AudituiError]]] = {
    FilterFault: lambda happened, why, remedy: FilterFault(
        happened, start=0, end=1, expected=why, why=why, remedy=remedy
    )
}
"""Errors that are not made of three sentences."""


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def _errors(error: type[AudituiError] = AudituiError) -> Iterator[type[AudituiError]]:
    assert [*_modules(auditui)]
    yield error
    for below in error.__subclasses__():
        yield from _errors(below)


@pytest.mark.parametrize("error", _errors())
def test_no_error_is_obeyed_wherever_it_is_shown(error: type[AudituiError]) -> None:
    raised = MORE_TO_SAY.get(error, error)(ALL_KINDS, why=ALL_KINDS, remedy=ALL_KINDS)
    failed = Situation(Progress(), searched=True, error=raised)
    below = replace(failed, progress=Progress(loaded=3))
    shown = [error_content(raised).plain, *foot(failed, Query()), status_text(failed), status_text(below)]
    assert sum(text.count(ALL_KINDS_BEGIN) for text in shown) >= 7
    assert not foreign("\n".join(shown).encode(), columns=1, rows=1)
