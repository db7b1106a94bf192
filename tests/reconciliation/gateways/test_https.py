"""What is wrong with a client certificate is told in words, before a bank is asked."""

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from reconciliation.gateways.https import context_of
from reconciliation.gateways.source import SourceFailed

AUTHORITY = trustme.CA()
OURS, THEIRS = (AUTHORITY.issue_cert(f"{name}.example.com") for name in ("ours", "theirs"))


def certificate(of: trustme.LeafCert) -> str:
    return of.cert_chain_pems[0].bytes().decode()


def key(of: trustme.LeafCert, password: bytes = b"") -> str:
    loaded = serialization.load_pem_private_key(of.private_key_pem.bytes(), None)
    return loaded.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption(),
    ).decode()


@pytest.mark.parametrize(
    ("secret", "authorities", "says"),
    [
        ("", "", "needs the client certificate and its private key"),
        (key(OURS), "", "needs the client certificate and its private key"),
        (certificate(OURS), "", "the private key is missing"),
        (certificate(OURS) + key(OURS, b"word"), "", "has a pass phrase; take it off"),
        (certificate(OURS) + key(THEIRS), "", "does not belong to the certificate"),
        (certificate(OURS) + key(OURS)[:-80], "", "or one is damaged"),
        (certificate(OURS) + key(OURS), "none", "authorities are no certificates"),
    ],
)
def test_what_cannot_be_used_says_why(secret, authorities, says):
    with pytest.raises(SourceFailed, match=says):
        context_of(secret, authorities)


def test_a_certificate_with_its_key_is_taken():
    assert context_of(certificate(OURS) + key(OURS), certificate(OURS)).verify_mode
