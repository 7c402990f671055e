"""Family G, beyond text: tasks and answers with pictures, sounds and pages that a language model cannot have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder.check.attachments import ABOUT_NAMES, MEDIUM, stands_for_more
from ift_builder.check.finding import at_words, quoted

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

_SEEN: Final = (
    r"(?:images?|photos?|photographs?|pictures?|screenshots?|videos?|video clips?|audio|audio (?:clips?|files?)"
    r"|sound (?:clips?|files?)|recordings?|attachments?|pdfs?|spreadsheets?|charts?|graphs?|diagrams?|figures?)"
)
_ENDS_THERE: Final = (
    r"(?=\s*(?:[.:;?!,\n]|$)| (?:in (?:one|two|three|a|an|your|\d)|and|using|with|below|above|shown)\b)"
)
"""What follows `the painting` where no title does."""
_ASKS_FOR_MEDIUM = re.compile(
    rf"\b(?:the (?:following|given|attached|provided|accompanying|uploaded|linked|enclosed)"
    rf"|attached) (?:\w{{1,20}} )?{_SEEN}\b"
    rf"|(?:^|[.:!?] |please |and )(?:describe|caption|analy[sz]e|look at|listen to|watch|transcribe"
    rf"|identify the \w{{1,20}} in)"
    rf" (?:this|these|the) {_SEEN}\b(?! of [yf]\b)"
    rf"|(?:^|[.:!?] |please |and )(?:describe|caption|analy[sz]e|interpret|critique|look at|listen to|watch|transcribe"
    rf"|identify|classify|name|label)"
    rf" (?:this|these|the (?:given|following|attached|provided)) (?:\w{{1,20}} )?(?:{MEDIUM}){_ENDS_THERE}"
    rf"|^(?:please )?(?:describe|caption|analy[sz]e|interpret|critique|transcribe|identify"
    rf"|label) the (?:{MEDIUM})\s?\.?$"
    rf"|\b(?:in|from|about|of|for) (?:this|these) (?:image|photo|photograph|screenshot|recording|picture|painting"
    rf"|drawing"
    rf"|video|cartoon|meme|sculpture|artwork)s?{_ENDS_THERE}"
    rf"|\b(?:image|photo|photograph|picture|screenshot|video|chart|graph|diagram|recording|painting)s? (?:below|above"
    rf"|attached|provided|shown)\b"
    rf"|\b(?:at|in|from|on|visit|open|follow|click(?: on)?|read) (?:this|the (?:following|given|above|attached"
    rf"|provided))"
    rf" (?:link|url|website|web ?page)\b"
)
_HINTS: Final = at_words(
    *(
        "image",
        "photo",
        "photograph",
        "picture",
        "pic",
        "screenshot",
        "shot",
        "scan",
        "x-ray",
        "gif",
        "painting",
        "drawing",
    ),
    *(
        "sketch",
        "sketche",
        "portrait",
        "illustration",
        "artwork",
        "art",
        "cartoon",
        "comic",
        "meme",
        "logo",
        "icon",
        "poster",
    ),
    *(
        "video",
        "clip",
        "footage",
        "animation",
        "trailer",
        "audio",
        "sound",
        "song",
        "music",
        "recording",
        "podcast",
        "voice",
    ),
    *(
        "track",
        "mp3",
        "attachment",
        "pdf",
        "file",
        "document",
        "spreadsheet",
        "slide",
        "presentation",
        "map",
        "chart",
        "graph",
    ),
    *("plot", "diagram", "figure", "infographic", "sculpture", "statue", "link", "url", "website", "webpage", "page"),
)
"""Of which each of these expressions has one."""
_DRAWN_IN_TEXT: Final = ("[asy]", "\\begin{", "<svg", "digraph ")
_ADDRESS = re.compile(r"[<(\[]?(?:https?://|www\.)[^\s<>]{1,300}>?", re.IGNORECASE)
_MAX_AROUND: Final = 200
"""Characters around an address in an instruction that holds no text besides."""

_MAKES_MEDIUM = re.compile(
    r"!\[[^\]\n]{0,300}\]\(|<img\s[^<>]{0,20}src|\[(?:image|photo|picture|video|audio|screenshot|painting|drawing"
    r"|illustration|insert (?:an? )?(?:image|photo|picture|video|link|logo|map|graph|chart))\b[^\]\n]{0,80}\](?!\()"
    r"|\b(?:see|in|view) the attached (?:image|photo|picture|file|video|document)",
    re.IGNORECASE,
)
_MARKUP_WANTED = re.compile(
    r"\b(?:markdown|html|readme|latex|alt text|web ?page|website|blog|script|storyboard|template|layout|slide"
    r"|newsletter"
    r"|javascript|react|css|tag)"
)
_STANDS_FOR_IT: Final = 25
"""Characters of an input that can describe in words what the instruction calls a picture."""


def needs_more_than_text(pair: Pair) -> str:
    """A task about what is not in the text: “Describe the attached image.”, “Summarize the article at this link.”.

    Not where the input describes it in words.
    """
    asked = pair.request_lower
    given = pair.input.strip()
    if not given and ("://" in asked or "www." in asked):
        return _opens_a_page(asked)
    if _HINTS.isdisjoint(pair.words):
        return ""
    found = _ASKS_FOR_MEDIUM.search(asked)
    if not found or any(mark in pair.instruction for mark in _DRAWN_IN_TEXT):
        return ""
    if len(given) >= _STANDS_FOR_IT and not stands_for_more(given[:_MAX_AROUND], asked):
        return ""
    rest = asked[found.end() :].lstrip(" .")
    if rest.startswith(":") and len(rest) > _STANDS_FOR_IT and not _ADDRESS.match(rest[1:].strip()):
        return ""
    return f"the instruction speaks of {quoted(found.group())}, which is not in the text"


def _opens_a_page(asked: str) -> str:
    """An instruction whose only material is an address: “Summarize this article: https://example.org/1”."""
    found = _ADDRESS.search(asked)
    rest, number = _ADDRESS.subn("", asked)
    if not found or len(rest) > _MAX_AROUND or ABOUT_NAMES.search(rest) or not _WANTS_PAGE.search(rest):
        return ""
    return f"the instruction sends to {quoted(found.group())}" if number else ""


_WANTS_PAGE = re.compile(
    rf"\b(?:summari[sz]e|read|describe|caption|analy[sz]e|review|paraphrase|transcribe|watch|listen|look at|open"
    rf"|according"
    rf" to|based on|from|at)\b.{{0,80}}\b(?:article|web ?page|web ?site|site|page|blog|post|story|paper|report|text"
    rf"|news|link"
    rf"|url|{MEDIUM})\b"
)


def makes_more_than_text(pair: Pair) -> str:
    """An answer with a picture or file that nobody made: `"output": "![a cat](cat.png)"`, `"[Image of a cat]"`.

    Not where markup, a script or a page was asked for.
    """
    if b"[" not in pair.rare and b"<" not in pair.rare and "he attached" not in pair.output:
        return ""
    found = _MAKES_MEDIUM.search(pair.output)
    if not found or _MARKUP_WANTED.search(f"{pair.instruction_lower}\n{pair.input.lower()}"):
        return ""
    return f"the output holds {quoted(found.group())}"


_MISSING = re.compile(
    r"\b(?:the|these) (?:following|given|above|below) (?:\w{1,20} )?(?:text|sentences?|paragraph|passage|article"
    r"|story|poem|code"
    r"|words?|numbers?|list|statement|questions?|email|review|tweet|equation|conversation|dialogue"
    r"|document)s?(?: below)?"
    r"\s?[.:]?$"
)


def missing_input(pair: Pair) -> str:
    """A task about a text that is not there: “Summarize the following article.” with no input."""
    if pair.input.strip() or not pair.instruction or "\n" in pair.instruction.strip():
        return ""
    end = pair.instruction_lower[-80:].rstrip()
    if " following " not in end and " given " not in end and " above " not in end and " below " not in end:
        return ""
    found = _MISSING.search(end)
    return f"the instruction speaks of {quoted(found.group())}, and there is no input" if found else ""
