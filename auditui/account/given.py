"""What the command line named of an account. Knows nothing of where the rest is kept, which is slow to import."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line named."""

    site: str | None = None
    email: str | None = None
    token_stdin: str | None = field(default=None, repr=False)
    """All that came from standard input with `--token-stdin`; None without that option."""
