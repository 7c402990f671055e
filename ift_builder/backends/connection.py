"""Why a server could not be asked: what was wrong with the connection, and what to do about it.

Told apart by the types of the errors beneath the client's own and by OpenSSL's codes, never by their words.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_YET, _EXPIRED = 9, 10
_UNKNOWN_ISSUER: Final = (18, 19, 20, 21)
_OTHER_NAME: Final = (62, 64)
"""Results of a certificate's verification (OpenSSL, `X509_verify_cert_error_string(3)`): self-signed alone and in the
chain, issuer not at hand, first certificate not verifiable; another host's name, another IP address."""

_NO_TLS: Final = ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
"""OpenSSL's reasons, by version, where the answer to a TLS greeting is none of TLS."""

_ADDRESS: Final = "check the address in --base-url and that the server is running"


class Problem(NamedTuple):
    """What is wrong with a connection."""

    what: str
    """One sentence."""

    hint: str
    """What to do about it."""

    is_lasting: bool
    """Whether asking again cannot help as long as nobody changes anything."""


def problem(error: BaseException, base_url: str, too_many_redirects: type[Exception]) -> Problem:
    """What is wrong.

    Args:
        error: The client's error.
        base_url: The server's address.
        too_many_redirects: The class of that error in the library that the client uses.
    """
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _bad_certificate(cause.verify_code, base_url)
        if isinstance(cause, ssl.SSLError):
            return _no_tls(cause.reason, base_url)
        if isinstance(cause, too_many_redirects):
            hint = "give the address that answers by itself in --base-url, which mostly ends in /v1"
            return Problem("the server redirects in a circle", hint, is_lasting=True)
        if isinstance(cause, aiohttp.NonHttpUrlClientError):
            hint = "give the server's own address in --base-url"
            return Problem("the server redirects to an address that is not one of the web", hint, is_lasting=True)
        if isinstance(cause, aiohttp.ClientConnectorDNSError):
            hint = "check its spelling in --base-url, and the network"
            return Problem("the server's name cannot be found", hint, is_lasting=False)
        if _is_broken_off(cause):
            hint = or_tls(_ADDRESS, base_url)
            return Problem("the server closed the connection without an answer", hint, is_lasting=False)
    return Problem("the server cannot be reached", _ADDRESS, is_lasting=False)


def or_tls(hint: str, base_url: str) -> str:
    """The hint where something listens at the address that does not speak as it should: it may speak TLS."""
    if urlsplit(base_url).scheme == "http":
        return f"{hint}; a server that speaks TLS wants https:// in place of http://"
    return hint


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from, without aiohttp's own errors of TLS, which hold no codes."""
    while error is not None:
        if not isinstance(error, aiohttp.ClientSSLError):
            yield error
        error = error.__cause__ or error.__context__


def _is_broken_off(error: BaseException) -> bool:
    if isinstance(error, aiohttp.ClientConnectorError):  # there was no connection yet
        return False
    return isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError | ConnectionResetError)


def _bad_certificate(code: int, base_url: str) -> Problem:
    host = urlsplit(base_url).hostname
    if code in _OTHER_NAME:
        what, hint = f"the server's certificate is not for {host}", "give the name that it is for in --base-url"
    elif code == _EXPIRED:
        what, hint = "the server's certificate has expired", "have it renewed, and check this machine's clock"
    elif code == _NOT_YET:
        what, hint = "the server's certificate is not valid yet", "check this machine's clock"
    elif code in _UNKNOWN_ISSUER:
        what = "the server's certificate is signed by itself or by an authority that this machine does not know"
        hint = "if you trust it, put the file with that certificate into the environment variable SSL_CERT_FILE"
    else:
        what, hint = f"the server's certificate is not valid (OpenSSL's code {code})", "ask whoever runs the server"
    return Problem(what, hint, is_lasting=True)


def _no_tls(reason: str | None, base_url: str) -> Problem:
    if reason in _NO_TLS:
        hint = f"give http:// in place of https:// in --base-url, if {urlsplit(base_url).hostname} can be trusted so"
        return Problem("the server does not speak TLS at this address", hint, is_lasting=True)
    what = f"no secure connection to the server can be made ({reason or 'TLS failed'})"
    return Problem(what, "check --base-url, proxies on the way, and the server's settings of TLS", is_lasting=True)
