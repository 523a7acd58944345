"""A token that is found wherever it turns up: in clear, in base64, quoted, or a piece of it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

EMAIL = "ann@example.com"
TOKEN = "ATATT3xFfGF0/Wq9+zR7_kL2-vB5nM8=QjX4tY6h"  # signs that base64, URLs and JSON write in several ways
PAIR = f"{EMAIL}:{TOKEN}"


def _forms() -> Iterator[str]:
    yield from (TOKEN[:12], TOKEN[-12:], TOKEN[::-1][:12], TOKEN[::-1][-12:])
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in ("", "a", "ab"):
            # without the first and last signs, which also depend on what stands around it
            yield encode(f"{before}{TOKEN}".encode()).decode()[4:-4]
        yield encode(PAIR.encode()).decode()
    yield quote(TOKEN, safe="")[:16]
    yield quote(TOKEN, safe="")[-16:]
    yield TOKEN.encode().hex()
    yield TOKEN.encode("utf-16-le").decode("latin-1")[:24]


FORMS = tuple(form.encode("latin-1") for form in _forms())


def assert_not_in(data: bytes, where: str) -> None:
    """None of its forms is in the data, which must not be empty: else nothing was looked at."""
    assert data, f"nothing to look through: {where}"
    folded = data.lower()
    for form in FORMS:
        assert form.lower() not in folded, f"{form!r} is in {where}"


def files_below(folder: Path) -> Iterable[Path]:
    """Every plain file, also the hidden ones."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def holding(folder: Path) -> list[Path]:
    """The files below a folder that hold any of its forms, in their content or their name; at least one must be there."""
    files = files_below(folder)
    assert files, f"nothing to look through: {folder}"
    found = []
    for path in files:
        data = (path.read_bytes() + str(path).encode()).lower()
        if any(form.lower() in data for form in FORMS):
            found.append(path)
    return found


def account(origin: str) -> dict[str, str]:
    """The variables that give the account."""
    return {"AUDITUI_SITE": origin, "AUDITUI_EMAIL": EMAIL, "AUDITUI_TOKEN": TOKEN}
