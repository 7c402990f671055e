"""Family G, attachments: inputs that only stand for a picture, sound, file or page, which a model cannot open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder.check.finding import holds_any, quoted

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

MEDIUM: Final = (
    r"(?:images?|photos?|photographs?|pictures?|pics?|screenshots?|screen shots?|scans?|x-rays?|gifs?|paintings?"
    r"|drawings?"
    r"|sketch(?:es)?|portraits?|illustrations?|artworks?|works? of art|art|cartoons?|comics?|memes?|logos?|icons?"
    r"|posters?"
    r"|videos?|video clips?|clips?|footage|animations?|trailers?|audio|audio (?:clips?|files?)|sounds?"
    r"|sound (?:clips?|files?)"
    r"|songs?|music|recordings?|podcasts?|voice|tracks?|mp3s?|attachments?|pdfs?|files?|documents?|spreadsheets?|slides?"
    r"|presentations?|maps?|charts?|graphs?|plots?|diagrams?|figures?|infographics?|sculptures?|statues?)"
)
"""What a text cannot hold."""
_PAGE: Final = r"(?:links?|urls?|websites?|web ?pages?|web ?sites?|pages?|articles?|blog posts?|posts?)"

_FILE_ENDING: Final = (
    r"(?:jpe?g|png|gif|bmp|webp|svg|tiff?|mp3|wav|ogg|flac|m4a|mp4|avi|mov|mkv|webm|pdf|docx?|xlsx?|pptx?|zip|csv|txt)"
)
_ADDRESS = re.compile(
    r"!?\[[^\]\n]{0,200}\]\([^)\s]{1,300}\)"
    r"|</?(?:img|video|audio|iframe|source|embed|object|a)\b[^<>]{0,300}/?>"
    r"|[<(\[]?(?:https?://|ftp://|www\.)[^\s<>]{1,300}>?"
    r"|data:\w{1,20}/[^\s]{1,300}",
    re.IGNORECASE,
)
_FILE = re.compile(rf"[\[(<]?[\w .()/\\:~-]{{1,60}}\.{_FILE_ENDING}[\])>]?", re.IGNORECASE)
_BRACKETED = re.compile(
    rf"[\[(<{{]{{1,2}}(?=[^\n]{{0,120}}(?:\b{MEDIUM}\b|\b{_PAGE}\b|\battach|\bupload|\bembed))[^\[\](){{}}<>\"\n,;=]{{3,110}}"
    r"[\])>}]{1,2}\.?",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    rf"(?:please )?(?:see|find|refer to|look at|check|open|view)(?: in)? (?:the |an? )?(?:attach\w*|enclosed"
    rf"|{MEDIUM})\b[\w .]{{0,40}}"
    rf"|(?:the |an? )?(?:attached|enclosed|uploaded|linked|embedded) (?:\w{{1,20}} ){{0,2}}(?:{MEDIUM}|{_PAGE})\.?"
    rf"|(?:\w{{1,20}} ){{0,2}}(?:{MEDIUM}|{_PAGE}) (?:#?\d{{1,3}}|(?:is |was )?(?:attached|enclosed|included"
    rf"|uploaded|provided)|files?|links?)\.?"
    rf"|(?:an? |the )?(?:link|url) (?:to|of|for) [\w '-]{{1,60}}\.?"
    rf"|(?:attach|include|insert|upload|embed|paste|link) (?:to )?(?:an? |the "
    rf"|your )?(?:\w{{1,20}} ){{0,2}}(?:{MEDIUM}|{_PAGE})\b[\w ]{{0,40}}\.?"
    r"|attachments?\.?",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    rf"\b(?:{MEDIUM}|{_PAGE}|source|text|input|here|is|are|the|an?|to|this|these|see|below|above|from|at|of|for|following|given"
    r"|read|click|on|news|story|report|paper|tweet|recipe|attached|view|visit|can|be|found|available|title|and|or|no)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]{2,}")
_WANTS_CONTENT = re.compile(
    rf"\b(?:summar\w+|read|describe|caption|analy[sz]e|review|paraphrase|transcribe|translate|key (?:points|ideas)"
    rf"|main (?:points?|ideas?|topics?)|{_PAGE}|{MEDIUM})\b"
)
ABOUT_NAMES = re.compile(
    r"\b(?:domains?|host ?name|protocol|query (?:string|parameter)s?|parameters?|path|slug|extension|file ?names?"
    r"|file types?"
    r"|file format|valid\w*|shorten\w*|pars\w+|url[- ]?encod\w*|(?:en|de)code|components?|parts of|anchor|qr"
    r"|hyperlinks?|html|markdown|regex\w*|regular expression|scheme|subdomains?|redirects?|phishing|safe|secure"
    r"|security"
    r"|malicious|spam|broken|(?:link|url|page|site) works?|curl|wget|scrap\w+|download|rewrite (?:this|the) (?:url"
    r"|link)|country code|tld"
    r"|top-level|reliable|credible|trustworthy|legitimate|(?:type|kind|category) of (?:the )?(?:web ?site|url|link"
    r"|file)"
    r"|(?:name|owner) of (?:the )?(?:company|web ?site|site)|classify (?:this|the) (?:url|link|web ?site)|format of"
    r"|citation|cite"
    r"|(?:python|java|javascript|php|bash|c\+\+) (?:program|script|code|function)|tags?|https? to|to https?"
    r"|the url\b.{0,30}\bfrom)\b"
)
"""An instruction with one of these is about the name or address itself."""
_ADDRESS_HINTS: Final = ("://", "www.", "](", "<", "WWW.", "data:")
_MAX_ENDING: Final = 8
_MAX_PHRASE: Final = 80
_MAX_INPUT: Final = 400
"""Characters: longer inputs are texts."""
_MAX_LEFT: Final = 2
_MAX_TITLE: Final = 15
"""Words beside an address that are no text yet; and that are no more than a title, where the instruction wants the "
"text."""


def bare_link(pair: Pair) -> str:
    """An input that is only an address, a file's name or a note: `https://example.org/a`, `a.jpg`, `[Image 1]`.

    Not where the instruction is about the address or name itself: “What is the domain of this URL?”.
    """
    given = pair.input.strip()
    if not given or len(given) > _MAX_INPUT or not stands_for_more(given, pair.instruction_lower):
        return ""
    return "" if ABOUT_NAMES.search(pair.instruction_lower) else f"the input is only {quoted(given)}"


def stands_for_more(given: str, asked: str) -> bool:
    """Whether a text stands for a picture, sound, file or page and says nothing else.

    Args:
        given: At most a few hundred characters, without white space at the ends.
        asked: What is asked about it, in lower case.
    """
    if given[0] in "[(<{" and _BRACKETED.fullmatch(given):
        return True
    if "." in given[-_MAX_ENDING:] and _FILE.fullmatch(given):
        return True
    if len(given) <= _MAX_PHRASE and _PHRASE.fullmatch(given):
        return True
    if not holds_any(given, _ADDRESS_HINTS):
        return False
    rest, addresses = _ADDRESS.subn(" ", given)
    if not addresses:
        return False
    left = len(_WORD.findall(_SAYS_NOTHING.sub(" ", rest)))
    return left <= _MAX_LEFT or (
        left <= _MAX_TITLE and bool(_WANTS_CONTENT.search(asked)) and "." not in rest.strip(". ")
    )
