"""At the real limits, with gigabytes, in processes of their own: hostile input costs no more than twice the largest."""

import pytest

from benchmarks import bounds


@pytest.mark.slow
@pytest.mark.parametrize("command", ["models", "convert, lines", "check"])
def test_hostile_input_takes_no_more_than_twice_the_memory_of_the_largest_allowed(command):
    lines = list(bounds.lines(command))

    assert all(cost.peak <= bounds.ALLOWED * largest.peak for _, _, cost, largest in lines)
    assert {cost.code for _, _, cost, _ in lines} <= {0, 1}
