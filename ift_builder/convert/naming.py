"""What the datasets of one run are called: each has a name of its own, by which its rows are counted and found."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.sources.table import Dataset


def distinct(given: Sequence[str], datasets: Sequence[Dataset]) -> list[Dataset]:
    """The datasets, with longer names for those that would be called the same.

    Files and folders of one name are told apart by what differs in their paths: `a/train` and `b/train`, or `news.csv`
    and `news.jsonl`. Templates still find them by their short names.

    Args:
        given: What the user named.
        datasets: What it is, in the same order.

    Raises:
        InputError: Two of them are the same file, folder or dataset: their rows would have the same ids.
    """
    _refuse_twice(given, datasets)
    short = [dataset.name for dataset in datasets]
    named = list(datasets)
    for name in dict.fromkeys(short):
        places = [place for place, other in enumerate(short) if other == name and Path(given[place]).exists()]
        if short.count(name) > 1 and places:
            for place, longer in zip(places, _told_apart([given[place] for place in places]), strict=True):
                dataset = datasets[place]
                named[place] = replace(dataset, name=longer, other_names=(*dataset.other_names, dataset.name))
    return named


def _refuse_twice(given: Sequence[str], datasets: Sequence[Dataset]) -> None:
    """Files and folders are known by their paths, datasets of the hub by what they are called there."""
    places = [
        str(Path(name).resolve()) if Path(name).exists() else f"{dataset.name} {dataset.config} {dataset.split}"
        for name, dataset in zip(given, datasets, strict=True)
    ]
    for place, name in zip(places, given, strict=True):
        if places.count(place) > 1:
            raise InputError(f"{name} is given twice", hint="each row can be converted once in a run")


def _told_apart(paths: Sequence[str]) -> list[str]:
    """The shortest ends of the paths that differ, without the files' endings where they differ without them."""
    if len(paths) == 1:
        return list(paths)
    whole = [Path(path).resolve() for path in paths]
    common = os.path.commonpath([path.parent for path in whole])
    ends = [path.relative_to(common) for path in whole]
    bare = [end.with_name(end.name.partition(".")[0] or end.name).as_posix() for end in ends]
    return bare if len(set(bare)) == len(bare) else [end.as_posix() for end in ends]
