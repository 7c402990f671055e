"""The budget's accounts: what is paid, what is set aside, and that both together never exceed the limits."""

import math

from hypothesis import given
from hypothesis import strategies as st

from ift_builder.asking.budget import Budget, most
from ift_builder.records import Prices, Prompt, Sampling, Turn, Usage

STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 300), st.integers(0, 40)), max_size=40)


def prompt_of(text, max_tokens=10):
    return Prompt("step", (Turn("user", text),), "m", Sampling(max_tokens=max_tokens))


@given(STEPS, st.integers(1, 20), st.integers(200, 3_000))
def test_what_is_paid_is_what_was_counted_and_no_limit_is_ever_passed(steps, max_requests, max_tokens):
    budget, in_flight, paid = Budget(max_requests=max_requests, max_tokens=max_tokens), [], [0, 0]
    for settles, size, answer in steps:
        if settles and in_flight:
            reserved = in_flight.pop(size % len(in_flight))
            counted = Usage(min(size, reserved.prompt_tokens), min(answer, reserved.completion_tokens))
            budget.settle(reserved, counted)
            paid = [paid[0] + counted.prompt_tokens, paid[1] + counted.completion_tokens]
        else:
            reserved = budget.reserve(prompt_of("x" * size, answer + 1))
            in_flight += [reserved] if reserved else []
        assert budget.paid == Usage(*paid)
        assert budget.in_flight == len(in_flight)
        assert budget.requests <= max_requests
        assert budget.prompt_tokens + budget.completion_tokens <= max_tokens


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_no_tokenizer_can_make_more_of_a_prompt_than_is_set_aside(texts):
    prompt = Prompt("step", tuple(Turn("user", text) for text in texts), "m")
    one_token_a_byte = sum(len(f"<|im_start|>user\n{text}\n".encode()) - len("<|im_start|>") + 1 for text in texts)

    assert most(prompt).prompt_tokens >= one_token_a_byte


def test_a_server_that_counts_words_of_its_own_raises_what_is_set_aside_for_all():
    budget = Budget(max_tokens=100_000)
    budget.learn(prompt_of("x" * 1000), Usage(3000, 5))

    small, large = budget.reserve(prompt_of("x" * 10)), budget.reserve(prompt_of("x" * 5000))
    assert small.prompt_tokens >= 10 + 1900
    assert large.prompt_tokens >= 5000 * 2.8


def test_a_server_that_answers_at_more_length_than_was_asked_raises_what_is_set_aside():
    budget = Budget(max_tokens=100_000)
    budget.learn(prompt_of("x", max_tokens=100), Usage(5, 250))

    assert budget.reserve(prompt_of("x", max_tokens=100)).completion_tokens >= 250


def test_the_requests_left_are_counted_by_the_tightest_limit_at_the_usual_cost():
    def left(**limits):
        budget = Budget(**limits, prices=Prices(1_000_000, 1_000_000))
        for _ in range(10):
            budget.settle(budget.reserve(prompt_of("x" * 58)), Usage(8, 2))
        return budget.requests_left()

    assert left() == math.inf
    assert left(max_requests=100) == 90
    assert left(max_tokens=1000) == left(max_cost=1000) == (1000 - 100 - 100) / 10 + 1
    assert left(max_requests=100, max_tokens=1000) == 81


def test_a_request_in_flight_is_among_those_left():
    budget = Budget(max_requests=10)
    budget.reserve(prompt_of("x"))

    assert budget.requests_left() == 10
