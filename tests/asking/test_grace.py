"""A stop with a grace: what is answered in time is kept, the rest is left and stays open."""

import asyncio

import pytest

from ift_builder.asking import Stop, Terms, pump
from ift_builder.journal import open_for_run
from ift_builder.records import Completion, Usage
from tests.asking.test_asking import Questions, prompts


class Halting:
    """Answers even prompts soon and odd ones never."""

    name = "halting"

    async def complete(self, prompt):
        await asyncio.sleep(3600 if prompt.draw % 2 else 0.05)
        return Completion(prompt.key, "answer", "stop", Usage(10, 5), "m")

    async def aclose(self):
        """Nothing to free."""


@pytest.fixture
def stopped(tmp_path):
    """Asks four prompts, stops soon, and gives outcomes and what the journal says of tokens."""

    def call(**asked):
        work = Questions(prompts(4))

        async def sitting(journal):
            stop = Stop()
            asker = Terms().asker(Halting(), journal, stop)
            asyncio.get_running_loop().call_later(0.01, lambda: stop.ask("interrupted", **asked))
            await asyncio.wait_for(pump(work, asker, in_flight=4, stop=stop), 60)
            await asker.finish()
            return asker

        with open_for_run(tmp_path / "journal.sqlite") as journal:
            asker = asyncio.run(sitting(journal))
            return work.outcomes, asker.budget, journal.totals()

    return call


def test_what_is_answered_within_the_grace_is_kept_and_the_rest_stays_open(stopped):
    outcomes, _, totals = stopped(grace=0.5)

    assert [outcomes.get(prompt.key) is not None for prompt in prompts(4)] == [True, False, True, False]
    assert (totals["answered"], totals["given_up"]) == (2, 0)


def test_what_was_left_may_have_been_paid_and_counts_as_such(stopped):
    _, budget, totals = stopped(grace=0.3)

    assert totals["sent"] == 4
    assert totals["prompt_tokens"] + totals["completion_tokens"] > 2 * 15
    assert budget.in_flight == 0


def test_the_first_reason_stays_and_the_shortest_grace():
    stop = Stop()
    stop.ask("budget")
    assert stop.patience > 3600
    stop.ask("interrupted", grace=5)
    stop.ask("interrupted", grace=50)

    assert stop.reason == "budget"
    assert 0 < stop.patience <= 5
