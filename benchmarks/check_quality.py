"""Measures how right `check` is: recall on planted defects, and what the default rules find in whole, real answers.

python benchmarks/check_quality.py cuts FIXTURES               # G015: whole answers, and the same cut at random places
python benchmarks/check_quality.py rules FIXTURES              # all rules: planted defects found, clean rows told
python benchmarks/check_quality.py sample FIXTURES --count 100 # findings drawn at random, to be read by a person

FIXTURES is the folder of public data that the tests read. Tables are in Markdown. `--root` takes another checkout of
the project, so that two versions can be compared.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

PLANTED = 200
CLEAN = 1_000
CUTS_OF_A_LIST = 4
MIN_ITEMS = 3
SHORTEST = 80
"""Characters that a cut answer must have left: what is shorter has no other sentences to compare with."""
ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s", re.MULTILINE)
WHOLE = ("gpteacher", "llmbar", "pandalm", "tulu", "seeds", "self_refine")
"""Sources whose answers are whole but for a few that a token limit cut, which were read and are taken out below."""
REALLY_CUT = (
    "Decide what features you want to include in your app and how you want to implement them. This includes d",
    "2064, 2065, 2066, 2067,",
    "Convenient \n- Spacious \n-",
    "1. International organisations such as the United Nations,",
    "unforgettable taste of ramen and",
    "the staff was providing amazing customer service",
    "the staff are always willing to go the extra",
    "comfortable service and atmosphere make it a",
    "We were also delighted to see the top-",
)
"""Ends of answers that are cut in the published data."""


def lines(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def real_rows(fixtures: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows with their source: instructions of people, answers of people and of a dozen models."""
    yield from _instruction_rows(fixtures)
    yield from _answers(fixtures)


def _instruction_rows(fixtures: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for row in lines(fixtures / "near_duplicate/instructions.jsonl"):
        yield "gpteacher", row
    for row in lines(fixtures / "self_instruct/seed_tasks.jsonl"):
        for instance in row["instances"]:
            yield "seeds", {"instruction": row["instruction"], **instance}
    for name in ("llmbar", "pandalm", "tulu_human_eval"):
        for row in lines(fixtures / f"human_preferences/{name}.jsonl"):
            for side in ("response_1", "response_2"):
                asked = {"instruction": row["prompt"], "input": row.get("input") or "", "output": row[side]}
                yield name.partition("_")[0], asked


def _answers(fixtures: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for row in lines(fixtures / "refusals/xstest_completions.jsonl"):
        yield "xstest", {"instruction": row["prompt"], "input": "", "output": row["response"]}
    for name in ("self_refine_chatgpt", "self_refine_dv3"):
        for row in lines(fixtures / f"revisions/{name}.jsonl"):
            asked = f"Rewrite review {row['record_id']} as {row['target_sentiment']} (attempt {row['attempt']})."
            yield "self_refine", {"instruction": asked, "input": "", "output": row["transferred_review"]}
    for name in ("bbh_codex", "gsm8k_openai", "math_qwen", "math_vision"):
        for row in lines(fixtures / f"reasoning/{name}.jsonl")[:300]:
            yield "reasoning", {"instruction": row["question"], "input": "", "output": row["samples"][0]["text"]}


def unique_rows(fixtures: Path) -> list[tuple[str, dict[str, str]]]:
    seen: dict[str, tuple[str, dict[str, str]]] = {}
    for source, row in real_rows(fixtures):
        if type(row["output"]) is not str:
            continue
        seen.setdefault(row["output"] + row["instruction"], (source, row))
    return list(seen.values())


def found(rows: list[dict[str, Any]], *select: str) -> list[Any]:
    from ift_builder.check import check, chosen

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
        return list(check([path], chosen(select)))


def cuts(fixtures: Path, seed: int) -> None:
    """Recall where an answer was cut at a random character or word, by kind; the whole answers that are told."""
    draw = random.Random(seed)
    answers = {row["output"]: row for source, row in unique_rows(fixtures) if source in WHOLE}
    whole = [row for row in answers.values() if not row["output"].rstrip().endswith(REALLY_CUT)]
    told = found(whole, "cut-off")
    print(f"Whole answers: {len(whole):,}, told: {len(told)}.\n")
    for finding in told:
        print(f"* {finding.what}")
    print(
        "\n| cut at a random | kind | cuts | found | of those that are to be seen |\n| --- | --- | ---: | ---: | ---: |"
    )
    for place in ("character", "word"):
        for kind in ("prose", "list"):
            rows = [cut for row in whole for cut in _cut(row, place, kind, draw)]
            lines_found = {int(finding.place.rpartition(":")[2]) for finding in found(rows, "cut-off")}
            seen = [number for number, row in enumerate(rows, start=1) if row["output"][-1] not in ".!?"]
            share, of_seen = len(lines_found) / len(rows), len(lines_found & set(seen)) / len(seen)
            print(f"| {place} | {kind} | {len(rows):,} | {share:.1%} | {of_seen:.1%} |")


def _cut(row: dict[str, str], place: str, kind: str, draw: random.Random) -> Iterator[dict[str, str]]:
    output = row["output"].strip()
    is_list = len(ITEM.findall(output)) >= MIN_ITEMS
    if is_list is not (kind == "list") or "```" in output or (kind == "prose" and output[-1:] not in '.!?"'):
        return
    for _ in range(CUTS_OF_A_LIST if is_list else 1):
        at = draw.randint(int(len(output) * 0.3), max(len(output) - 2, int(len(output) * 0.3)))
        piece = output[:at].rsplit(None, 1)[0] if place == "word" and " " in output[:at].strip() else output[:at]
        if len(piece.rstrip()) >= SHORTEST:
            yield {**row, "output": piece.rstrip()}


def rules(fixtures: Path) -> None:
    """Planted defects that are found, and what is told of clean rows of two kinds and of all real rows."""
    from ift_builder.check import RULES
    from tests.check import planting

    clean = {"made": planting.made_rows(CLEAN), "real": planting.real_rows(fixtures, CLEAN)}
    told = {kind: Counter(finding.code for finding in found(rows, "all")) for kind, rows in clean.items()}
    all_real = Counter(finding.code for finding in found([row for _, row in unique_rows(fixtures)], "all"))
    print("| code | rule | on | found in made rows | in real rows | clean rows told | all real rows told |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: |")
    for code in sorted(planting.PLANTS):
        shares = []
        for rows in clean.values():
            before = rows if code in planting.AFTER_CLEAN else []
            findings = found([*before, *planting.planted(code, rows, PLANTED)], code)
            places = {int(finding.place.rpartition(":")[2]) for finding in findings}
            shares.append(sum(place > len(before) for place in places) / PLANTED)
        rule = RULES[code]
        clean_told = sum(counts[code] for counts in told.values())
        columns = (code, rule.name, "yes" if rule.default else "no", f"{shares[0]:.1%}", f"{shares[1]:.1%}")
        print(f"| {' | '.join(columns)} | {clean_told} | {all_real[code]} |")


def sample(fixtures: Path, count: int, seed: int) -> None:
    """Findings of the default rules in real rows, one answer a question, drawn at random, with their rows."""
    once: dict[tuple[str, str], dict[str, str]] = {}
    for _, row in random.Random(seed).sample(every := unique_rows(fixtures), len(every)):
        once.setdefault((row["instruction"].strip(), row["input"].strip()), row)
    rows = list(once.values())
    findings = found(rows)
    print(f"{len(rows):,} rows, {len(findings):,} findings: {dict(Counter(finding.code for finding in findings))}\n")
    for number, finding in enumerate(random.Random(seed).sample(findings, min(count, len(findings))), start=1):
        row = rows[int(finding.place.rpartition(":")[2]) - 1]
        print(f"{number}. {finding.code} {finding.name}: {finding.what}")
        print(f"   instruction …{row['instruction'][-140:]!r}\n   input {row['input'][:80]!r}")
        print(f"   output {row['output'][:90]!r} … {row['output'][-90:]!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["cuts", "rules", "sample"])
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    sys.path.insert(0, str(options.root))
    if options.what == "cuts":
        cuts(options.fixtures, options.seed)
    elif options.what == "rules":
        rules(options.fixtures)
    else:
        sample(options.fixtures, options.count, options.seed)


if __name__ == "__main__":
    main()
