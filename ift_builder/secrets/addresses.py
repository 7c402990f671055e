"""Addresses that may hold secrets: a user and a password before the host, parameters after the question mark."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, unquote_plus, urlsplit

REDACTED: Final = "[redacted]"

_HARMLESS: Final = frozenset({"api-version", "api_version", "version"})
"""Parameters that may be shown; whatever else stands in an address may be a key."""

_SECRET: Final = re.compile("key|token|secret|sig|pass|pwd|auth|cred|session|jwt|^k$|^code$|^$", re.IGNORECASE)
"""Names of parameters whose values are secrets wherever they stand; that of another may be a model's name."""

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")

_USER: Final = re.compile(r"(?<=://)[^\s/?#'\"<>]*@")


def shown(url: str) -> str:
    """The address without its user and password, and without the values of its parameters."""
    try:
        parts = urlsplit(url)
        host = parts.hostname and parts.netloc.rpartition("@")[2]
        parts.port  # noqa: B018 - raises where a password with a slash in it makes a host of the user
    except ValueError:
        host = None
    if not host:  # then it is no address, and anything before an @ may be a password
        return re.sub(r"[?#].*", "", re.sub(r"^([\w+.-]*://)?.*@", r"\1", url, flags=re.DOTALL), flags=re.DOTALL)
    return parts._replace(netloc=host, query=_shown_query(parts.query), fragment="").geturl()


def without_users(text: str) -> str:
    """A text in which addresses may stand, without the users and passwords of those."""
    return _USER.sub("", text) if "@" in text else text


def secrets_in(url: str) -> list[str]:
    """The parts of an address that are nobody's business, as they stand in it and as they are meant.

    None in a text that is more than an address, or none.
    """
    try:
        parts = urlsplit(url if _ADDRESS.fullmatch(url) else "")
    except ValueError:
        return []
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    written = [user, password, *(_value(field) for field in parts.query.split("&") if _SECRET.search(_name(field)))]
    return [*written, *map(unquote, written), *map(unquote_plus, written)]


def split(url: str) -> tuple[str, str]:
    """The address without its parameters, to which paths can be added, and the parameters, which go with each."""
    parts = urlsplit(url)
    return parts._replace(query="", fragment="").geturl(), parts.query


def _shown_query(query: str) -> str:
    fields = query.split("&") if query else []
    return "&".join(field if _name(field) in _HARMLESS else _without_value(field) for field in fields)


def _without_value(field: str) -> str:
    value = _value(field)
    return field.removesuffix(value) + REDACTED if value else field


def _name(field: str) -> str:
    """A parameter's name; `""` where it is but a value."""
    name, equals, _ = field.partition("=")
    return unquote(name) if equals else ""


def _value(field: str) -> str:
    name, equals, value = field.partition("=")
    return value if equals else name
