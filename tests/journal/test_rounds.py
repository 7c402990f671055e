"""The journal notes what each proposal brought, in the order in which it was judged."""

import sqlite3

from ift_builder.journal import NotedCandidate, NotedRound, open_for_run, open_to_read
from ift_builder.records import Source


def a_round(key, *texts):
    candidates = [NotedCandidate(f"{key}{n}", text, whole=bool(text)) for n, text in enumerate(texts)]
    return NotedRound(Source("bootstrap/s", parents=("seed", "é"), prompts=(key,), model="m"), candidates)


def write(folder, *rounds):
    with open_for_run(folder / "journal.sqlite") as journal:
        for number, noted in rounds:
            journal.note_round(number, noted)


def read(folder, count=99):
    with open_to_read(folder / "journal.sqlite") as journal:
        return journal.rounds(count)


def test_rounds_come_back_as_they_were_in_the_order_of_their_numbers(tmp_path):
    rounds = [a_round("b", "Sort the words.", "", "用一句话"), a_round("a"), a_round("c", "Name a river.")]
    write(tmp_path, (2, rounds[2]), (0, rounds[0]), (1, rounds[1]))

    assert read(tmp_path) == rounds
    assert read(tmp_path, 2) == rounds[:2]


def test_a_later_sittings_round_takes_the_place_of_an_earlier_ones(tmp_path):
    write(tmp_path, (0, a_round("a")), (1, a_round("b", "Sort.")))
    write(tmp_path, (0, a_round("a", "Answered after all.")))

    assert read(tmp_path) == [a_round("a", "Answered after all."), a_round("b", "Sort.")]


def test_a_journal_that_was_written_before_there_were_rounds_has_none_and_takes_them_up(tmp_path):
    write(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute("DROP TABLE rounds")
    connection.close()
    assert read(tmp_path) == []
    write(tmp_path, (0, a_round("a", "Sort.")))

    assert read(tmp_path) == [a_round("a", "Sort.")]
