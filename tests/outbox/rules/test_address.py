"""Webhook addresses: what could reach our own network is refused before a socket opens."""

import pytest

from hms_ach.outbox.rules.address import AddressRefused, checked, is_public

HOSTILE = [
    "http://hooks.example.com/",
    "ftp://hooks.example.com/",
    "file:///etc/passwd",
    "gopher://hooks.example.com/",
    "//hooks.example.com/",
    "hooks.example.com",
    "",
    "https://",
    "https:///path",
    "https://127.0.0.1/",
    "http://127.0.0.1:8000/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://10.0.0.5/",
    "https://169.254.169.254/latest/meta-data/",
    "https://8.8.8.8/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fec0::1]/",
    "https://[fe80::1%25eth0]/",
    "https://localhost/",
    "https://api.localhost/",
    "https://LOCALHOST/",
    "https://db.internal/",
    "https://printer.local/",
    "https://intranet/",
    "https://example.com./",
    "https://user:pw@hooks.example.com/",
    "https://hooks.example.com@127.0.0.1/",
    "https://hooks.example.com/#@127.0.0.1",
    "https://hooks.example.com:22/",
    "https://hooks.example.com:6379/",
    "https://hooks.example.com:99999/",
    "https://hooks.example.com:/",
    "https://hooks.example.com\\@127.0.0.1/",
    "https://hooks.exämple.com/",
    "https://hooks.example.com/\r\nX: y",
    " https://hooks.example.com/",
    "https://hooks .example.com/",
    "https://ⓔxample.com/",
    "https://-bad.example.com/",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused(url):
    with pytest.raises(AddressRefused):
        checked(url, allow_loopback=False)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com", "https://HOOKS.example.com:8443/a?b=c", "https://a.xn--p1ai/"]
)
def test_a_public_name_over_https_is_taken(url):
    assert checked(url, allow_loopback=False).scheme == "https"


def test_loopback_is_taken_only_where_it_is_allowed_and_nothing_else_with_it():
    assert checked("http://127.0.0.1:9999/x", allow_loopback=True).port == 9999

    for url in ("http://127.0.0.2/", "http://localhost/", "http://10.0.0.1/", "http://a@127.0.0.1/"):
        with pytest.raises(AddressRefused):
            checked(url, allow_loopback=True)


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
    192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1
    255.255.255.255 :: ::1 ::ffff:8.8.8.8 ::ffff:127.0.0.1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1
    2001:2::1 2001:20::1 2001:db8::1 2002:7f00:1:: 3fff::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1
    ff02::1 5f00::1""".split(),
)
def test_special_networks_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_ordinary_addresses_are_public(address):
    assert is_public(address)
