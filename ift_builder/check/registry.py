"""All rules by code: F for files and rows, T for trainer traps, D for duplicates, G for defects of generated data.

Codes are never used again for something else. What each rule finds stands, with an example, in its docstring; what a
user reads about it is its advice here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.check import (
    attachments,
    beyond_text,
    characters,
    choices,
    conversations,
    counts,
    cut_off,
    duplicates,
    endings,
    fields,
    files,
    languages,
    leaks,
    marks,
)
from ift_builder.check.finding import Rule
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILES: Final = {
    "F001": Rule(
        "unreadable",
        "error",
        "repair the file there or leave that row out; each row must be one whole object",
        row=files.unreadable,
        of="faults",
    ),
    "F002": Rule(
        "unknown-shape",
        "error",
        "rename the columns to a known shape, such as instruction, input, output",
        row=files.unknown_shape,
        of="faults",
    ),
    "F003": Rule(
        "wrong-type",
        "error",
        "write the field as its shape has it; texts as strings",
        row=files.wrong_type,
        of="faults",
    ),
    "F004": Rule(
        "null-field",
        "error",
        'write "" for no input; drop rows without question or answer',
        row=files.null_field,
        of="faults",
    ),
    "F005": Rule("empty-field", "error", "fill the field or drop the row", row=files.empty_field, of="faults"),
    "F006": Rule(
        "against-schema",
        "error",
        "make the run again, or repair the row by hand",
        row=files.against_schema,
        of="faults",
    ),
    "F007": Rule(
        "types-change",
        "error",
        "write one type in all rows: `datasets` refuses the file, or turns all values into text",
        memory=files.TypesChange,
        forgets=True,
    ),
    "F008": Rule(
        "shapes-mixed",
        "error",
        "one shape a file: trainers read all rows as they read the first",
        memory=files.ShapesMixed,
        forgets=True,
    ),
    "F009": Rule(
        "columns-change",
        "warning",
        "write the same columns in all rows, with empty values where there is nothing",
        memory=files.ColumnsChange,
        forgets=True,
    ),
    "F010": Rule("too-few-rows", "error", "add rows; OpenAI's fine-tuning takes 10 or more", file=files.too_few_rows),
    "F011": Rule(
        "unlike-manifest",
        "warning",
        "the file was changed after the run; run the same command again to restore it",
        file=files.unlike_manifest,
    ),
    "F012": Rule(
        "unfinished-run",
        "warning",
        "run the same command again to go on, with a higher limit if the budget was spent",
        file=files.unfinished_run,
    ),
    "F013": Rule(
        "incomplete-run",
        "error",
        "copy the missing files, or run the command that made them again",
        file=files.incomplete_run,
    ),
}

_TRAPS: Final = {
    "T001": Rule(
        "unknown-role",
        "error",
        "use system, user, assistant or tool",
        row=conversations.unknown_role,
        of="conversations",
    ),
    "T002": Rule(
        "system-not-first",
        "error",
        "put the system message first: most chat templates refuse it elsewhere",
        row=conversations.system_not_first,
        of="conversations",
    ),
    "T003": Rule(
        "roles-do-not-alternate",
        "error",
        "join turns of one side: chat templates refuse the row, LLaMA-Factory drops it silently",
        row=conversations.roles_do_not_alternate,
        of="conversations",
    ),
    "T004": Rule(
        "last-turn-not-assistant",
        "error",
        "cut the turns after the last answer: there is nothing to learn from them, LLaMA-Factory drops the row",
        row=conversations.last_turn_not_assistant,
        of="conversations",
    ),
    "T005": Rule(
        "empty-turn", "error", "fill the turn or drop the row", row=conversations.empty_turn, of="conversations"
    ),
    "T006": Rule(
        "nothing-to-learn",
        "error",
        "switch an answer on or drop the row: it costs time and teaches nothing",
        row=conversations.nothing_to_learn,
        of="conversations",
    ),
    "T007": Rule(
        "chosen-equals-rejected",
        "error",
        "drop the row: equal answers teach no preference",
        row=conversations.chosen_equals_rejected,
        of="rejected",
    ),
    "T008": Rule("empty-rejected", "error", "drop the row", row=conversations.empty_rejected, of="rejected"),
    "T009": Rule(
        "too-long",
        "warning",
        "trainers cut long rows silently (TRL at `max_length`, 1,024 tokens unless told); shorten it",
        memory=files.TooLong,
        forgets=True,
    ),
    "T010": Rule(
        "prompt-runs-into-completion",
        "warning",
        "end prompts with a space or line break: trainers join the two as they are",
        row=conversations.prompt_runs_into_completion,
        default=False,
    ),
}

_DUPLICATES: Final = {
    "D001": Rule(
        "duplicate-row", "warning", "drop it: what stands twice is learnt by heart", memory=duplicates.DuplicateRow
    ),
    "D002": Rule("duplicate-id", "error", "give each row an id of its own", memory=duplicates.DuplicateId),
    "D003": Rule(
        "same-question",
        "warning",
        "keep one answer, unless several are meant",
        memory=duplicates.SameQuestion,
    ),
    "D005": Rule(
        "same-output",
        "warning",
        "keep the row that it answers: a model that gives one answer to all has learnt nothing",
        memory=duplicates.SameOutput,
    ),
    "D004": Rule(
        "near-duplicate",
        "warning",
        "keep one of them; `ift-build dedupe` does it for a file",
        memory=duplicates.NearDuplicate,
        default=False,
    ),
}

_GENERATED: Final = {
    "G001": Rule(
        "placeholder-input", "warning", 'write "" where there is no input', pair=fields.placeholder_input, of="input"
    ),
    "G002": Rule("empty-output", "error", "drop the row: there is nothing to learn", pair=fields.empty_output),
    "G003": Rule("placeholder-output", "error", "write the answer or drop the row", pair=fields.placeholder_output),
    "G004": Rule("output-equals-input", "warning", "drop the row", pair=fields.output_equals_input, of="input"),
    "G005": Rule(
        "output-repeats-instruction",
        "warning",
        "cut the question from the answer",
        pair=fields.output_repeats_instruction,
    ),
    "G006": Rule(
        "input-in-instruction",
        "warning",
        'take it out of one of the two: write "" as the input',
        pair=fields.input_in_instruction,
        of="input",
    ),
    "G007": Rule(
        "bare-link", "warning", "put the text itself there, or drop the row", pair=attachments.bare_link, of="input"
    ),
    "G008": Rule(
        "needs-more-than-text",
        "warning",
        "drop the row: the model cannot see, hear or open it, and learns to pretend",
        pair=beyond_text.needs_more_than_text,
    ),
    "G009": Rule(
        "makes-more-than-text", "warning", "drop the row or the picture", pair=beyond_text.makes_more_than_text
    ),
    "G010": Rule("missing-input", "warning", "add the input or drop the row", pair=beyond_text.missing_input),
    "G011": Rule(
        "merged-tasks", "warning", "split it into rows, or cut what follows", pair=leaks.merged_tasks, of="has_lines"
    ),
    "G012": Rule(
        "next-turn", "warning", "cut the answer where the next turn begins", pair=leaks.next_turn, of="has_lines"
    ),
    "G013": Rule(
        "leaked-marks",
        "warning",
        "take the marks out: the trainer's template writes its own",
        memory=marks.LeakedMarks,
        forgets=True,
    ),
    "G014": Rule("leaked-label", "warning", "cut the label", pair=leaks.leaked_label),
    "G015": Rule(
        "cut-off", "warning", "drop the row, or have it answered again with a higher limit", pair=cut_off.cut_off
    ),
    "G016": Rule("loop", "warning", "drop the row", pair=endings.loop),
    "G017": Rule("refusal", "warning", "drop the row, unless refusals are to be learnt", pair=leaks.refusal),
    "G018": Rule(
        "model-speaks-of-itself",
        "warning",
        "drop the row: your model learns to be another",
        pair=leaks.model_speaks_of_itself,
    ),
    "G019": Rule(
        "invisible-characters",
        "warning",
        "delete them; U+0080 to U+009F are dashes and quotes of Windows-1252, which ftfy repairs",
        pair=characters.invisible_characters,
        of="rare",
    ),
    "G020": Rule(
        "broken-encoding",
        "warning",
        "decode the source as UTF-8; the package ftfy repairs much of it",
        pair=characters.broken_encoding,
        of="rare",
    ),
    "G021": Rule("other-language", "warning", "drop the row or have it answered again", pair=languages.other_language),
    "G022": Rule(
        "answer-out-of-options", "error", "correct the answer or drop the row", pair=choices.answer_out_of_options
    ),
    "G023": Rule("stray-ending", "warning", "cut what stands behind the answer's end", pair=endings.stray_ending),
    "G024": Rule("other-count", "warning", "add or cut items, or have it answered again", pair=counts.other_count),
}

RULES: Final[dict[str, Rule]] = _FILES | _TRAPS | _DUPLICATES | _GENERATED
"""Every rule by its code."""


def chosen(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> dict[str, Rule]:
    """The rules to run.

    Args:
        select: Codes, beginnings of codes (`G`, `T00`), rules' names, `default` or `all`; empty means `default`.
        ignore: What is taken away again, named in the same way.

    Raises:
        InputError: A name means no rule.
    """
    wanted = {code for word in (list(select) or ["default"]) for code in _meant(word)}
    unwanted = {code for word in ignore for code in _meant(word)}
    return {code: rule for code, rule in RULES.items() if code in wanted - unwanted}


def _meant(word: str) -> list[str]:
    if word.lower() == "all":
        return list(RULES)
    if word.lower() == "default":
        return [code for code, rule in RULES.items() if rule.default]
    found = [code for code, rule in RULES.items() if code.startswith(word.upper()) or rule.name == word.lower()]
    if not found or not word:
        raise InputError(f"no rule is called {word!r}", hint="`ift-build check --rules` lists them")
    return found
