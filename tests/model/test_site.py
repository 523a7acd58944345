"""A site is found in whatever people paste, and the token is never sent in clear text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui.model.errors import UsageError
from auditui.model.site import Site, is_loopback

ACME = "https://acme.atlassian.net"

PIECES = st.sampled_from(
    "http:// https:// HTTPS:// ftp:// acme ACME . atlassian.net @ : :8080 :99999 / // /wiki ? # [ ] [::1] ::1 % \\ - "
    "localhost 127.0.0.1 127.1 fe80::1%eth0 xn-- ü \t \n".split(" ")
)
ADDRESSES = st.text(max_size=40) | st.lists(PIECES, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("acme", ACME),
        ("  acme\n", ACME),
        ("ACME", ACME),
        ("acme.atlassian.net", ACME),
        ("Acme.Atlassian.NET/", ACME),
        ("acme/wiki", ACME),
        (f"{ACME}/wiki/spaces/OPS/pages/1234/Run+book?focusedCommentId=5#comment-5", ACME),
        (f"{ACME}/wiki/admin/auditlog.action", ACME),
        (f"{ACME}:443/wiki", ACME),
        (f"{ACME}:8443/wiki", f"{ACME}:8443"),
        ("acme:8443", f"{ACME}:8443"),
        ("wiki.example.com", "https://wiki.example.com"),
        ("http://localhost:8080/wiki", "http://localhost:8080"),
        ("localhost:8080", "http://localhost:8080"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:80", "http://localhost"),
        ("https://localhost:8443", "https://localhost:8443"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("https://[2001:DB8::1]/wiki", "https://[2001:db8::1]"),
    ],
)
def test_the_site_behind_what_was_pasted(text: str, origin: str) -> None:
    assert Site.parse(text).origin == origin


@pytest.mark.parametrize(
    "text", ["https://ann@acme.atlassian.net", "https://ann:x@acme.atlassian.net", "a@b"]
)
def test_an_address_with_a_user_or_a_password_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageError, match="user name or password") as refusal:
        Site.parse(text)
    assert "ann" not in refusal.value.sentences()


@pytest.mark.parametrize(
    "text",
    "http://acme.atlassian.net http://192.0.2.1 http://localhost.example.com http://127.0.0.1.example.com "
    "http://[2001:db8::1] http://0.0.0.0 http://2130706433".split(),
)
def test_plain_http_to_another_machine_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="without encryption"):
        Site.parse(text)


@pytest.mark.parametrize(
    "text",
    "|  |https://|//acme|ftp://acme|mailto:ann|acme atlassian|-acme|acme-|acme..net|acme.|acme_net|ümlaut|acme:99999|"
    f"acme:x|https://[::1|\ud800|{'a' * 64}".split("|"),
)
def test_what_names_no_site_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        Site.parse(text)
    assert "acme.atlassian.net" in refusal.value.remedy


@pytest.mark.parametrize("text", ["[::1%\x1b[31m]", "https://[fe80::1%\u202e]"])
def test_an_ipv6_zone_cannot_carry_control_characters(text: str) -> None:
    with pytest.raises(UsageError):
        Site.parse(text)


@given(text=ADDRESSES)
def test_any_text_is_a_safe_site_or_refused(text: str) -> None:
    try:
        site = Site.parse(text)
    except UsageError:
        return
    assert site.origin.isascii()
    assert site.origin.isprintable()
    assert Site.parse(site.origin) == site
    scheme, _, host = site.origin.partition("://")
    name = host.rpartition("]")[0].strip("[") or host.partition(":")[0]
    assert scheme == "https" or is_loopback(name)


def test_its_name_on_the_screen_is_the_host() -> None:
    assert str(Site.parse("acme")) == "acme.atlassian.net"
    assert str(Site.parse("localhost:8080")) == "localhost:8080"
