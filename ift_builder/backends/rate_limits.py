"""What a server's headers say of its limits: how long to wait before the next request.

`Retry-After` counts where there is one (RFC 9110, section 10.2.3). Else, of each allowance that is used up, the time
until it is there again, by whichever family of headers the server has: `x-ratelimit-remaining-requests` (OpenAI, Groq
and many more), `anthropic-ratelimit-tokens-remaining`, `ratelimit-remaining` (the IETF's draft).
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = re.compile(
    r"^(?:x-|anthropic-)?ratelimit-(?:(?P<before>[a-z_-]+)-)?(?P<part>limit|remaining|reset)(?:-(?P<after>[a-z_-]+))?$"
)
_DURATION = re.compile(
    r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9}(?:\.\d*)?)s)?(?:(\d{1,9}(?:\.\d*)?)ms)?", re.ASCII
)
"""`1h2m3.5s` or `12ms`."""

_LIMIT = re.compile(r"0*[1-9]\d{0,17}", re.ASCII)

_SECONDS_PER: Final = (86_400.0, 3_600.0, 60.0, 1.0, 0.001)

_FIRST_EPOCH: Final = 1_000_000_000
"""A number from here on is a moment (seconds since 1970), not a span; from a thousand times as much on, in ms."""

_TOKENS_FOR_A_REQUEST: Final = 1_000
"""What a request needs to be there again of an allowance of tokens."""


def pause(headers: Mapping[str, str]) -> float | None:
    """Seconds until the server takes another request, by its headers (names in lower case); None if they do not say."""
    asked = retry_after(headers)
    if asked is not None:
        return asked
    allowances: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, value in headers.items():
        if "ratelimit" in name and (match := _HEADER.match(name)):
            allowances[match["after"] or match["before"] or ""][match["part"]] = value
    waits = [_until_there_again(kind, parts) for kind, parts in allowances.items() if parts.get("remaining") == "0"]
    return max((wait for wait in waits if wait is not None), default=None)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the `Retry-After` header (seconds or a date); None where it is absent or senseless."""
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        return max(0.0, float(value))  # `inf` too: whoever waits has a limit
    except ValueError:
        return _seconds_to(value)


def _until_there_again(kind: str, parts: Mapping[str, str]) -> float | None:
    """Seconds until a request fits into an allowance that is used up.

    A span with units is the time until an allowance that fills steadily is full (OpenAI, Groq), and one request needs
    but a part of that; any other value is the end of a window.
    """
    value, limit = parts.get("reset", ""), parts.get("limit", "")
    spans = _DURATION.fullmatch(value) if value else None
    if spans:
        full = sum(float(span) * unit for span, unit in zip(spans.groups(), _SECONDS_PER, strict=True) if span)
        needed = _TOKENS_FOR_A_REQUEST if "token" in kind else 1
        return full * min(1.0, needed / int(limit)) if _LIMIT.fullmatch(limit) else full
    try:
        number = float(value)
    except ValueError:
        return _seconds_to(value)
    if number < _FIRST_EPOCH:
        return max(0.0, number)
    moment = number if number < 1000 * _FIRST_EPOCH else number / 1000
    return max(0.0, moment - datetime.now(timezone.utc).timestamp())


def _seconds_to(value: str) -> float | None:
    """Seconds to a moment as HTTP or RFC 3339 write it; None if it is neither."""
    for read in (parsedate_to_datetime, _from_iso):
        try:
            moment = read(value)
        except (TypeError, ValueError):
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())
    return None


def _from_iso(value: str) -> datetime:
    """Python 3.10 does not know the Z."""
    return datetime.fromisoformat(value.replace("Z", "+00:00"))
