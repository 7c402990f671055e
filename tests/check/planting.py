"""Clean rows, and defects of each kind planted into them: what `check` is measured with, here and in benchmarks/."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict
Plant = "Callable[[Row, random.Random, list[Row]], Row]"

_REFUSALS = (
    "I'm sorry, but I cannot assist with that request.",
    "I'm sorry, but as an AI language model, I cannot fulfill this request.",
    "Sorry, I can't help with that.",
    "I apologize, but I am unable to complete this task.",
    "Unfortunately, I cannot provide an answer to this question.",
    "I am not able to generate content of this kind.",
    "I’m sorry, but I can’t answer that.",
    "Please provide the text that you would like me to work on.",
    "I'm sorry, but there is no text given.",
    "Could you please provide more context?",
)
_SELF = (
    "As an AI language model, I do not have personal preferences, but here is one view. ",
    "As a large language model, I don't hold opinions. ",
    "As an AI, I cannot travel, but I can imagine it. ",
    "I am just an AI model and have never been there. ",
    "As of my last update in September 2021, this was the case. ",
    "My knowledge cutoff is 2021. ",
    "I'm a large language model trained by OpenAI. ",
)
_MARKS = (
    "<|im_end|>",
    "<|endoftext|>",
    " [/INST]",
    "</s>",
    "\n### Response: Yes.",
    "\n### Instruction:\nGo on.",
    "<end_of_turn>",
    "\n###",
)
_PICTURES = ("![a cat](https://example.org/cat.png)", "[Image of a cat on a roof]", "[insert photo of the team]")
_STRAY = (
    "\n#",
    "\n##",
    "\n///",
    ";;",
    "\n\n---",
    " <!-- -->",
    "\n<!-- end -->",
    " // end of output //",
    "\n[End of response]",
)
_NUMBER_WORDS = ("three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SCRIPTS = {
    "Korean": 0,
    "Japanese": 0,
    "Russian": 0,
    "Arabic": 0,
    "Hindi": 0,
    "Greek": 0,
    "French": 0,
    "Spanish": 0,
    "German": 0,
}
_SUBJECTS = (
    "the harbour",
    "a village school",
    "the night train",
    "an old clock",
    "the apple harvest",
    "a rain garden",
    "the town choir",
)
_ASPECTS = (
    "its beginnings",
    "its daily work",
    "the people around it",
    "its smell and sound",
    "what it costs",
    "its worst day",
)
_REQUESTS = (
    "Describe {} and above all {}.",
    "Tell a friend about {} with an eye on {}.",
    "What should a guest know about {} and {}?",
)
_SENTENCES = (
    "Nobody could say when {} first came up in talk.",
    "Most mornings began there with a kettle and a list.",
    "The older neighbours still argued about {}.",
    "By noon the light had moved across the floor, and so had the cat.",
    "Money was short, yet the work went on.",
    "Two brothers kept the books, one in pencil and one in ink.",
    "In autumn the wind brought the sound of it as far as the mill.",
    "Whoever asked about {} was given a chair and a long answer.",
)


def real_rows(fixtures: Path, count: int) -> list[Row]:
    """The first rows of the public file of instructions."""
    with (fixtures / "near_duplicate" / "instructions.jsonl").open("rb") as lines:
        return [orjson.loads(line) for line, _ in zip(lines, range(count), strict=False)]


def made_rows(count: int, seed: int = 1) -> list[Row]:
    """Rows of our own, clean by construction."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        subject, aspect = draw.choice(_SUBJECTS), draw.choice(_ASPECTS)
        sentences = [draw.choice(_SENTENCES).format(subject) for _ in range(draw.randint(3, 6))]
        given = (
            f"Number {number} of our letters: {draw.choice(_SENTENCES).format(aspect)}" if draw.random() < 0.3 else ""
        )
        rows.append(
            {
                "instruction": f"{draw.choice(_REQUESTS).format(subject, aspect)} Think of the year {1500 + number}.",
                "input": given,
                "output": f"{' '.join(sentences)} That was in the year {1500 + number}.",
            }
        )
    return rows


def _cut(row: Row, draw: random.Random, _: list[Row]) -> Row:
    """Stops the answer inside a sentence, as a token limit does."""
    output = row["output"]
    while True:
        at = draw.randint(len(output) // 2, len(output) - 2)
        piece = output[:at].rstrip()
        if piece[-1].isalpha() or piece[-1] == ",":
            return {**row, "output": piece}


def _mojibake(text: str, draw: random.Random) -> str:
    broken = draw.choice(("café’s", "naïve", "“so”", "Zürich", "über", "25°C")).encode().decode("cp1252", "replace")
    words = text.split(" ")
    words.insert(draw.randrange(len(words)), broken)
    return " ".join(words)


def _insert(text: str, piece: str, draw: random.Random) -> str:
    at = draw.randrange(len(text))
    return text[:at] + piece + text[at:]


def _other(row: Row, draw: random.Random, rows: list[Row]) -> Row:
    return next(other for other in iter(lambda: draw.choice(rows), None) if other is not row)


def _merged(row: Row, draw: random.Random, rows: list[Row]) -> Row:
    other = _other(row, draw, rows)
    number = draw.randint(2, 20)
    forms = (
        {"output": f"{row['output']}\n\n{number}. Instruction: {other['instruction']}"},
        {"output": f"{row['output']}\n\nInstruction: {other['instruction']}\nOutput: {other['output']}"},
        {"instruction": f"{row['instruction']}\n{number}. {other['instruction']}"},
        {"instruction": f"{row['instruction']}\nTask {number}: {other['instruction']}"},
        {"output": f"{row['output']}\n\nExample 2\nInput: {other['instruction']}\nOutput: Yes."},
    )
    return {**row, **draw.choice(forms)}


def _other_count(row: Row, draw: random.Random, _: list[Row]) -> Row:
    """A list of so many asked for, fewer or more given, in numbers, bullets or between commas."""
    asked = draw.randint(3, 10)
    given = draw.choice([number for number in range(2, 12) if number != asked])
    verb, noun = (
        draw.choice(("Name", "List", "Give me", "Please suggest")),
        draw.choice(("birds", "ways to save money")),
    )
    number = draw.choice((asked, _NUMBER_WORDS[asked - 3]))
    things = [draw.choice(("red kite", "barn owl", "walk to work", "cook at home")) for _ in range(given)]
    forms = [
        "\n".join(f"{at}. {thing.capitalize()}" for at, thing in enumerate(things, start=1)),
        "\n".join(f"- {thing}" for thing in things),
        " ".join(f"{at}. {thing.capitalize()}" for at, thing in enumerate(things, start=1)),
    ]
    forms += [f"{', '.join(things[:-1])} and {things[-1]}."] if given < asked else []
    return {**row, "instruction": f"{verb} {number} {noun}.", "input": "", "output": draw.choice(forms)}


def _language(row: Row, draw: random.Random, _: list[Row]) -> Row:
    language = draw.choice(list(_SCRIPTS))
    asked = draw.choice(
        ("Answer in {}.", "Please respond in {}.", "Write your answer in {} language.", "Then translate it into {}.")
    )
    return {**row, "instruction": f"{row['instruction']} {asked.format(language)}"}


def _choice(row: Row, draw: random.Random, _: list[Row]) -> Row:
    count = draw.randint(2, 5)
    options = "\n".join(
        f"{'ABCDE'[n]}{draw.choice(').')} {word}"
        for n, word in enumerate(("red", "green", "blue", "black", "white")[:count])
    )
    form = draw.choice(("{}", "({})", "{}.", "Answer: {}"))
    return {
        "instruction": f"Which is it?\n{options}",
        "input": "",
        "output": form.format("ABCDEFGH"[count + draw.randint(0, 2)]),
    }


def _of(**texts: tuple[str, ...]) -> Callable[[Row, random.Random, list[Row]], Row]:
    def plant(row: Row, draw: random.Random, _: list[Row]) -> Row:
        return {**row, **{name: draw.choice(choices) for name, choices in texts.items()}}

    return plant


def _turns(change: Callable[[list[dict], random.Random], list[dict]]) -> Callable[[Row, random.Random, list[Row]], Row]:
    """The row as a conversation of two questions, with a change."""

    def plant(row: Row, draw: random.Random, rows: list[Row]) -> Row:
        turns = [
            {"role": role, "content": text}
            for one in (row, _other(row, draw, rows))
            for role, text in (("user", one["instruction"]), ("assistant", one["output"]))
        ]
        return {"messages": change(turns, draw)}

    return plant


def _without(turns: list[dict], draw: random.Random) -> list[dict]:
    gone = draw.randrange(len(turns) - 1)
    return turns[:gone] + turns[gone + 1 :]


def _preference(rejected: Callable[[Row], str]) -> Callable[[Row, random.Random, list[Row]], Row]:
    return lambda row, draw, rows: {"prompt": row["instruction"], "chosen": row["output"], "rejected": rejected(row)}


PLANTS: dict[str, Plant] = {
    "F003": lambda row, draw, rows: {**row, draw.choice(list(row)): draw.choice((5, 1.5, True, ["a"], {"text": "a"}))},
    "F004": lambda row, draw, rows: {**row, draw.choice(("instruction", "output")): None},
    "F005": lambda row, draw, rows: {**row, "instruction": draw.choice(("", " ", "\n"))},
    "F007": lambda row, draw, rows: {**row, draw.choice(list(row)): draw.choice((5, 1.5, True, ["a"], {"text": "a"}))},
    "F008": _turns(lambda turns, draw: turns),
    "T001": _turns(lambda turns, draw: [{**turns[0], "role": draw.choice(("narrator", "User", ""))}, *turns[1:]]),
    "T002": _turns(lambda turns, draw: [*turns[:2], {"role": "system", "content": "Be brief."}, *turns[2:]]),
    "T003": _turns(_without),
    "T004": _turns(lambda turns, draw: turns[: draw.choice((1, 3))]),
    "T005": _turns(lambda turns, draw: [{**turns[0], "content": draw.choice(("", " "))}, *turns[1:]]),
    "T006": _turns(lambda turns, draw: [{**turn, "weight": 0} for turn in turns]),
    "T007": _preference(lambda row: row["output"]),
    "T008": _preference(lambda row: " "),
    "T009": lambda row, draw, rows: {
        **row,
        "input": " ".join(other["output"] for other in rows)[: draw.randint(40_000, 90_000)],
    },
    "G001": _of(
        input=(
            "No input",
            "no input needed.",
            "N/A",
            "n/a",
            "<noinput>",
            "None",
            "[Insert text here]",
            "No input is required.",
            "Not applicable",
        )
    ),
    "G002": _of(output=("", " ", "\n\n")),
    "G003": _of(output=("<nooutput>", "N/A", "[Your answer here]", "...", "TODO", "[insert story here]", "Output")),
    "G004": lambda row, draw, rows: {**row, "input": row["output"], "instruction": "Correct the grammar of this text."},
    "G005": lambda row, draw, rows: {
        **row,
        "output": f"{row['instruction']}{draw.choice((' ', chr(10)))}{row['output']}",
    },
    "G006": lambda row, draw, rows: {
        **row,
        "instruction": f"Say what follows from this: {row['output']}",
        "input": row["output"],
    },
    "G007": _of(
        input=(
            "https://www.example.org/article/17",
            "www.example.com",
            "holiday.jpg",
            "[attached image]",
            "http://imgur.com/a.png",
            "report 2020.pdf",
            "<link to article>",
        )
    ),
    "G008": _of(
        instruction=(
            "Describe the attached image in one sentence.",
            "What is wrong with the code in the following screenshot?",
            "Summarize the article at this link.",
            "Listen to the recording and write down the words. Then look at the chart below.",
            "Caption this photo.",
            "What can be seen in this image?",
            "Watch the video and describe its mood.",
        ),
        input=("", "https://example.org/1"),
    ),
    "G009": lambda row, draw, rows: {
        **row,
        "output": f"{row['output']}\n{draw.choice(_PICTURES)}",
    },
    "G010": _of(
        instruction=(
            "Summarize the following article.",
            "Rewrite the given sentence.",
            "Find the verbs in the following sentences:",
            "Sort the given numbers.",
        ),
        input=("",),
    ),
    "G011": _merged,
    "G012": lambda row, draw, rows: {
        **row,
        "instruction": "Name a river.",
        "input": "",
        "output": f"The Danube.\n{draw.choice(('Human', 'User'))}: {_other(row, draw, rows)['instruction']}",
    },
    "G013": lambda row, draw, rows: {**row, "output": row["output"] + draw.choice(_MARKS)},
    "G014": lambda row, draw, rows: {
        **row,
        **draw.choice(
            (
                {"output": f"Output: {row['output']}"},
                {"instruction": f"Instruction: {row['instruction']}"},
                {"input": f"Input: {row['output']}"},
            )
        ),
    },
    "G015": _cut,
    "G016": lambda row, draw, rows: {**row, "output": row["output"] + f" {row['output'][:60].strip()}." * 12},
    "G017": _of(output=_REFUSALS),
    "G018": lambda row, draw, rows: {
        **row,
        "instruction": "What is your favourite town?",
        "input": "",
        "output": f"{draw.choice(_SELF)}{row['output']}",
    },
    "G019": lambda row, draw, rows: {
        **row,
        "output": _insert(row["output"], draw.choice("\x00\x07\x1b\u200b\ufeff\u00ad\u0085\u202e"), draw),
    },
    "G020": lambda row, draw, rows: {**row, "output": _mojibake(row["output"], draw)},
    "G021": _language,
    "G022": _choice,
    "G023": lambda row, draw, rows: {**row, "output": row["output"].rstrip() + draw.choice(_STRAY)},
    "G024": _other_count,
    "D001": lambda row, draw, rows: {**row, "output": row["output"] + draw.choice(("", " ", "\n"))},
    "D003": lambda row, draw, rows: {**row, "output": f"{_other(row, draw, rows)['output']} It is {draw.random()}."},
    "D005": lambda row, draw, rows: {**row, "output": "It depends on the weather, the season and the people."},
    "D004": lambda row, draw, rows: {
        **row,
        "instruction": f"Please, {row['instruction']}",
        "output": _other(row, draw, rows)["output"],
    },
}
"""By code: what makes a clean row one with that defect. Those of `AFTER_CLEAN` are planted behind all clean rows."""

AFTER_CLEAN = frozenset(["D001", "D003", "D004", "F007", "F008"])
"""Defects that a row has because of those before it."""


def planted(code: str, clean: list[Row], count: int, seed: int = 1) -> list[Row]:
    """`count` rows with a defect."""
    draw = random.Random(f"{code} {seed}")
    return [PLANTS[code](draw.choice(clean), draw, clean) for _ in range(count)]
