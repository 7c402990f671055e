"""A template made ready: it turns the values of a row into a draft, or says why the row gives none."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from ift_builder.errors import TemplateError
from ift_builder.records import content_hash
from ift_builder.rendering.choice_formats import Style, plain_style
from ift_builder.templating import reading
from ift_builder.templating.bulk import BulkTemplate
from ift_builder.templating.values import RowSkippedError

if TYPE_CHECKING:
    from ift_builder.formats.template_set import TemplateSet, TemplateText

LISTING = "listed_options"
"""The variable that holds the options as a block of their own."""

OURS = frozenset({"options", LISTING})
"""Names that our templates have from us. In PromptSource's they are ordinary columns: RACE calls one `options`."""

OURS_IN_PIPED = frozenset({"answer_choices"})
"""The one name that PromptSource's templates have from us: their list of options."""

NAME_OF_CLASS = "_name"
"""`label_name` is the name of what `label` numbers."""

FIELDS = ("instruction", "input", "output", "rationale")
"""The texts of a template, in the order in which they are rendered."""

Values = Any
"""What a row brings: a mapping from variable to value, or pairs of them."""


@dataclass(slots=True)
class Draft:
    """An example's texts, before the record is made."""

    instruction: str
    """What is asked."""

    input: str
    """What it is asked about."""

    output: str
    """The answer."""

    options: tuple[str, ...] = ()
    """The answers to choose from."""

    rationale: str = ""
    """The reasoning."""

    references: tuple[str, ...] = ()
    """Other answers that are right."""


class CompiledTemplate:
    """One template, compiled.

    Attributes:
        text: As it was written.
        where: File, line and name, for messages.
        hash: Hash of all that the file says of it, words and columns and task, for `source.template_hash`.
        names: The variables that it needs from the row.
        optional: Variables that it uses where they are there.
        main: The program of the four texts.
        labels: Variables that hold a label: -1 in them means that there is none.
        shows_options: Whether the prompt itself lists the options, so that no block need be added.
    """

    def __init__(self, file: TemplateSet, text: TemplateText, seed: int = 0) -> None:
        """Compiles; raises TemplateError where the text does not parse or reaches for what it may not."""
        self.text = text
        self.where = file.where(text)
        self.hash = hash_of(file, text)
        stream = (seed, "choice", file.task.name or file.dataset, text.name)
        fields = ("instruction",) if text.piped else FIELDS
        parts = [(getattr(text, field), self.where if text.piped else f"{self.where}, {field}") for field in fields]
        self.main = BulkTemplate(parts, when=text.when, piped=text.piped, stream=stream)
        self._choices = _choices(text, self.where, stream)
        self._references = BulkTemplate([("", self.where)], result=text.references) if text.references else None
        programs = [program for program in (self.main, self._choices, self._references) if program]
        for program in programs:
            program.bind(**file.constants)
        used = frozenset().union(*(program.names for program in programs))
        self.optional = used & frozenset().union(*(program.optional for program in programs))
        ours = OURS_IN_PIPED if text.piped else OURS
        self.optional -= ours
        self.names = used - ours - file.constants.keys() - self.optional
        choice_lists = tuple(ours - {LISTING})
        self.labels = (
            frozenset().union(*(reading.index_names(tree, choice_lists) for tree in self.main.trees)) & self.names
        )
        self.shows_options = self._shows_options()
        self._has_input = bool(text.input)
        self._prints_listing = not text.piped and LISTING in self.main.names
        self._is_static = self._settle_options()

    @property
    def has_fixed_options(self) -> bool:
        """Whether the answers come from one closed set, the same for every row."""
        return self._is_static and bool(self._options) and not self.text.inverted

    def draft(self, values: Values, row: int, style: Style | None = None) -> Draft:
        """The texts for one row.

        Args:
            values: The row's values by variable; holds at least `names`.
            row: The row's number.
            style: How to list the options; None lists them plainly and only where the template asks for it.

        Raises:
            RowSkippedError: The row gives no example.
            TemplateError: The template does what no template may; names the row.
        """
        values = dict(values)
        options, chosen, block = self._options, None, ""
        if not self._is_static or (style and options):
            if not self._is_static:
                options = self._row_options(values, row)
            chosen = (style or plain_style()).fitting(options)
            block = chosen.listing(options)[0]
            self._bind(options, block)
        draft = self._texts(values, row)
        if options and not self.text.inverted:
            draft.options = options
            if style and chosen and not self._restyle(draft, chosen, block):
                return self.draft(values, row, plain_style())
        if self._references:
            draft.references = _list_of_texts(self._references.value(values, row), "references")
        return draft

    def _texts(self, values: Values, row: int) -> Draft:
        """The rendered texts, none of which is empty that may not be."""
        texts = self.main.render(values, row)
        draft = _piped(texts) if self.text.piped else Draft(texts[0], texts[1], texts[2], (), texts[3])
        if not draft.output or draft.output.isspace():
            raise RowSkippedError("empty-output")
        if not draft.instruction or draft.instruction.isspace():
            raise RowSkippedError("empty-instruction")
        if self._has_input and (not draft.input or draft.input.isspace()):
            raise RowSkippedError("empty-input")
        return draft

    def _restyle(self, draft: Draft, style: Style, block: str) -> bool:
        """Puts the block of options after a prompt that lists none, and gives the answer its sign.

        Returns:
            Whether prompt and answer go together: where the answer is none of the options, or the block was printed
            with changes, no sign can be given, and the options have to be listed without signs.
        """
        if self.text.lists_options:
            return True
        if not self.shows_options:
            if draft.input:
                draft.input = f"{draft.input}\n\n{block}"
            else:
                draft.instruction = f"{draft.instruction}\n\n{block}"
        elif not self._prints_listing:
            return True
        if not style.has_signs:
            return True
        answers = style.listing(draft.options)[1]
        if draft.output not in answers:
            return False
        if block in draft.instruction or block in draft.input:
            draft.output = answers[draft.output]
            return True
        return False

    def _bind(self, options: tuple[str, ...], block: str) -> None:
        given = list(options)
        if self.text.piped:
            self.main.bind(answer_choices=given or None)
        else:
            self.main.bind(options=given, listed_options=block)

    def _shows_options(self) -> bool:
        if self.text.lists_options is not None:
            return self.text.lists_options
        if self.text.piped:  # where the prompt ends and the target begins is known only when it is rendered
            return True
        return any(reading.uses(tree, name) for tree in self.main.trees[:2] for name in OURS)

    def _settle_options(self) -> bool:
        """Makes the options now if they are the same for every row; tells whether they are."""
        self._options: tuple[str, ...] = ()
        if self._choices:
            if self._choices.names or self._choices.draws_at_random:
                return False
            try:
                self._options = self._row_options({}, 0)
            except RowSkippedError as error:
                raise TemplateError(
                    f"the options cannot be made: {error.detail or error.reason}", where=self.where
                ) from error
        self._bind(self._options, plain_style().listing(self._options)[0])
        return True

    def _row_options(self, values: Values, row: int) -> tuple[str, ...]:
        assert self._choices is not None
        if self.text.piped:
            return tuple(option.strip() for option in self._choices.render(values, row))
        if isinstance(self.text.options, tuple):
            return tuple(self._choices.render(values, row))
        return _list_of_texts(self._choices.value(values, row), "options")


def hash_of(file: TemplateSet, text: TemplateText) -> str:
    """The hash of a template with all that its file says of it, but for where it stands and what stands beside it.

    How the dataset is got from the hub does not count, and what a column does not have leaves hashes as they were.
    """
    facts = asdict(replace(file, path="", name="", templates=(replace(text, line=0),)))
    del facts["access"]
    for column in facts["columns"]:
        for absent in [name for name in ("spellings", "one_of") if not column[name]]:
            del column[absent]
    return content_hash(facts)


def _choices(text: TemplateText, where: str, stream: tuple[Any, ...]) -> BulkTemplate | None:
    where = f"{where}, options"
    if not text.options:
        return None
    if isinstance(text.options, tuple):
        return BulkTemplate([(option, where) for option in text.options], stream=stream)
    if text.piped:
        return BulkTemplate([(text.options, where)], piped=True, stream=stream)
    return BulkTemplate([("", where)], result=text.options, stream=stream)


def _list_of_texts(found: Any, what: str) -> tuple[str, ...]:
    if not isinstance(found, list | tuple) or not all(isinstance(item, str | int | float) for item in found):
        raise RowSkippedError("template-failed", f"the {what} must be a list of texts, found {found!r}"[:300])
    return tuple(map(str, found))


def _piped(texts: list[str]) -> Draft:
    """PromptSource's pair of prompt and target; a text without both parts is a condition that was false."""
    if len(texts) == 1:
        raise RowSkippedError("empty-output" if texts[0].strip() else "condition-false")
    if len(texts) > 2:  # noqa: PLR2004 - prompt and target
        raise RowSkippedError("template-failed", f"the template gave {len(texts)} parts, not a prompt and a target")
    return Draft(texts[0].strip(), "", texts[1].strip())
