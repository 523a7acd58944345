"""The JSON texts in which accounts and tokens are kept. Knows nothing of the places that keep them.

Reading is tolerant: what is damaged or somebody else's is passed over, never an exception.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from auditui.model.account import Account, Credential, email_of, token_of
from auditui.model.errors import UsageError
from auditui.model.site import Site


def credential_text(credential: Credential) -> str:
    """The text of one keyring entry: site, e-mail and token. It holds the token in clear."""
    return json.dumps(_credential_fields(credential))


def credential_from(text: str, account: Account) -> Credential | None:
    """The credential in a keyring entry; None where the text is damaged or speaks of another account.

    A token is bound to its site and e-mail, so an entry that was moved under another name is not used.
    """
    credential = _credential(_parsed(text))
    return credential if credential is not None and credential.account == account else None


def credentials_text(credentials: Iterable[Credential]) -> str:
    """The text of the credentials file, last used first. It holds the tokens in clear."""
    return json.dumps([_credential_fields(credential) for credential in credentials], indent=2) + "\n"


def credentials_from(text: str | bytes) -> tuple[Credential, ...]:
    """What can be read of a credentials file, last used first."""
    found = (_credential(item) for item in _items(_parsed(text)))
    return tuple({item.account: item for item in found if item is not None}.values())


def index_text(accounts: Iterable[Account]) -> str:
    """The text of the index entry, last used first. It holds no token."""
    return json.dumps({"accounts": [_account_fields(account) for account in accounts]})


def index_from(text: str) -> tuple[Account, ...]:
    """What can be read of the index, last used first."""
    value = _parsed(text)
    items = _items(value.get("accounts")) if isinstance(value, dict) else ()
    return tuple(dict.fromkeys(account for item in items if (account := _account(item)) is not None))


def with_first(accounts: Iterable[Account], account: Account) -> tuple[Account, ...]:
    """The accounts with this one at the front."""
    return account, *(other for other in accounts if other != account)


def _account_fields(account: Account) -> dict[str, str]:
    return {"site": account.site.origin, "email": account.email}


def _credential_fields(credential: Credential) -> dict[str, str]:
    return {**_account_fields(credential.account), "token": credential.token.reveal()}


def _parsed(text: str | bytes) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def _account(value: object) -> Account | None:
    if not isinstance(value, dict):
        return None
    site, email = value.get("site"), value.get("email")
    if not isinstance(site, str) or not isinstance(email, str):
        return None
    try:
        return Account(Site.parse(site), email_of(email))
    except UsageError:
        return None


def _credential(value: object) -> Credential | None:
    account = _account(value)
    token = value.get("token") if isinstance(value, dict) else None
    if account is None or not isinstance(token, str):
        return None
    try:
        return Credential(account, token_of(token))
    except UsageError:
        return None
