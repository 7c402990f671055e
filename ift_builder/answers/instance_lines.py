"""Says of every line of an answer what it is: `Example 1`, `Input:`, `Output:`, `Class label:`, or content.

* `instance_labels` knows the labels. `Input: 3 Output: 4` on one line is two, unless an `Output:` of its own follows.
* `Example 2` is a header if its number is the one after the last header's, so that `Example 7` inside an output is
  none. More on its line is a title if an `Input:` comes next or if the line is a Markdown heading or bold; directly
  above `Output:` it is the input. A label on it is a label: `Example 1 - Input:`, and then `Example 1 - Output:`.
* Lines inside a code fence are content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder.answers import markdown
from ift_builder.answers.instance_labels import INPUT_FIRST, OUTPUT_FIRST, Kind, Labels, Line, head

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ift_builder.answers.instance_labels import Head

__all__ = ["INPUT_FIRST", "OUTPUT_FIRST", "Kind", "Line", "read"]


def read(text: str, names: Mapping[str, Kind]) -> list[Line]:
    """The lines of an answer, its line ends made one kind and fences around labels left out.

    Args:
        text: A model's answer.
        names: Which labels to look for: `INPUT_FIRST` or `OUTPUT_FIRST`.
    """
    raw = markdown.lines(text)
    labels = Labels(raw, names)
    unwrapped = markdown.unwrapped(
        raw,
        is_label=lambda line: labels.line(line).kind != "content",
        is_head=lambda line: (found := head(line)) is not None and found.number is not None,
    )
    lines = [Line(line, is_code=True) if is_code else labels.line(line) for line, is_code in unwrapped]
    return list(_with_shared_lines(list(_with_heads(lines, labels)), labels))


def _with_heads(lines: Sequence[Line], labels: Labels) -> Iterator[Line]:
    last: int | None = None
    are_items: bool | None = None
    for index, line in enumerate(lines):
        found = None if line.is_code else head(line.text)
        found = found if found and are_items in {None, found.is_item} else None
        title = labels.line(found.title) if found else line
        if found and found.number == last is not None and title.kind != "content":
            yield title
            continue
        if found is None or not (last is None or found.number is None or found.number == last + 1):
            yield line
            continue
        places = range(index + 1, len(lines))
        following: Kind = next((lines[at].kind for at in places if lines[at].text.strip()), "content")
        below = _below(found, title, following)
        if below is None:
            yield line
            continue
        last, are_items = found.number if found.number is not None else last, found.is_item
        yield Line(line.text, "example")
        yield from below


def _below(found: Head, title: Line, following: Kind) -> list[Line] | None:
    """What of a header's own line belongs below it; None if the line is no header."""
    if title.kind != "content":
        return [title]
    if not found.title or found.is_marked or following in {"input", "label"}:
        return []
    return [title] if following == "output" else None


def _with_shared_lines(lines: Sequence[Line], labels: Labels) -> Iterator[Line]:
    """The lines, with those taken apart that hold an input and its output.

    What has an output below it before the next input is content, and so is what stands in the output of an example.
    """
    below: list[Kind] = ["content"]
    for line in reversed(lines):
        below.append(line.kind if line.kind != "content" else below[-1])
    in_output, under_heads = False, "example" in below
    for line, following in zip(lines, below[-2::-1], strict=True):
        is_label = line.kind not in {"content", "example"}
        parts = labels.parts(line) if is_label and not (in_output and under_heads) else [line]
        yield from parts if parts[-1].kind != following else [line]
        in_output = line.kind != "example" and (in_output or "output" in {line.kind, parts[-1].kind})
