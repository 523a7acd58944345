"""What somebody types becomes the path of a file or is refused in words; what auditui proposes comes from host and time."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.export.files import NewFile
from auditui.export.names import default_name, free_name, manifest_of, manifest_target_of, part_of, target_of
from auditui.export.verify import verify
from auditui.model.errors import FileRefused
from tests.export.one_run import NOON, commit
from tests.model.records import texts

AT = NOON + 110 * 60_000


def refused(text: str, cwd: Path | None = None) -> str:
    with pytest.raises(FileRefused) as refusal:
        target_of(text, cwd=cwd)
    return refusal.value.sentences()


# What somebody types


def test_a_relative_path_begins_in_the_folder_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert target_of("acme.csv") == tmp_path / "acme.csv"
    assert target_of("acme.csv", cwd=tmp_path / "there") == tmp_path / "there" / "acme.csv"
    assert target_of("/evidence/acme.csv", cwd=tmp_path) == Path("/evidence/acme.csv")


def test_a_tilde_is_home(home: Path) -> None:
    assert target_of("~/acme.csv") == home / "acme.csv"
    assert "leads to no folder" in refused("~nobody-of-this-name/acme.csv")


def test_the_folder_can_be_a_link_and_dots_mean_what_the_system_means_by_them(tmp_path: Path) -> None:
    real = tmp_path / "real" / "deep"
    real.mkdir(parents=True)
    (tmp_path / "link").symlink_to(real)
    assert target_of("link/acme.csv", cwd=tmp_path) == real / "acme.csv"
    assert target_of("link/../acme.csv", cwd=tmp_path) == tmp_path / "real" / "acme.csv"


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "target.csv")
    assert target_of("link.csv", cwd=tmp_path) == tmp_path / "link.csv"


def test_links_that_lead_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert "leads to no folder" in refused("circle/acme.csv", tmp_path)


@pytest.mark.parametrize("text", ["", " ", "\u00a0"])
def test_no_name_is_refused(text: str) -> None:
    assert "needs a name" in refused(text)


@pytest.mark.parametrize("text", [".", "..", "/", "there", "there/", "new/", "new/.", "there/..", "new/../."])
def test_a_folder_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "there").mkdir()
    assert f"{text} is a folder. Add the name of a file." in refused(text, tmp_path)


@pytest.mark.parametrize("character", ["\0", "\n", "\r", "\t", "\x1b", "\x7f", "\x9b"])
def test_control_characters_are_refused_wherever_they_are(character: str) -> None:
    for text in (f"a{character}.csv", f"a{character}/b.csv", f"a.csv{character}"):
        words = refused(text)
        assert "control character" in words
        assert character not in words


def test_half_a_character_is_refused_and_a_name_that_is_no_utf_8_is_not(tmp_path: Path) -> None:
    assert "no name can have" in refused("\ud800.csv")
    assert target_of("\udcff.csv", cwd=tmp_path).name == "\udcff.csv"


@pytest.mark.parametrize(
    "name",
    [".acme.csv.auditui-part", ".acme.csv.auditui-note-x1", "..a.auditui-manifest", "acme.csv.manifest.json"],
)
def test_a_name_of_audituis_own_files_is_refused(name: str) -> None:
    assert f"{name} is a name for auditui's own files" in refused(name)


def test_a_manifest_by_itself_may_be_called_one(tmp_path: Path) -> None:
    for name in ("acme.manifest.json", "acme.json"):
        assert manifest_target_of(name, cwd=tmp_path) == tmp_path / name
    with pytest.raises(FileRefused):
        manifest_target_of("a\nb.manifest.json")
    with pytest.raises(FileRefused):
        manifest_target_of(".manifest.json")


@given(st.lists(texts | st.sampled_from(["..", ".", "", "~", "/"]), max_size=4).map("/".join))
def test_whatever_is_typed_is_a_plain_path_or_refused(text: str) -> None:
    try:
        target = target_of(text, cwd=Path("/somewhere"))
    except FileRefused:
        return
    assert target.is_absolute()
    assert ".." not in target.parts
    assert os.path.basename(text) == target.name  # noqa: PTH119 - Path would drop a dot
    assert not any(unicodedata.category(character) == "Cc" for character in str(target))


@settings(max_examples=30)  # each makes sure of files on the disk
@given(texts.map(lambda text: text.replace("/", "")).filter(bool))
def test_a_name_that_is_taken_can_be_written(name: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            target = target_of(name, cwd=Path(folder))
        except FileRefused:
            return
        written(target)


def test_the_longest_name_that_is_taken_can_be_written(tmp_path: Path) -> None:
    longest = "ü" * 114
    written(target_of(longest, cwd=tmp_path))
    assert "too long. Give it at most 228 bytes." in refused(f"{longest}x", tmp_path)


def written(target: Path) -> None:
    """As with a database, which has a journal beside its file."""
    with NewFile.begin(target) as file:
        file.part.with_name(f"{file.part.name}-journal").touch()
        file.checkpoint(b"")
        commit(file, written=0)
    assert verify(target).ok


# What is proposed


def test_a_name_is_proposed_from_host_and_time_in_utc() -> None:
    assert default_name("acme.atlassian.net", AT, ".csv") == "acme.atlassian.net_2026-11-26T1350Z.csv"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1:8080", "127.0.0.1-8080"),
        ("[::1]:8080", "1-8080"),
        ("the demo site", "the-demo-site"),
        ("../../etc/passwd", "etc-passwd"),
        (".auditui", "auditui"),
        ("‹ESC›\x1b[2J", "ESC-2J"),
        ("…", "site"),
    ],
)
def test_a_host_that_is_no_name_is_made_one(host: str, name: str) -> None:
    assert default_name(host, AT, ".csv") == f"{name}_2026-11-26T1350Z.csv"


@given(texts | st.text(min_size=300))
def test_whatever_the_host_is_the_name_can_be_typed(host: str) -> None:
    name = default_name(host, AT, ".csv")
    assert target_of(name, cwd=Path("/somewhere")).name == name


def test_a_name_that_is_taken_or_on_its_way_is_not_proposed(tmp_path: Path) -> None:
    def free() -> str:
        return free_name(tmp_path, "acme.atlassian.net", AT, ".csv")

    name = "acme.atlassian.net_2026-11-26T1350Z"
    assert free() == f"{name}.csv"
    (tmp_path / free()).touch()
    assert free() == f"{name}-2.csv"
    (tmp_path / free()).symlink_to("nowhere")
    assert free() == f"{name}-3.csv"
    part_of(tmp_path / free()).touch()
    assert free() == f"{name}-4.csv"
    manifest_of(tmp_path / free()).touch()
    assert free() == f"{name}-5.csv"
