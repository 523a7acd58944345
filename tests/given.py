"""What auditui is given when it starts, in tests of more than one package."""

from __future__ import annotations

from auditui.account.given import Given
from auditui.model.query import Query
from auditui.model.site import Site
from auditui.model.when import Zone
from auditui.session.run import Options


def nothing_given(*, gateway: str = "") -> Options:
    """Neither a site nor an account; `gateway` is the address that takes tokens with scopes."""
    return Options(Given(), Zone("UTC"), Query(), gateway=Site.parse(gateway) if gateway else None)
