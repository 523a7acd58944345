"""Addresses are found where proxies put them, and a hostile text of millions of commas costs no more than a long one."""

from __future__ import annotations

import pytest

from auditui.model.addresses import addresses, parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("10.1.2.3", ["10.1.2.3"]),
        ("10.1.2.3, 2001:DB8::1 ,unknown", ["10.1.2.3", "2001:db8::1"]),
        ("fe80::1%eth0", ["fe80::1%eth0"]),
        ("10.1, ., :, a.b", []),
    ],
)
def test_addresses_stand_between_commas(text: str, found: list[str]) -> None:
    assert list(map(str, addresses(text))) == found


def test_of_a_text_that_is_too_long_for_addresses_its_first_ones_are_read() -> None:
    assert len(addresses("10.1.2.3," * 100)) == 100
    assert 100 < len(addresses("10.1.2.3," * 500_000)) < 120


def test_an_address_that_is_not_looked_at_whole_is_not_taken_for_another() -> None:
    cut = "x" * 991 + ",10.1.2.34"  # the 1,000th character is the 3
    assert parts(cut)[-1] == "x" * 991
    assert addresses(cut) == ()
    assert list(map(str, addresses(cut[1:]))) == ["10.1.2.34"]
