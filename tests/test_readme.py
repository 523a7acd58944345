"""What the README says of keys and options is so."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest
from textual.binding import Binding

from auditui.cli import parser
from auditui.export.exporter import Exporter
from auditui.export.formats import EXPORTERS
from auditui.model.fields import FIELDS
from auditui.model.filter_parse import FORMS, parse_filter
from auditui.model.when import Zone
from auditui.ui.app import dialog_bindings, house_bindings
from auditui.ui.screens.help import key_name

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
EVERYDAY = "--demo --since --until --search --filter --sort --view --tz --token-stdin --color --mouse --resume".split()
_STEP = re.compile(r"^\d\. ((?:`[^`]+` )+)", re.MULTILINE)
_SPELLED = {"/": "slash"}
TOUR = tuple(
    _SPELLED.get(name, name)
    for step in _STEP.findall(README.split("**A hunt")[1].split("The tests")[0])
    for name in re.findall(r"`([^`]+)`", step)
)
"""The keys of the README's hunt, as Textual spells them."""


BINDINGS = (*house_bindings(), *dialog_bindings())


@pytest.mark.parametrize("binding", BINDINGS, ids=lambda binding: str(binding.id))
def test_every_key_is_in_the_readme_with_its_id(binding: Binding) -> None:
    keys = " ".join(f"`{key_name(single.strip())}`" for single in binding.key.split(","))
    assert f"| {keys} | `{binding.id}` | {binding.tooltip} |" in README


@pytest.mark.parametrize(("form", "what"), FORMS)
def test_every_form_of_a_filter_is_in_the_readme_and_can_be_read(form: str, what: str) -> None:
    escaped = form.replace("|", "\\|")
    assert f"| `{escaped}` | {what} |" in README
    assert parse_filter(form, now=1_794_477_630_000, zone=Zone("UTC"))


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.key)
def test_every_format_is_in_the_readme_with_its_suffix(exporter: Exporter) -> None:
    assert f"| `{exporter.key}` | `{exporter.suffix}` | " in README


def test_the_export_lines_it_shows_can_be_read() -> None:
    lines = [
        line.split(" | ")[0]
        for line in README.splitlines()
        if line.startswith(("auditui export", "auditui verify"))
    ]
    assert len(lines) == 3
    for line in lines:
        parser().parse_args(shlex.split(line)[1:])


def test_every_field_of_a_filter_is_named() -> None:
    told = README.split("The fields are")[1].split("complete")[0]
    assert all(f"`{field.name}`" in told for field in FIELDS)


def test_every_binding_has_an_id_of_its_own_and_a_tooltip() -> None:
    assert all(binding.id and binding.tooltip for binding in BINDINGS)
    assert len({binding.id for binding in BINDINGS}) == len(BINDINGS)


@pytest.mark.parametrize("option", EVERYDAY)
def test_the_options_it_names_exist(option: str) -> None:
    known = {name for action in parser()._actions for name in action.option_strings}
    assert option in known
    assert option in README


def test_it_has_two_commands_the_demo_and_the_tests() -> None:
    blocks = [part.split("```")[0] for part in README.split("```sh\n")[1:]]
    assert len(blocks) == 2
    assert "auditui --demo" in blocks[0]
    assert "-m pytest" in blocks[1]


def test_help_is_plain_text() -> None:
    assert isinstance(parser(), argparse.ArgumentParser)
    assert "\x1b" not in parser().format_help()
