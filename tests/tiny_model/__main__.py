"""Makes `tests/data/tiny.gguf` again: `python -m tests.tiny_model --out tests/data/tiny.gguf`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.tiny_model import text, to_gguf
from tests.tiny_model.train import train


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tiny_model", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="The GGUF file to write.")
    parser.add_argument("--lessons", type=int, default=13_000, help="How many prompts with answers to learn from.")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    trained = train(given.lessons, given.seed, print)
    to_gguf.write(
        trained.model, trained.vocabulary, given.out, {f"template.{k}": v for k, v in text.templates().items()}
    )
    print(given.out, f"{given.out.stat().st_size:,} bytes", trained.figures)


if __name__ == "__main__":
    main()
