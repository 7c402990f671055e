"""Ways in which a server may quote a secret, and an oracle that says whether a text gives one away.

The oracle shares nothing with what it tests: it undoes escapes by other means and compares sets of 8 characters.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from functools import cache
from urllib.parse import quote, quote_plus, unquote

from hypothesis import strategies as st

KEY = "sk-Qz7Lw2Nf9+Kx4Rb8/Tj3Vh6=Mp1Dc5Gs0Ya"
TOKEN = "hf_Xq4Zt9Bn2Wv7Lk1Rm8Pd3Hs6Jc5Fg0Uy"
PART = 8


def _fully(form):
    return lambda text: "".join(form.format(ord(character)) for character in text)


ENCODINGS = {
    "plain": str,
    "quoted": lambda text: quote(text, safe=""),
    "quoted in lower case": lambda text: quote_plus(text).replace("%2B", "%2b").replace("%2F", "%2f"),
    "quoted twice": lambda text: quote(quote(text, safe=""), safe=""),
    "all of it quoted": _fully("%{:02X}"),
    "all of it quoted in lower case": _fully("%{:02x}"),
    "Base64": lambda text: b64encode(text.encode()).decode(),
    "Base64 behind one byte": lambda text: b64encode(b":" + text.encode() + b"!").decode(),
    "Base64 behind two bytes": lambda text: b64encode(b"::" + text.encode() + b"!").decode(),
    "Base64 for addresses": lambda text: urlsafe_b64encode(b"Bearer " + text.encode()).decode(),
    "Base64, quoted": lambda text: quote(b64encode(text.encode()).decode(), safe=""),
    "JSON": json.dumps,
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "JSON as PHP writes it": lambda text: json.dumps(text).replace("/", "\\/"),
    "all of it as JSON escapes": _fully("\\u{:04x}"),
    "program text": _fully("\\x{:02x}"),
    "HTML": html.escape,
    "all of it as HTML references": _fully("&#{};"),
}


@st.composite
def echoes(draw, secret):
    """The secret or a part of it, in some encoding, amid any text."""
    start = draw(st.integers(0, len(secret) - PART) | st.just(0))
    end = draw(st.integers(start + PART, len(secret)) | st.just(len(secret)))
    encode = ENCODINGS[draw(st.sampled_from(sorted(ENCODINGS)))]
    before, after = (draw(st.text(st.characters(codec="utf-8"), max_size=12)) for _ in range(2))
    return before + encode(secret[start:end]) + after


def leaks(data: bytes, secret: str) -> set[str]:
    """All that the text gives away, in any of its readings: parts of the secret, and of its forms in Base64."""
    readings = _readings(data)
    return {part for part in _wanted(secret) if any(part in reading for reading in readings)}


@cache
def _wanted(secret: str) -> set[str]:
    plain = secret.encode()
    wanted = _parts(secret)
    for before, first in ((b"", 0), (b"\0", 2), (b"\0\0", 3)):
        last = 8 * len(before + plain) // 6
        wanted |= _parts(b64encode(before + plain).decode()[first:last])
        wanted |= _parts(urlsafe_b64encode(before + plain).decode()[first:last])
    return wanted


def _parts(text: str) -> set[str]:
    return {text[at : at + PART] for at in range(len(text) - PART + 1)}


def _readings(data: bytes) -> list[str]:
    """The text as it is, and with its escapes undone, twice."""
    readings = [data.decode("utf-8", "replace")]
    for _ in range(2):
        last = readings[-1]
        unescaped = re.sub(r"\\+u00([0-9a-fA-F]{2})|\\+x([0-9a-fA-F]{2})", _character, html.unescape(unquote(last)))
        readings.append(re.sub(r"\\+([\"/\\])", r"\1", unescaped))
    return list(dict.fromkeys(readings))


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1] or escape[2], 16))
