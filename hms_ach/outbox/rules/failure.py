"""What went wrong between us and another computer, in words for the log that people read, with what to do."""

import errno
import ssl
from collections.abc import Iterator

_UNTRUSTED = "its certificate is of no authority that we trust; give the authority of its owner"
_OF_ANOTHER = "its certificate is for another name than the address; check the address"
_NO_WAY = "there is no way to its network; ask your operators whether a firewall is between"
# OpenSSL's verify codes of the certificates that operators meet (openssl-verification-options(1)).
_CERTIFICATES = {
    9: "its certificate is not valid yet; compare the clocks",
    10: "its certificate has expired; its owner must renew it",
    **dict.fromkeys((18, 19, 20, 21), _UNTRUSTED),
    **dict.fromkeys((62, 64), _OF_ANOTHER),
}
# What a site says when it does not take the certificate that we show.
_OF_OUR_CERTIFICATE = (
    "ALERT_CERTIFICATE",
    "ALERT_BAD_CERTIFICATE",
    "ALERT_UNKNOWN_CA",
    "ALERT_ACCESS_DENIED",
)
_ERRNOS = {
    errno.ENOENT: "it is not there; check the path",
    errno.EACCES: "we may not; ask its owner for the right",
    errno.ECONNREFUSED: "nothing answers at this address and port; check both, or ask its owner",
    **dict.fromkeys((errno.EHOSTUNREACH, errno.ENETUNREACH), _NO_WAY),
    errno.ENOSPC: "there is no room left",
}


def words_of(failed: BaseException) -> str:
    """A half-sentence without the libraries' own words, which mean nothing to most people."""
    causes = list(_causes(failed))
    for each in causes:
        if isinstance(each, ssl.SSLCertVerificationError):
            return _CERTIFICATES.get(each.verify_code, "its certificate proves nothing; ask its owner")
        if isinstance(each, ssl.SSLError) and any(
            word in (each.reason or "") for word in _OF_OUR_CERTIFICATE
        ):
            return "it does not take our certificate; ask its owner whether it is known there"
    for each in causes:
        if isinstance(each, OSError) and each.errno in _ERRNOS:
            return _ERRNOS[each.errno]
    if any(isinstance(each, TimeoutError) or "Timeout" in type(each).__name__ for each in causes):
        return "it did not answer in time; it is tried again the next time"
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return "it speaks no TLS that we know; check the address and port"
    if "Protocol" in type(failed).__name__:
        return "it does not answer as agreed; check the address and port"
    if type(failed) is OSError and failed.errno is None:
        return "the other side could not do it; if it stays so, ask its owner"
    return "the connection broke; it is tried again the next time"


def _causes(failed: BaseException | None) -> Iterator[BaseException]:
    while failed is not None:
        yield failed
        failed = failed.__cause__ or failed.__context__
