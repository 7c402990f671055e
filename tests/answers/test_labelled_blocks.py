"""The reader of numbered triples: every intact one comes back, and no broken one, whatever stands around them."""

import json
from itertools import chain, pairwise

import pytest

from ift_builder.answers.labelled_blocks import read
from ift_builder.draws import stream
from tests.bootstrap.noise import LABELS_LIKE_ANY_LINE, LOOKALIKES, NASTY, STYLES, Style, Triple, write

PER_ANSWER = 17
CUT_WHOLLY = ("as asked", "no separators", "headings without colons", "missing numbers", "renumbered from 1")
"""Cut with all 2,000 triples; the others with 400."""

TWO_IN_ONE = LOOKALIKES[2]
"""Its output is a triple itself; without numbers and separators nobody can tell."""

TORN = LOOKALIKES[3]
"""Its input opens like a block, which makes its neighbours doubtful too where numbers and separators are missing."""


@pytest.fixture(scope="module")
def triples(fixtures):
    """2,000: real instructions with inputs and outputs, and among them what could be taken for the format."""
    path = fixtures / "near_duplicate" / "instructions.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    real = [Triple(*(row[name].strip() for name in Triple._fields)) for row in rows if row["input"] != "noinput"]
    hard = [*NASTY, *LOOKALIKES] * 20
    mixed = [*hard, *[triple for triple in real if triple.output and triple.instruction][: 2000 - len(hard)]]
    stream(0, "triples").shuffle(mixed)
    return mixed


def answers(triples, style, random):
    """Completions of 17 triples each, and their triples."""
    for first in range(0, len(triples), PER_ANSWER):
        batch = triples[first : first + PER_ANSWER]
        yield batch, write(batch, style, random)


def whole(blocks):
    return [Triple(*block.fields.values()) for block in blocks if not block.problem]


def test_there_are_2000_triples(triples):
    assert len(triples) == 2000


def undecidable(batch, name):
    """Those of a batch that may be dropped in this style."""
    if name not in LABELS_LIKE_ANY_LINE:
        return set()
    beside = [pair for pair in pairwise(batch) if TORN in pair or TWO_IN_ONE in pair]
    return {*LOOKALIKES, *chain.from_iterable(beside)}


def without_undecidable(triples, name):
    return [triple for triple in triples if triple != TWO_IN_ONE or name != "missing numbers and separators"]


@pytest.mark.parametrize("name", STYLES)
def test_every_intact_triple_comes_back_and_no_broken_one(triples, name):
    style = STYLES[name]
    for batch, written in answers(without_undecidable(triples, name), style, stream(0, name)):
        text = written.text.replace("\n", "\r\n") if name == "windows line ends" else written.text
        came_back = whole(read(text, was_cut=False))

        assert [one for one in came_back if one not in batch] == []
        assert [one for one in batch if one not in came_back and one not in undecidable(batch, name)] == []


@pytest.mark.parametrize("name", STYLES)
def test_of_a_cut_answer_come_back_those_that_are_known_to_be_whole(triples, name):
    random = stream(0, "cut", name)
    style = STYLES[name]
    some = triples if name in CUT_WHOLLY else triples[:400]
    for batch, written in answers(without_undecidable(some, name), style, random):
        cut = random.randrange(1, len(written.text) - len(style.after))
        came_back = whole(read(written.text[:cut], was_cut=True))
        known = zip(batch, written.known_whole, strict=True)
        intact = [one for one, end in known if end <= cut]
        if name == "numbers missing here and there, no separators":
            intact = intact[:-1]  # a label without a number may be content until one with a number comes

        assert [one for one in came_back if one not in batch] == []
        assert [one for one in intact if one not in came_back and one not in undecidable(batch, name)] == []


def test_cut_at_every_character_an_answer_gives_no_broken_triple():
    batch = [*NASTY[:6], *LOOKALIKES[:2]]
    for style in (STYLES["as asked"], STYLES["no separators"], STYLES["headings without colons"]):
        written = write(batch, style, stream(0))
        for cut in range(1, len(written.text)):
            came_back = whole(read(written.text[:cut], was_cut=True))
            assert [one for one in came_back if one not in batch] == []


@pytest.mark.parametrize("lost", [0, 2])
def test_a_block_that_lost_a_label_is_dropped_with_its_text_and_takes_no_other_along(triples, lost):
    plain = [triple for triple in triples if triple not in LOOKALIKES]
    for batch, written in answers(plain, STYLES["as asked"], stream(0)):
        blocks = written.text.split("###\n")[1:]
        label = f"\n8. {('Instruction', 'Input', 'Output')[lost]}:"
        text = written.text.replace(label, "\n8. ")
        read_blocks = read(text, was_cut=False)

        assert [one for one in whole(read_blocks) if one not in batch] == []
        assert [one for place, one in enumerate(batch) if place != 4 and one not in whole(read_blocks)] == []
        if len(batch) > 4 and batch[4].instruction in blocks[4]:
            broken = [block for block in read_blocks if block.problem]
            assert [block.problem for block in broken] == [("no-instruction", "", "no-output")[lost]]
            assert batch[4].output.split("\n")[0] in broken[0].text


def test_a_fence_that_is_never_closed_spoils_its_own_block_only():
    batch = [*NASTY[:4], Triple("Write code.", "", "```python\nprint(1)"), *NASTY[2:6]]
    blocks = read(write(batch, Style(), stream(0)).text, was_cut=False)

    assert [block.problem for block in blocks] == [*[""] * 4, "unclosed-fence", *[""] * 4]
    assert whole(blocks) == [*batch[:4], *batch[5:]]


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "I am sorry, I cannot do that.", "1. Sort.\n2. Sing.\n3. Dance.", "Instructions:\n1. Boil the soup."],
)
def test_an_answer_without_an_instruction_label_has_no_blocks(text):
    assert read(text, was_cut=False) == []


@pytest.mark.parametrize(
    ("tail", "problems"),
    [
        ("", ["cut"]),
        ("\n###", ["cut"]),
        ("\n###\n", [""]),
        ("\n###\n5", [""]),
        ("\n###\n5. Instr", ["", "cut"]),
        ("\n###\n5. Instruction: Sing", ["", "cut"]),
        ("\n5. Instruction: Sing", ["", "cut"]),
        ("\n5. Instr", ["cut"]),
    ],
)
def test_a_cut_takes_the_last_block_unless_a_whole_mark_stands_below_it(tail, problems):
    blocks = read("4. Instruction: Hum.\n4. Input:\n<noinput>\n4. Output:\nHm." + tail, was_cut=True)

    assert [block.problem for block in blocks] == problems
    assert all(block.text for block in blocks)


def test_every_block_that_is_not_read_has_its_text_and_a_reason():
    text = (
        "###\n4. Instruction: A b.\n4. Input:\nx\n###\n5. Instruction:\n5. Output:\ny\n"
        "###\n6. Do it.\n###\n7. Instruction: C.\n7. Output:\nd"
    )
    blocks = read(text, was_cut=False)

    assert [(block.problem, block.text.split("\n")[0]) for block in blocks] == [
        ("no-output", "4. Instruction: A b."),
        ("no-instruction", "5. Instruction:"),
        ("no-instruction", "6. Do it."),
        ("", "7. Instruction: C."),
    ]
