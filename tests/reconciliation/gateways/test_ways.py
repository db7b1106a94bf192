"""The ways to banks' files, against real servers on loopback."""

import os
from pathlib import Path

import pytest
import trustme

from hms_ach.outbox.rules.address import AddressRefused
from hms_ach.sftp import host_key_of, place_of
from reconciliation.gateways import SourceFailed, open_source
from tests.make.bank_server import https_bank, private_key, sftp_bank


def opened(kind: str, place: str, folders: Path = Path("/nowhere"), **said):
    values = {"username": "hms", "secret": "", "host_key": "", "authorities": ""} | said
    return open_source(kind, place, folders=folders, allow_loopback=True, **values)


def contents(source) -> dict[str, bytes]:
    found = {}
    for file in source.files():
        with source.open(file) as content:
            found[file.name] = content.read()
    source.close()
    return found


@pytest.mark.parametrize("way", ["password", "key"])
def test_sftp_lists_and_reads_with_a_password_or_a_key(way):
    with sftp_bank() as bank:
        bank.files = {"a.sta": b"A" * 300_000, "b.sta": b"B"}
        secret = bank.password
        if way == "key":
            import io

            import paramiko

            secret = private_key()
            key = paramiko.Ed25519Key.from_private_key(io.StringIO(secret))
            bank.public_keys = [key.asbytes()]

        found = contents(opened("SFTP", bank.place, secret=secret, host_key=bank.host_key_line))

    assert found == bank.files
    assert bank.changes == []


def test_an_sftp_server_with_another_key_gets_no_secret():
    with sftp_bank() as bank, sftp_bank() as impostor, pytest.raises(SourceFailed, match="another key"):
        opened("SFTP", impostor.place, secret=bank.password, host_key=bank.host_key_line)


def test_a_wrong_password_and_a_closed_door_are_failures():
    with sftp_bank() as bank:
        with pytest.raises(SourceFailed, match=r"does not let .* in with this password"):
            opened("SFTP", bank.place, secret="wrong", host_key=bank.host_key_line)
        place, line = bank.place, bank.host_key_line
    with pytest.raises(SourceFailed):
        opened("SFTP", place, secret="x", host_key=line)


def test_https_lists_and_reads_with_a_client_certificate():
    with https_bank() as bank:
        bank.files = {"a b.sta": b"A" * 300_000, "c%2F.sta": b"C"}

        found = contents(
            opened("HTTPS", bank.place, secret=bank.client_secret(), authorities=bank.authorities)
        )

    assert found == bank.files
    assert {asked.split(" ")[0] for asked in bank.asked} == {"GET"}


def test_https_without_the_right_certificate_on_either_side_is_a_failure():
    stranger = trustme.CA()
    with https_bank() as bank:
        for secret, authorities in (
            (bank.client_secret(stranger), bank.authorities),
            (bank.client_secret(), stranger.cert_pem.bytes().decode()),
        ):
            source = opened("HTTPS", bank.place, secret=secret, authorities=authorities)
            with pytest.raises(SourceFailed):
                source.files()
    assert bank.asked == []


@pytest.mark.parametrize(
    "listing", [b"<html>", b"{}", b'[{"name": "../x"}]', b'[{"name": "/etc/passwd"}]', b'["a"]', b"[1]"]
)
def test_a_list_that_is_none_or_names_a_path_is_a_failure(listing):
    with https_bank() as bank:
        bank.listing = listing
        source = opened("HTTPS", bank.place, secret=bank.client_secret(), authorities=bank.authorities)

        with pytest.raises(SourceFailed):
            source.files()


def test_a_folder_gives_settled_regular_files_and_follows_no_link(tmp_path):
    inbox = tmp_path / "north"
    inbox.mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    for name in ("old.sta", "new.sta"):
        (inbox / name).write_bytes(b"content")
    os.utime(inbox / "old.sta", (1, 1))
    (inbox / "link.sta").symlink_to(tmp_path / "secret")
    (inbox / "below").mkdir()
    os.mkfifo(inbox / "pipe.sta")

    assert contents(opened("FOLDER", "north", tmp_path)) == {"old.sta": b"content"}
    assert (inbox / "old.sta").exists()


@pytest.mark.parametrize(
    "place", ["..", "../x", "/etc", "north/../..", "a\\b", "", ".hidden", "missing", "link"]
)
def test_a_folder_elsewhere_is_refused(tmp_path, place):
    (tmp_path / "base" / "north").mkdir(parents=True)
    (tmp_path / "base" / "link").symlink_to("/etc")

    with pytest.raises(SourceFailed):
        opened("FOLDER", place, tmp_path / "base")


@pytest.mark.parametrize(
    "place",
    [
        "127.0.0.1/x",
        "10.0.0.1/x",
        "localhost/x",
        "169.254.169.254/x",
        "bank.internal/x",
        "bank.example:23/x",
        "bank.example:x/x",
        "user@bank.example/x",
        "[::1]/x",
    ],
)
def test_sftp_goes_to_public_names_only(place):
    with pytest.raises(AddressRefused):
        place_of(place, allow_loopback=False)


def test_a_host_key_is_a_line_of_known_hosts_or_of_a_pub_file():
    line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2w me@bank"

    assert host_key_of(f"bank.example {line}") == host_key_of(line)
    with pytest.raises(ValueError, match="no public key"):
        host_key_of("SHA256:abcdef")
