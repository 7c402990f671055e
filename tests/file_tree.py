"""The README's file tree, made from the first sentence of each module: `python -m tests.file_tree` prints it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

ROOT = Path(__file__).parent.parent

BEFORE = {
    "pyproject.toml": "the package, its dependencies, and the rules for lint, types and architecture",
    "Makefile": "make demo, make test",
    "ARCHITECTURE.md": "how it works and what is guaranteed",
    "CONTRIBUTING.md": "how to add things",
    "CHANGELOG.md": "what changed",
    ".ci/run": "what CI runs: make test",
}
AFTER = {
    "docs/cookbook.md": "a recipe for each way to grow, with a command that runs as it stands",
    "seeds/seed_tasks.jsonl": "175 seed tasks of our own, 34 of them not in English",
    "seeds/unnatural_tasks.jsonl": "18 seed tasks with constraints, for the strategy unnatural",
    "seeds/use_cases.jsonl": "76 use cases, for the strategy use-cases",
    "templates/README.md": "how to write a dataset template in five minutes",
    "templates/datasets/": "templates for datasets, a file each",
    "templates/formats/": "templates for file formats that bring their own texts",
    "templates/options/": "the styles in which choices are listed",
    "templates/prompts/bootstrap/": "what the model is asked: a file per step of a strategy, for chat and base models",
    "templates/report/": "the page of pictures: its words, look, charts and table",
    "templates/export/": "how a record becomes a conversation",
    "templates/cards/": "the dataset cards",
    "templates/demo/": "what the scripted model says",
    "docs/local_models.md": "models on your own machine: files, servers, and what they taught us",
    "benchmarks/": "speed and memory, as ratios within one run; README.md has the tables",
    "tests/": "a folder per package; fake_server/ is a model server that can fail in every way we know",
    "tests/tiny_model/": "how tests/data/tiny.gguf is made, a language model of our own",
    "tests/consumers/": "real trainers, on demand",
    "outputs/": "where runs land; ignored by git",
}
_FOLDERS_WITHOUT_MODULE = {"schemas": "what is in the files, as JSON Schemas"}


def tree() -> str:
    """The tree as text, one line a file."""
    lines = [*BEFORE.items(), ("ift_builder/", _sentence(ROOT / "ift_builder" / "__init__.py"))]
    lines += [*_below(ROOT / "ift_builder", 1), *AFTER.items()]
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:<{width}}  {what}" for name, what in lines)


def _below(folder: Path, depth: int):
    indent = "  " * depth
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        if path.suffix in (".py", ".sql", ".json") and path.name != "__init__.py":
            yield indent + path.name, _sentence(path)
    for path in sorted(path for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"):
        init = path / "__init__.py"
        yield f"{indent}{path.name}/", _sentence(init) if init.exists() else _FOLDERS_WITHOUT_MODULE[path.name]
        yield from _below(path, depth + 1)


def _sentence(path: Path) -> str:
    """What a file says first of itself."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        said = (ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0]
    elif path.suffix == ".json":
        said = json.loads(text)["title"]
    else:
        said = text.splitlines()[0].removeprefix("-- ")
    return " ".join(said.split()).rstrip(".")


if __name__ == "__main__":
    print(tree())  # noqa: T201 - its purpose
