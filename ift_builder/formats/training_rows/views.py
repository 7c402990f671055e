"""What a row of each shape teaches: its pairs, its conversations, and what it lacks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from ift_builder.formats.training_rows.example_schema import complaint
from ift_builder.formats.training_rows.row import Fault, Pair, Said

if TYPE_CHECKING:
    from ift_builder.formats.training_rows.row import Conversation, TrainingRow

ROLES: Final = {
    "human": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "model": "assistant",
    "developer": "system",
    "function": "tool",
    "observation": "tool",
    "function_call": "assistant",
    "tool_call": "assistant",
    "tool_response": "tool",
}
"""Other names of roles that trainers read (ShareGPT's, Gemma's, OpenAI's old and new ones) and OpenAI's name."""

_CALLS: Final = frozenset(["function_call", "tool_call"])


def example(row: TrainingRow, value: dict[str, Any]) -> None:
    """A row of our run folders."""
    if what := complaint(value):
        row.faults = (Fault("schema", what),)
    alpaca(row, value)


def alpaca(row: TrainingRow, value: dict[str, Any]) -> None:
    """`instruction`, `input` (may be absent), `output`."""
    instruction, output, given = value.get("instruction"), value.get("output"), value.get("input", "")
    if not (type(instruction) is str and type(output) is str and instruction and not instruction.isspace()):
        instruction, output = _text(row, value, "instruction"), _text(row, value, "output", may_be_empty=True)
    if type(given) is not str:
        _fault_of_type(row, "input", given)
        given = None if given is not None else ""
    if instruction is None or output is None or given is None:
        return
    options = value.get("options") or ()
    row.pairs = (Pair(instruction, given, output, tuple(options) if _texts(options) else ()),)


def seed_task(row: TrainingRow, value: dict[str, Any]) -> None:
    """Self-Instruct's seed task: an instruction with instances."""
    instruction = _text(row, value, "instruction")
    instances = value["instances"]
    if type(instances) is not list or not instances:
        _fault_of_type(row, "instances", instances)
        return
    pairs = []
    for instance in instances:
        if type(instance) is not dict or not _texts((instance.get("input"), instance.get("output"))):
            _add(row, Fault("wrong-type", "`instances` holds something without texts `input` and `output`"))
            return
        pairs.append(Pair(instruction or "", instance["input"], instance["output"]))
    row.pairs = tuple(pairs) if instruction is not None else ()


def text(row: TrainingRow, value: dict[str, Any]) -> None:
    """One text for language modelling."""
    whole = _text(row, value, "text", may_be_empty=True)
    row.pairs = () if whole is None else (Pair("", "", whole),)


def messages(row: TrainingRow, value: dict[str, Any]) -> None:
    """Turns with `role` and `content`: TRL's conversational form and OpenAI's fine-tuning file."""
    _converse(row, [_turns(row, value["messages"], "messages")])


def sharegpt(row: TrainingRow, value: dict[str, Any]) -> None:
    """Turns with `from` and `value`; a `system` column may stand beside them."""
    _converse(row, [_turns(row, value["conversations"], "conversations")])


def prompt_completion(row: TrainingRow, value: dict[str, Any]) -> None:
    """`prompt` and `completion`, texts or lists of turns."""
    prompt, completion = value["prompt"], value["completion"]
    if type(prompt) is list and type(completion) is list:
        row.shape = "prompt-completion, conversational"
        _converse(row, [_turns(row, prompt, "prompt"), _turns(row, completion, "completion")])
        return
    asked, answer = _text(row, value, "prompt"), _text(row, value, "completion", may_be_empty=True)
    if asked is not None and answer is not None:
        row.pairs = (Pair(asked, "", answer),)


def preference(row: TrainingRow, value: dict[str, Any]) -> None:
    """`chosen` and `rejected`, texts or lists of turns; `prompt` may stand beside them or begin them both."""
    prompt, chosen, rejected = value.get("prompt"), value["chosen"], value["rejected"]
    if type(chosen) is list and type(rejected) is list:
        row.shape = "preference, conversational"
        before = _turns(row, prompt, "prompt") if type(prompt) is list else ()
        if type(prompt) is str:
            before = (Said("user", prompt),)
        good, bad = _turns(row, chosen, "chosen"), _turns(row, rejected, "rejected")
        _converse(row, [before, good])
        if before is not None and bad is not None:
            row.conversations += ((*before, *bad),)
            row.rejected = "\x1e".join(said.content for said in bad)
        return
    good_text, bad_text = (_text(row, value, name, may_be_empty=True) for name in ("chosen", "rejected"))
    if "prompt" in value:
        prompt = _text(row, value, "prompt")
    if good_text is not None and bad_text is not None:
        row.pairs = (Pair(prompt or "", "", good_text),)
        row.rejected = bad_text


def _converse(row: TrainingRow, parts: list[Conversation | None]) -> None:
    if any(part is None for part in parts):
        return
    turns = tuple(said for part in parts for said in part or ())
    row.conversations = (turns,)
    row.pairs = tuple(
        Pair(before.content, "", said.content)
        for before, said in pairwise(turns)
        if said.role == "assistant" and before.role == "user" and not said.calls_tool
    )


def _turns(row: TrainingRow, value: Any, column: str) -> Conversation | None:
    """The turns of a list; None, with a fault, where it is no list of turns."""
    if type(value) is not list or not value:
        _fault_of_type(row, column, value)
        return None
    turns = [_said(turn) for turn in value]
    if None in turns:
        _add(row, _fault_of_turn(column, value[turns.index(None)]))
        return None
    return tuple(turn for turn in turns if turn is not None)


def _fault_of_turn(column: str, turn: Any) -> Fault:
    if type(turn) is dict and any(turn.get(name, "") is None for name in ("role", "content", "from", "value")):
        return Fault("null-field", f"a turn of `{column}` has null where its role or text should be")
    found = ", ".join(map(str, turn)) if type(turn) is dict else type(turn).__name__
    return Fault("wrong-type", f"`{column}` holds something that is no turn with a role and a text: {found}")


def _said(turn: Any) -> Said | None:
    if type(turn) is not dict:
        return None
    role, content = (turn.get("role"), turn.get("content")) if "role" in turn else (turn.get("from"), turn.get("value"))
    if type(content) is list:
        content = _joined(content)
    if type(role) is not str:
        return None
    calls = role in _CALLS or bool(turn.get("tool_calls") or turn.get("function_call"))
    if not (type(content) is str or (content is None and calls)):
        return None
    trained = turn.get("weight") != 0 and turn.get("train") is not False
    return Said(ROLES.get(role, role), content or "", calls, trained)


def _joined(parts: list[Any]) -> str | None:
    """The texts of OpenAI's content parts; pictures and sound say nothing here."""
    if not all(type(part) is dict for part in parts):
        return None
    return "\n".join(part["text"] for part in parts if type(part.get("text")) is str)


def _text(row: TrainingRow, value: dict[str, Any], column: str, *, may_be_empty: bool = False) -> str | None:
    found = value.get(column)
    if type(found) is not str:
        _fault_of_type(row, column, found)
        return None
    if not may_be_empty and not found.strip():
        _add(row, Fault("empty-field", f"`{column}` is empty"))
    return found


def _fault_of_type(row: TrainingRow, column: str, found: Any) -> None:
    if found is None:
        _add(row, Fault("null-field", f"`{column}` is null"))
    elif found == []:
        _add(row, Fault("empty-field", f"`{column}` is an empty list"))
    else:
        _add(row, Fault("wrong-type", f"`{column}` is of type {type(found).__name__}: {str(found)[:60]}"))


def _add(row: TrainingRow, fault: Fault) -> None:
    row.faults = (*row.faults, fault)


def _texts(values: Any) -> bool:
    return type(values) in (list, tuple) and all(type(value) is str for value in values)
