"""Family G, leaks: labels, several tasks in one, refusals, and models that speak of themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder.check.finding import holds_any, quoted

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

_OWN_LABEL: Final = ("output:", "response:", "ai response:")
_LABEL_SIZE: Final = 32
"""Characters at the beginning in which a label stands."""
_CHAT_WANTED = re.compile(r"\b(?:dialog|dialogue|conversation|chat|script|transcript|interview|exchange|prompt|role)")
_NEXT_TURN = re.compile(r"\n[ \t]{0,20}(?:Human|User)[ \t]{0,4}:[ \t]{0,20}[^\s]")
_NEXT_TASK = re.compile(
    r"^[ \t]{0,20}(?:\#{1,6} ?)?(?:\d{1,3} ?[.)] ?)?(?:(?:New |Next )?Instruction|Class label|Task \d{1,3}"
    r"|Example \d{1,3} ?\n[ \t]{0,20}Input) ?(?:\#?\d{1,3})? ?[:.]",
    re.MULTILINE,
)
_NEXT_TASK_HINT = ("Instruction", "Class label", "Task ", "Example ")
_PROMPTS_OWN_LABEL = re.compile(
    r"\n[ \t]{0,20}\n[ \t]{0,20}(?:\#{1,6} ?|\*\*)?(?:New |Next |Your )?(?:Task"
    r"|TASK)(?: \d{1,3})?:(?:\*\*)?[ \t]{0,4}\n?"
    r"(?=[A-Z])(?P<what>[^\n]{4,400})"
)
"""The label with which the prompt of a growth begins each task; the model went on with it after its last answer."""
_ASKS = re.compile(
    r"(?:what|why|how|who|when|where|which|is|are|can|do|does|you are|you will|given|in this task|please|based on"
    r"|write|create"
    r"|generate|give|describe|explain|list|name|find|identify|classif|rewrite|summari|translat|convert|edit|compose|suggest"
    r"|design|compare|calculate|compute|determine|tell|provide|make|construct|develop|answer|come up|complete|fill|sort"
    r"|arrange|categori|predict|analy|evaluate|propose|outline|choose|select|add|replace|correct|fix|paraphrase|detect"
    r"|extract|rank|discuss|draft|imagine|think|use|take|read|look|decide|brainstorm|produce|solve|simplify|build)"
)
_LABELLED = re.compile(r"^[ \t]{0,20}[A-Z][A-Za-z ]{1,30}:", re.MULTILINE)
_NUMBERED_LINE = re.compile(r"^[ \t]{0,20}(\d{1,3})[ \t]{0,4}[.)][ \t]{1,8}[^\W\d_a-z]", re.MULTILINE)
_OUTPUT_INSIDE = re.compile(r"\n[ \t]{0,20}(?:Output|Response)[ \t]{0,4}:[ \t]{0,20}[^\s]")

_CANNOT: Final = (
    r"(?:can(?:no|')t|can not|(?:am|'m) (?:not able|unable) to|am not programmed to|(?:won't|will not) be able to)"
)
_HELP: Final = (
    r"(?:fulfil|fulfill|complete|comply|assist|help (?:you )?with|answer|process|perform|generate|create"
    r"|provide(?! an? (?:definitive|exact|precise|specific))"
    r"|access|open|view|see|watch|browse|engage|participate|continue|respond|write|support|do that|produce|offer"
    r"|make)"
)
_REFUSAL = re.compile(
    rf"(?:(?:i'm|i am)?\ ?(?:very |really |so )?sorry|(?:my )?apologies|i apologi[sz]e|unfortunately"
    rf"|as an? [^.!?\n]{{2,40}})?"
    rf"[,.;!\s]*(?:but |however,? |for the [\w ]+,? but )?(?:as an? [^.!?\n]{{2,40}},? )?i\s?{_CANNOT} {_HELP}\b"
)
_REFUSES: Final = (
    *(
        "i ",
        "i'",
        "i’",  # noqa: RUF001 - the apostrophe of typesetters
        "sorry",
        "really sorry",
        "very sorry",
        "so sorry",
        "my apolog",
        "apolog",
        "unfortunately",
        "as a",
    ),
    *("but ", "however", "for the ", "could you", "can you", "please", "provide", "share", "give ", "send ", "specify"),
    *("sure", "of course", "certainly", "there ", "you ", "no ", ",", ".", ";", "!"),
)
"""How an answer begins that one of the two expressions may know."""
_ASKS_BACK = re.compile(
    r"(?:(?:i'm|i am)?\ ?sorry,? |sure[,!.]? |of course[,!.]? |certainly[,!.]? |unfortunately,? )?(?:but )?"
    r"(?:(?:could|can) you )?(?:please )?(?:provide|share|give|send|specify)(?: me)?(?: with)? (?:the|a|an|your"
    r"|more|some)"
    r" (?:\w+ ){0,3}(?:text|sentence|paragraph|article|input|context|information|details|list|data|code|passage)"
    r"|(?:i'm|i am)?\ ?sorry,? (?:but )?(?:there (?:is|was|seems to be) no|you (?:did not|didn't|have not"
    r"|haven't) provided?|no)"
    r" (?:\w+ ){0,3}(?:text|sentence|paragraph|article|input|context|information|list|data|code|passage)"
)
_MODEL = r"(?:ai|a\.i\.|artificial intelligence)"
_SELF = re.compile(
    rf"\bas an? (?:{_MODEL} )?(?:large )?(?:language model|chatbot|text-based (?:ai|model))"
    rf"|\bas an? {_MODEL}(?: (?:model|assistant|system|program|chatbot))?,? i (?:do not|don't|cannot|can't|am not"
    rf"|am unable|have no)"
    rf"|\bi(?:'m| am) (?:just |only |merely )?(?:an? {_MODEL}(?: language)?(?: model| assistant)?\b"
    rf"|a (?:large )?language model)"
    r"|\bmy (?:knowledge|training)(?: data)? (?:cut-?off|only goes|ends|extends)"
    r"|\bas of my (?:last|latest) (?:update|training|knowledge)"
    r"|\b(?:trained|developed|created|made) by (?:openai|anthropic|google deepmind)\b"
)
_SELF_HINT = re.compile(
    r" (?:an? (?:ai\b|a\.i|artif|large lang|language m|chatb|text-b)|my (?:know|train)|of my|by (?:opena|anthr"
    r"|google d))"
)
"""What each expression has one of, behind one fixed character, for which there is a fast search."""
_MACHINE_ASKED_FOR = re.compile(
    r"\b(?:a\.?i\.?|robots?|android|cyborg|machines?|computer|language models?|chatbots?|(?:virtual"
    r"|digital) assistant|artificial|llms?|gpt)\b"
)


def leaked_label(pair: Pair) -> str:
    """A field that begins with its own name: `"output": "Output: 5"`, `"instruction": "Instruction: Add 2 and 3."`.

    Not an input after worked instances that are labelled, too.
    """
    if ":" in pair.output[:_LABEL_SIZE] and pair.output_lower[:_LABEL_SIZE].lstrip(" \n*#").startswith(_OWN_LABEL):
        return f"the output begins with its label: {quoted(pair.output)}"
    asked = pair.instruction_lower[:_LABEL_SIZE]
    if ":" in asked and asked.lstrip(" \n*#").startswith("instruction:"):
        return f"the instruction begins with its label: {quoted(pair.instruction)}"
    if pair.input[:7].lower() == "input: " and "\ninput: " not in pair.instruction_lower:
        return f"the input begins with its label: {quoted(pair.input)}"
    return ""


def merged_tasks(pair: Pair) -> str:
    r"""Several tasks in one row: `"output": "5\n\n2. Instruction: Name a bird."`, or a list number of a next task.

    >>> merged_tasks(Pair("Name a bird.\n12. Name a fish.", "", "Robin."))
    'the instruction holds an item of a list: “12. Name a fish.”'
    """
    if holds_any(pair.whole, _NEXT_TASK_HINT):
        for name, text in (("instruction", pair.instruction), ("input", pair.input), ("output", pair.output)):
            if "\n" in text and (found := _NEXT_TASK.search(text, 1)):
                return f"the {name} holds another task: {quoted(text, found.start())}"
    if "\n\n" in pair.output and (what := _goes_on_with_a_task(pair)):
        return f"the output goes on with another task: {quoted(what)}"
    return _item_or_answer(pair) if "\n" in pair.instruction else ""


def _goes_on_with_a_task(pair: Pair) -> str:
    """The request behind the prompt's own label, where neither the answer nor the question has such labels."""
    if "Task" not in pair.output and "TASK" not in pair.output:
        return ""
    found = _PROMPTS_OWN_LABEL.search(pair.output)
    if (
        not found
        or not _ASKS.match(found["what"].lower())
        or "task" in pair.instruction_lower
        or "task" in pair.input.lower()
    ):
        return ""
    return "" if _LABELLED.search(pair.output[: found.start()]) else found.group().strip()


def _item_or_answer(pair: Pair) -> str:
    """What an instruction of several lines holds besides one request."""
    text = pair.instruction
    number = _NUMBERED_LINE.search(text)
    if number and int(number[1]) > 1 and number.start() > 0 and not _has_item_before(text, number):
        return f"the instruction holds an item of a list: {quoted(text[number.start() :].strip())}"
    outputs = _OUTPUT_INSIDE.findall(text)
    if len(outputs) == 1 and not pair.input and not text.rstrip().endswith(":"):
        return f"the instruction holds an answer of its own: {quoted(outputs[0])}"
    return ""


def _has_item_before(text: str, found: re.Match[str]) -> bool:
    """Whether the line is not the first of its list, whatever the items before it begin with."""
    return bool(re.search(rf"^[ \t]*{int(found[1]) - 1}[ \t]*[.)]\s", text[: found.start()], re.MULTILINE))


def next_turn(pair: Pair) -> str:
    r"""An answer that goes on with the user's next words: `"output": "It is 5.\nHuman: And 3 and 4?"`.

    Not where a dialogue was asked for.
    """
    if "\n" not in pair.output or not (found := _NEXT_TURN.search(pair.output)):
        return ""
    wanted = _CHAT_WANTED.search(f"{pair.instruction_lower}\n{pair.input.lower()}")
    return "" if wanted else f"the output goes on with {quoted(pair.output, found.start())}"


def refusal(pair: Pair) -> str:
    """An answer that is none: `"output": "I'm sorry, but I cannot assist with that."`, `"Please provide the text."`."""
    start = pair.output_lower[:200].lstrip()
    if not start.startswith(_REFUSES):
        return ""
    start = start.replace("’", "'")  # noqa: RUF001 - the apostrophe of typesetters
    found = _REFUSAL.match(start) or _ASKS_BACK.match(start)
    return f"the output begins {quoted(pair.output.strip())}" if found else ""


def model_speaks_of_itself(pair: Pair) -> str:
    """An answer about the model: `"output": "As an AI language model, I do not have a favourite colour."`.

    Not where the question is about machines or plays with one.
    """
    output = pair.output_lower
    text = f" {output}"
    if not _SELF_HINT.search(text.replace("\n", " ") if pair.has_lines else text):
        return ""
    found = _SELF.search(output)
    if not found or _MACHINE_ASKED_FOR.search(f"{pair.instruction_lower}\n{pair.input.lower()}"):
        return ""
    return f"the output says {quoted(pair.output, found.start())}"
