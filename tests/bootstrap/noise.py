"""Answers in the format of Alpaca's prompt, built from known triples with the noise that models put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


class Triple(NamedTuple):
    """What the reader has to give back."""

    instruction: str
    input: str
    output: str


@dataclass(frozen=True)
class Style:
    """How a model writes blocks; of a block, one label at least keeps its number."""

    separator: str = "###\n"
    """Above each block; `{n}` is its number."""

    label: str = "{n}. {name}:{gap}{text}"
    first_label: str = ""
    """Of the instruction, where it differs."""

    numbers: Callable[[Random, int, int], int] = lambda random, place, label: place + 4
    """From the block's place and the label's to the number that stands there."""

    gap: str = "\n"
    no_input: tuple[str, ...] = ("<noinput>",)
    unnumbered: float = 0.0
    """The share of labels without their number."""

    end: str = "\n"
    below: str = ""
    """Under each block."""

    before: str = ""
    after: str = ""


NAMES = ("Instruction", "Input", "Output")


@dataclass
class Written:
    """An answer, and what of it can be told."""

    text: str
    known_whole: list[int]
    """By block: how much of the answer must be there until its last field is known to have ended."""


def write(triples, style: Style, random: Random) -> Written:
    text, ends = style.before, []
    for place, triple in enumerate(triples):
        number = style.numbers(random, place, 0)
        above = style.separator.replace("{n}", str(number))
        ends.append(len(text) + len(above))  # where a separator of its own line ends
        start = text + above
        text = start + _block(triple, place, style, random) + style.below
        if not above.startswith(("###\n", "##\n", "===\n")):
            ends[-1] = len(start) + text[len(start) :].index("nstruction") + len("nstruction: **") + 4
    text = text.removesuffix("\n") + "\n" + style.after
    return Written(text, [*ends[1:], len(text) + 1])


def _block(triple, place, style, random) -> str:
    block, spared = "", random.randrange(3)
    for index, (name, said) in enumerate(zip(NAMES, triple, strict=True)):
        shape = style.first_label if style.first_label and not index else style.label
        if random.random() < style.unnumbered and index != spared:
            shape = shape.replace("{n}. ", "")
        text = said or random.choice(style.no_input)
        gap = " " if not index and style.gap == "\n" else style.gap
        number = str(style.numbers(random, place, index))
        block += (
            shape.replace("{n}", number)
            .replace("{name}", name)
            .replace("{lower}", name.lower())
            .replace("{gap}", gap)
            .replace("{text}", text)
        )
        block += style.end
    return block


def restarting(random, place, label):
    return place % 5 + 1


def skipping(random, place, label):
    return place * 2 + 7


def repeated(random, place, label):
    return 4 + place // 2


def of_labels(random, place, label):
    return label + 1


STYLES = {
    "as asked": Style(),
    "text on the label's line": Style(gap=" "),
    "no separators": Style(separator=""),
    "blank lines for separators": Style(separator="\n\n"),
    "rules for separators": Style(separator="\n---\n\n"),
    "blank lines everywhere": Style(separator="\n###\n\n", end="\n\n"),
    "labels as headings": Style(separator="", label="### {n}. {name}:{gap}{text}"),
    "headings without colons": Style(separator="## Task {n}\n\n", label="### {name}\n{text}", end="\n\n"),
    "a heading with a title": Style(separator="## {n}. A task about it\n", label="**{name}:**{gap}{text}"),
    "bold labels": Style(separator="\n", label="**{n}. {name}:**{gap}{text}"),
    "bold names": Style(separator="Task {n}\n", label="**{name}**:{gap}{text}"),
    "bold numbers": Style(separator="", label="**{n}.** **{name}:**{gap}{text}"),
    "a bold instruction": Style(first_label="**{n}. {name}: {text}**"),
    "lower-case labels": Style(label="{n}. {lower}:{gap}{text}"),
    "numbers in parentheses": Style(label="{n}) {name}:{gap}{text}"),
    "numbers after names": Style(separator="", label="{name} {n}:{gap}{text}"),
    "missing numbers": Style(label="{name}:{gap}{text}"),
    "missing numbers and separators": Style(separator="\n", label="{name}:{gap}{text}"),
    "numbers on instructions only": Style(
        separator="\n", label="{name}:{gap}{text}", first_label="{n}. {name}: {text}"
    ),
    "numbers missing here and there": Style(unnumbered=0.3),
    "numbers missing here and there, no separators": Style(separator="", unnumbered=0.3),
    "numbers alone above": Style(separator="{n}.\n", label="{name}:{gap}{text}"),
    "renumbered from 1": Style(numbers=restarting),
    "renumbered from 1, no separators": Style(separator="", numbers=restarting),
    "skipped numbers": Style(numbers=skipping),
    "repeated numbers": Style(separator="", numbers=repeated),
    "labels numbered 1 2 3": Style(numbers=of_labels),
    "every way of no input": Style(
        no_input=("Noinput", "<NoInput>", "N/A", "None", "(no input)", "No input needed.", "")
    ),
    "preface and remark": Style(
        before="Sure! Here are 17 more tasks:\n\n", after="\nLet me know if you would like more tasks!\n"
    ),
    "remark below a separator": Style(after="###\nI hope these tasks help you train a model.\n"),
    "all in a fence": Style(before="Here you are:\n\n```text\n", after="```\n\nI hope this helps!"),
    "each in a fence": Style(separator="###\n```\n", below="```\n"),
    "windows line ends": Style(),
}
"""The noise table: each style is written over all triples."""

LABELS_LIKE_ANY_LINE = {
    *("missing numbers", "missing numbers and separators", "numbers on instructions only", "numbers alone above"),
    *("numbers missing here and there", "numbers missing here and there, no separators"),
}
"""Where labels are plain words, a text that has such labels too cannot be taken apart; it may be dropped."""

LIST = "1. Peel the pears.\n2. Slice them.\n3. Bake for 20 minutes.\n\n4. Serve.\n5. Enjoy with friends."
CODE = '```python\ndef ask():\n    # 5. Input:\n    print("Input:")\n\n    return "###"\n```'
INSIDE_CODE = "Use a loop:\n\n```\nInput: 3\nOutput: 9\n###\nInput: 4\nInstruction: square\n```\n\nThat is all."
RECIPE = (
    "# Soup\n\nIngredients:\n- leek\n\nInstructions:\n1. Wash the leek.\n2. Boil it.\n\n## Instructions to go\nNone."
)
MARKDOWN = "# Title\n\n## 4. Scope\n\nText.\n\n---\n\n### Task force\n\n| a | b |\n|---|---|\n| 1 | 2 |"
LETTER = "Dear Ms Ray,\n\nthe input you gave us was useful.\n\nInputs and outputs: see below.\n\nKind regards\nJo"
POEM = "    indented on purpose\n  and less\n\n\nafter two blank lines"
FRONT = "---\ntitle: x\n---"
NASTY = [
    Triple("Give steps for baked pears.", "", LIST),
    Triple("Explain the list.", LIST, "It is a recipe for pears.\n\nIt has 5 steps."),
    Triple("Write a function that asks for a number.", "", CODE),
    Triple("What does this code print?", CODE, "Input:"),
    Triple("Show how to square a number.", "no braces", INSIDE_CODE),
    Triple("Write a recipe for leek soup.", "leek", RECIPE),
    Triple("Shorten the document.", MARKDOWN, "A title, a scope and a table."),
    Triple("Answer the letter: be kind.", LETTER, LETTER),
    Triple("Write a poem in the way of Cummings:", "a\n\n\nb", "x\n" + POEM),
    Triple("What is the number of this task?", "4.", "4. Or is it 5?"),
    Triple("Write the header of a blog post about instruction tuning.", "x", FRONT),
    Triple("日本語で答えてください。", "", "はい、わかりました。\n\n1. 一つ目\n2. 二つ目"),
    Triple("Is the output right? Input: 3, output: 9, instruction: square.", "", "Yes: the output is 9."),
    Triple(
        "Which labels does the text name?", "The Input: field comes first.", "Input, and then Output:\n\nthat is all."
    ),
]
"""Texts that could be taken for the format, but not by a reader who knows it."""

LOOKALIKES = [
    Triple("Give an example of a test case.", "", "Here is one.\n\nInput: 3\nOutput: 9"),
    Triple("Run the program on the test case.", "Input: 3\nOutput: ?", "Output: 9"),
    Triple("Write a training example for a model.", "any", "Instruction: Sort.\nInput: b, a\nOutput: a, b"),
    Triple("Judge the prompt.", "Instruction: Sort the list.", "It is short."),
]
"""Texts with lines that are labels, word for word."""
