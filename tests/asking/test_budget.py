"""The budget's accounts: what is paid, what is set aside, and that both together never exceed the limits."""

from hypothesis import given
from hypothesis import strategies as st

from ift_builder.asking.budget import Budget, most
from ift_builder.records import Prompt, Sampling, Turn, Usage

STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 300), st.integers(0, 40)), max_size=40)


@given(STEPS, st.integers(1, 20), st.integers(200, 3_000))
def test_what_is_paid_is_what_was_counted_and_no_limit_is_ever_passed(steps, max_requests, max_tokens):
    budget, in_flight, paid = Budget(max_requests=max_requests, max_tokens=max_tokens), [], [0, 0]
    for settles, size, answer in steps:
        if settles and in_flight:
            prompt = in_flight.pop(size % len(in_flight))
            counted = Usage(min(size, most(prompt).prompt_tokens), min(answer, most(prompt).completion_tokens))
            budget.settle(prompt, counted)
            paid = [paid[0] + counted.prompt_tokens, paid[1] + counted.completion_tokens]
        else:
            prompt = Prompt("step", (Turn("user", "x" * size),), "m", Sampling(max_tokens=answer + 1))
            in_flight += [prompt] if budget.reserve(prompt) else []
        assert budget.paid == Usage(*paid)
        assert budget.in_flight == len(in_flight)
        assert budget.requests <= max_requests
        assert budget.prompt_tokens + budget.completion_tokens <= max_tokens
