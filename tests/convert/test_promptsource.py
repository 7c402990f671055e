"""PromptSource's 46 files on rows that have their columns: what comes out is what plain Jinja makes of them."""

import jinja2
import orjson
import pytest

from ift_builder.rendering import catalogue
from ift_builder.rendering.compiled import CompiledTemplate
from ift_builder.templating.values import RowSkippedError

SEVERAL = {"text": ["an ice cube", "a nail", "a bead", "a pot"], "label": ["A", "B", "C", "D"]}
ROW = {
    "text": "The ladder was lent to Omar because he had to fix a window.",
    "premise": "The power went out.",
    "hypothesis": "It was dark.",
    "sentence": "What a day .",
    "sentence1": "A man peels an orange.",
    "sentence2": "A man peels a piece of fruit.",
    "question": "cause",
    "question1": "How old is it?",
    "question2": "What is its age?",
    "question_stem": "Which of these melts?",
    "answer": "B",
    "answerKey": "C",
    "choices": SEVERAL,
    "options": ["She loved it.", "He had joined.", "She was told.", "It was free."],
    "article": "Mina joined the club because her brother did.",
    "context": "Pia left at six.",
    "passage": "A storm.\n@highlight one\n@highlight two",
    "query": "It hit @placeholder .",
    "entities": ["Varrow", "Halm"],
    "answers": {"text": ["Varrow"], "answer_start": [0]},
    "answer0": "at home",
    "answer1": "at sea",
    "answer2": "nowhere",
    "answer3": "in a box",
    "choice": ["a", "b", "c"],
    "dialogue": ["W: Where to?", "M: Home.", "W: Me too."],
    "choice1": "We slept.",
    "choice2": "We read.",
    "paragraph": "At the mill she met Jon.",
    "word": "bank",
    "span1_text": "Omar",
    "span2_text": "he",
    "span2_index": 7,
    "activity_label": "Polishing shoes",
    "ctx": "A man sits. he",
    "ctx_a": "A man sits.",
    "ctx_b": "he",
    "endings": ["sings.", "rubs.", "eats.", "swims."],
    "corrections": ["What a day!"],
    "abstractive_explanation": "Ice melts.",
    "answer_index": 1,
    "world_literals": {"world1": ["rug"], "world2": ["ice"]},
    "correct_answer": "oxygen",
    "distractor1": "iron",
    "distractor2": "salt",
    "distractor3": "sand",
    "support": "Leaves give off oxygen.",
    "similarity_score": 3.8,
    "coarse_label": 1,
    "fine_label": 2,
    "previous_utterance": ["I moved.", "Where to?"],
    "free_messages": ["Halm.", "Yes."],
    "guided_messages": ["Nice there?", "Good."],
    "label": 0,
}
OWN = {
    "cos_e/v1.0": {"choices": SEVERAL["text"][:3], "answer": "a bead"},
    "cos_e/v1.11": {"choices": [*SEVERAL["text"], "a hat"], "answer": "a bead"},
    "hellaswag": {"label": "1"},
    "super_glue/record": {"answers": ["Halm"]},
}
"""What columns of the same name hold in other datasets."""


def rows_for(name):
    row = ROW | next((own for start, own in OWN.items() if name.startswith(start)), {})
    return [row, row | {"label": "2"}] if name == "hellaswag" else [row, row | {"label": 1, "question": "effect"}]


def files(fixtures):
    folder = fixtures / "promptsource_templates"
    return {str(path.parent.relative_to(folder)): path for path in sorted(folder.rglob("templates.yaml"))}


class DrawsError(Exception):
    """The template draws between several."""


def only(items):
    if len(items) > 1:
        raise DrawsError
    return items[0]


def expected(text, row):
    """Prompt and target, or None where the template gives no pair."""
    environment = jinja2.Environment()
    environment.globals.update(zip=zip, enumerate=enumerate)
    environment.filters.update(highlight=lambda text: text, choice=only)
    choices = environment.from_string(text.options).render(**row) if text.options else None
    given = [choice.strip() for choice in choices.split("|||")] if choices is not None else None
    parts = [
        part.strip()
        for part in environment.from_string(text.instruction).render(**row, answer_choices=given).split("|||")
    ]
    return parts if len(parts) == 2 and all(parts) else None


def attempt(template, row):
    try:
        draft = template.draft(row, 0)
    except RowSkippedError as skipped:
        return skipped.reason
    return [draft.instruction, draft.output]


def test_every_template_of_the_46_files_renders_as_plain_jinja_does(fixtures):
    compared, seen = 0, files(fixtures)
    for name, path in seen.items():
        here = 0
        file = catalogue.find(str(path))
        for text in file.templates:
            template = CompiledTemplate(file, text)
            for row in rows_for(name):
                try:
                    wanted = expected(text, row)
                except DrawsError:
                    continue
                got = attempt(template, row)
                if wanted is None:
                    assert got in ("condition-false", "empty-output"), (name, text.name, got)
                else:
                    assert got == wanted, (name, text.name)
                    here += 1
        assert here, name
        compared += here

    assert len(seen) == 46
    assert compared > 600


@pytest.mark.parametrize("config", ["all", "high", "middle"])
def test_a_column_called_options_is_a_column_in_promptsource(fixtures, convert, tmp_path, config):
    data = tmp_path / "race.jsonl"
    data.write_bytes(orjson.dumps({name: ROW[name] for name in ("article", "question", "options", "answer")}) + b"\n")
    template = fixtures / "promptsource_templates" / "race" / config / "templates.yaml"
    ran = convert(data, "--template", f"{template}", "--per-row", "all")
    told = {row["source"]["template"]: row for row in ran.examples}

    assert told["Select the best answer"]["output"] == "B"
    assert all(option in told["Select the best answer"]["instruction"] for option in ROW["options"])
    assert told["Select the best answer (no instructions)"]["options"] == ["A", "B", "C", "D"]
