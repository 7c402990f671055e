"""Prompt files: `templates/prompts/<verb>/<strategy>/<step>.yaml`, one step of a method in both its dresses.

A file holds `chat` (a list of `role` and `content`) for chat models, `completion` (one text to continue) for base
models where the step is for them too, and `sampling` (names of the OpenAI API). Optional: `completion_sampling` (more
of the same, or other values, for base models only), `stop` (the marker that ends an answer of a base model),
`demonstrations`, and `texts` (more texts by name that both dresses use). Every text is a template over the values that
the step passes, `stop`, `demonstrations` and those of `texts` among them; these themselves are no templates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from ift_builder import assets
from ift_builder.answers.thoughts import without_thoughts
from ift_builder.errors import TemplateError
from ift_builder.records import Api, Prompt, Sampling, Turn, content_hash
from ift_builder.templating import Template

if TYPE_CHECKING:
    from pathlib import Path

    from ift_builder.records import Completion


class PromptTemplate:
    """One step of a method, ready to be filled in.

    Attributes:
        purpose: The step's name.
        stop: The marker after which nothing belongs to the answer; `""` where there is none.
        hash: Hash of the file's content, for the run's settings.
    """

    def __init__(self, path: Path, purpose: str) -> None:
        """Loads and compiles the file.

        Raises:
            TemplateError: The file is missing or is not a prompt file.
        """
        try:
            text = path.read_text(encoding="utf-8")
            content = yaml.safe_load(text)
            self.stop: str = content.get("stop", "")
            self._shared = {
                "stop": self.stop,
                "demonstrations": content.get("demonstrations", ""),
                **content.get("texts", {}),
            }
            self._chat_sampling = Sampling(**content["sampling"])
            self._completion_sampling = Sampling(
                **{**content["sampling"], **content.get("completion_sampling", {})},
                stop=(self.stop,) if self.stop else (),
            )
            self._chat = [(turn["role"], Template(turn["content"], str(path))) for turn in content["chat"]]
            self._completion = Template(content["completion"], str(path)) if "completion" in content else None
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise TemplateError(
                f"not a prompt file: {error}",
                where=str(path),
                hint="it needs `chat` and `sampling`, and `completion` for base models",
            ) from error
        self.purpose = purpose
        self.hash = content_hash(text)

    def prompt(self, *, api: Api, model: str, draw: int = 0, **values: Any) -> Prompt:
        """The request for `values`, in the dress that `api` wants.

        Raises:
            TemplateError: The step has no text for base models.
        """
        values = {**self._shared, **values}
        if api == "chat":
            turns = tuple(Turn(role, template.render(**values).strip()) for role, template in self._chat)
            return Prompt(self.purpose, turns, model, self._chat_sampling, api, draw)
        if self._completion is None:
            raise TemplateError(f"the step {self.purpose} is for chat models only", hint="use --api chat")
        turns = (Turn("user", self._completion.render(**values).rstrip()),)
        return Prompt(self.purpose, turns, model, self._completion_sampling, api, draw)

    def answer(self, completion: Completion) -> Completion:
        """The completion with nothing but the answer as its text.

        That is all up to the stop marker, which some servers send along or ignore, without the thoughts that reasoning
        models put before it. What ends at the marker is whole, wherever the length limit cut the text.
        """
        text = without_thoughts(completion.text)
        if self.stop and self.stop in text:
            return replace(completion, text=text.split(self.stop, 1)[0], finish_reason="stop")
        return replace(completion, text=text)


def load(verb: str, strategy: str, step: str) -> PromptTemplate:
    """The shipped prompt file of a step."""
    return PromptTemplate(assets.path("templates", "prompts", verb, strategy, f"{step}.yaml"), step)
