"""Who asks, and where. Knows nothing of keyrings or HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from auditui.model.errors import UsageError
from auditui.model.secret import Secret
from auditui.model.site import Site


@dataclass(frozen=True, slots=True)
class Account:
    """An e-mail address at a site: what a token is bound to."""

    site: Site
    email: str

    @property
    def key(self) -> str:
        """`{origin}|{email}`: the user name of the account's keyring entry."""
        return f"{self.site.origin}|{self.email}"

    def __str__(self) -> str:
        return f"{self.email} at {self.site.host}"


@dataclass(frozen=True, slots=True)
class Credential:
    """An account with its token. The token goes to the account's site or to Atlassian's gateway, nowhere else."""

    account: Account
    token: Secret


def email_of(text: str) -> str:
    """The e-mail address as Atlassian takes it for Basic authentication.

    Raises:
        UsageError: it is empty, holds a colon (which would end the user name) or anything but printable ASCII.
    """
    email = text.strip()
    if (
        not email
        or ":" in email
        or "|" in email
        or not (email.isascii() and email.isprintable())
        or " " in email
    ):
        raise UsageError(
            "The e-mail address is missing." if not email else "This is not an e-mail address.",
            remedy="Give the address you sign in to Atlassian with.",
        )
    return email


def token_of(text: str) -> Secret:
    """The token with the blanks and line ends of a paste removed. Its length is not judged: Atlassian's vary.

    Raises:
        UsageError: it is empty or holds anything but printable ASCII; the text never repeats the token.
    """
    token = text.strip()
    if not token:
        raise UsageError(
            "The API token is missing.", remedy="Paste the token that Atlassian showed when it was created."
        )
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise UsageError(
            "The API token holds a blank, a line end or a character that no token has.",
            remedy="Copy it again; Atlassian's tokens are plain letters, digits and signs.",
        )
    return Secret(token)
