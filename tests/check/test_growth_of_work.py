"""No rule and no reader takes much more than twice the time for twice the text, however hostile the text.

Time is that of the process. What is done within `PROMPT` seconds at the largest size is linear enough; the rest is
measured again at three sizes, the best of some runs each, so that a busy machine does not matter.
"""

import time

import orjson
import pytest

from ift_builder.check import RULES, Limits, check, chosen
from ift_builder.formats.training_rows import DataFile, view

SIZE = 4_000
"""Characters of the smallest text; the others have twice and four times as many."""
PROMPT = 0.02
GROWTH = 3.0
"""Of the time for twice the text: 2 is linear, 4 quadratic."""
HOSTILE = {
    "line breaks": "\n",
    "spaces": " ",
    "tabs and breaks": "\t\n",
    "pictures": "![",
    "square brackets": "[",
    "brackets": "(",
    "braces": "{",
    "angles": "<",
    "headings": "#",
    "heading lines": "###\n",
    "backticks": "`",
    "fences": "```\n",
    "quotes": '"',
    "full stops": ".",
    "stars": "*",
    "a full stop and stars": ".**",
    "underscores": "_",
    "hyphens": "-",
    "slashes": "/",
    "semicolons": ";",
    "equals": "=",
    "dollars": "$",
    "numbers": "1. ",
    "numbered lines": "\n1.",
    "digits and dots": "1.2.",
    "letters of options": "A) ",
    "commas": "a, ",
    "labels": "Input: ",
    "label lines": "\nTask:\n\n",
    "instructions": "\nInstruction  ",
    "turns": "\nHuman  ",
    "example lines": "\nExample 1\n ",
    "ends of turns": "</s>",
    "ends of turns and spaces": "</s> \n",
    "struck out": "</s><s>",
    "marks": "<|im_end|>",
    "sorry": "sorry, ",
    "as an": "as an ",
    "one letter": "a",
    "one capital": "A",
    "words": "the following image ",
    "list of": "list 3 the the ",
    "links": "https://a.b/",
    "files": "a.b/",
    "translate": "translate in in to ",
    "mojibake": "Ã",
    "han": "語",
    "surrogates": "\ud800",
    "joiners": "\u200b",
}


def _row(text):
    return {"instruction": text, "input": text, "output": text, "options": [text[:40]] * 3, "id": "a"}


def _rows(text):
    """The text in each field, at its beginning, middle and end, in the shapes that have rules of their own."""
    end = f"Name a bird. {text}x"
    yield from (_row(text), _row(end), _row(f"{text} is"))
    yield {"instruction": "Name three birds.", "input": "", "output": f"A bird is big. {text}"}
    yield {"instruction": "Name three birds.", "input": "", "output": f"{text}\n\n# a list and the"}
    yield {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": end}]}
    yield {"prompt": text, "chosen": text, "rejected": text}
    yield {"text": f"### User:\n{text}"}


def _tests(rule):
    """The rule as a function of a row; fresh for each run, since some remember rows."""
    if rule.pair:
        return lambda row: [rule.pair(pair) for pair in row.pairs]
    return rule.row or rule.memory(Limits())


def _views(family, size, path):
    text = (HOSTILE[family] * size)[:size]
    return [view(DataFile(path), number, row) for number, row in enumerate(_rows(text), start=1)]


def _seconds(work, runs=1):
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _grows_too_fast(work):
    """Whether both doublings of the size take far more than twice the time."""
    if _seconds(lambda: work(4 * SIZE)) <= PROMPT:
        return False
    small, middle, large = (_seconds(lambda size=size: work(size), runs=3) for size in (SIZE, 2 * SIZE, 4 * SIZE))
    return large > PROMPT and middle > GROWTH * small and large > GROWTH * middle


@pytest.mark.parametrize("family", HOSTILE)
def test_no_rule_is_slower_than_linear_on(family, tmp_path):
    views = {size: _views(family, size, tmp_path / "rows.jsonl") for size in (SIZE, 2 * SIZE, 4 * SIZE)}
    slow = []
    for code, rule in RULES.items():
        if rule.file:
            continue

        def work(size, rule=rule):
            test = _tests(rule)
            for row in views[size]:
                test(row)

        if _grows_too_fast(work):
            slow.append(code)

    assert slow == []


@pytest.mark.parametrize("ending", [".jsonl", ".json", ".csv"])
@pytest.mark.parametrize("family", ["line breaks", "spaces", "square brackets", "quotes", "commas", "braces"])
def test_no_reader_is_slower_than_linear_on(family, ending, tmp_path):
    def work(size):
        text = (HOSTILE[family] * size)[:size]
        path = tmp_path / f"{size}{ending}"
        row = {"instruction": "Name a bird.", "output": text}
        content = {
            ".jsonl": orjson.dumps(row) + b"\n" + text.encode(),
            ".json": b"[" + orjson.dumps(row) + text.encode(),
            ".csv": b"instruction,output\nName a bird.," + text.encode(),
        }
        path.write_bytes(content[ending])
        list(check([path], chosen(["F001"])))

    assert not _grows_too_fast(work)
