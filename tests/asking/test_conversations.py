"""Conversations settle in the order of the records, whatever the order of arrival, and hold a bounded number."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.asking import Stop, Terms, pump
from ift_builder.asking.conversations import Conversations
from ift_builder.draws import stream
from ift_builder.journal import open_for_run
from ift_builder.records import Completion, Prompt, Sampling, Turn, Usage
from tests.scripted import ScriptedBackend


def prompt(*name) -> Prompt:
    return Prompt("step", (Turn("user", repr(name)),), "m", Sampling(), "chat")


def answered(asked: Prompt) -> Completion:
    return Completion(asked.key, f"to {asked.messages[0].content}", "stop", Usage(1, 1), "m")


def talk(record):
    """As many questions as the record says, each of so many prompts; 0 asks nothing, None asks one by itself."""
    heard = []
    for step, width in enumerate(record[1]):
        if width is None:
            heard.append((yield prompt(record, step)).text)
        else:
            outcomes = yield tuple(prompt(record, step, draw) for draw in range(width))
            heard.append([outcome.text for outcome in outcomes])
    return heard


def expected(record):
    return [
        f"to {(record, step)!r}" if width is None else [f"to {(record, step, draw)!r}" for draw in range(width)]
        for step, width in enumerate(record[1])
    ]


RECORDS = st.lists(st.lists(st.none() | st.integers(0, 3), max_size=3).map(tuple), max_size=12).map(enumerate).map(list)


@given(RECORDS, st.integers(0, 10**6), st.integers(1, 5))
def test_any_order_of_arrival_settles_the_same_values_in_the_order_of_the_records(records, seed, ahead):
    settled, held = [], []
    work = Conversations(records, talk, lambda record, value: settled.append((record, value)), ahead=ahead)
    order, asked = stream(seed, "arrival"), []
    while True:
        while (found := work.next_prompt()) is not None:
            asked.append(found)
        held.append(work.pending)
        if not asked:
            break
        arrived = asked.pop(order.randrange(len(asked)))
        work.receive(arrived, answered(arrived))

    assert settled == [(record, expected(record)) for record in records]
    assert (work.settled, work.pending) == (len(records), 0)
    assert max(held) <= ahead


def test_records_are_read_only_as_they_are_needed():
    read = []
    work = Conversations((read.append(n) or (n, (None,)) for n in range(100)), talk, lambda *_: None, ahead=3)
    asked = [work.next_prompt() for _ in range(4)]

    assert [found is None for found in asked] == [False, False, False, True]
    assert read == [0, 1, 2]


def test_a_prompt_that_several_records_ask_is_given_out_once_and_answers_all():
    def same(record):
        said = yield prompt("one for all")
        return record, said.text

    settled = []
    work = Conversations(range(3), same, lambda _, value: settled.append(value))
    asked = work.next_prompt()

    assert work.next_prompt() is None
    work.receive(asked, answered(asked))
    assert settled == [(record, "to ('one for all',)") for record in range(3)]


def test_the_earliest_record_is_asked_first():
    work = Conversations([(0, (None, None)), (1, (None,))], talk, lambda *_: None)
    first, _ = work.next_prompt(), work.next_prompt()
    work.receive(first, answered(first))

    assert work.next_prompt() == prompt((0, (None, None)), 1)


def test_an_error_in_a_conversation_is_not_hidden():
    def broken(_):
        yield prompt("q")
        raise ValueError("a bug")

    work = Conversations([1], broken, lambda *_: None)
    asked = work.next_prompt()
    with pytest.raises(ValueError, match="a bug"):
        work.receive(asked, answered(asked))


@pytest.mark.parametrize("concurrency", [1, 7])
def test_a_stopped_run_settles_the_first_records_and_its_repetition_asks_only_what_is_left(tmp_path, concurrency):
    records = [(n, (None, 2)) for n in range(30)]
    terms = Terms(concurrency=concurrency)
    backend = ScriptedBackend(lambda asked: f"to {asked.messages[0].content}", pause=0.002)

    def session(after: int):
        settled, stop = [], Stop()

        def settle(record, value):
            settled.append((record, value))
            if len(settled) == after:
                stop.ask("interrupted")

        async def go():
            with open_for_run(tmp_path / "journal.sqlite") as journal:
                work = Conversations(records, talk, settle, ahead=10)
                await pump(work, terms.asker(backend, journal, stop), in_flight=terms.in_flight, stop=stop)

        asyncio.run(go())
        return settled

    whole = [(record, expected(record)) for record in records]
    stopped = session(after=5)

    assert stopped == whole[: len(stopped)]
    assert 5 <= len(stopped) < 30
    assert session(after=0) == whole
    assert set(backend.asked.values()) == {1}
