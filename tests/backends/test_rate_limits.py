"""What a server's headers say of its limits, in each of the families of headers that servers send."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from ift_builder.backends.rate_limits import pause, retry_after


def soon() -> datetime:
    return datetime.now(timezone.utc) + timedelta(seconds=30)


def test_retry_after_is_read_as_seconds_or_as_a_date():
    assert retry_after({"retry-after": "2.5"}) == 2.5
    assert retry_after({"retry-after": format_datetime(soon(), usegmt=True)}) == pytest.approx(30, abs=3)
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None
    assert retry_after({"retry-after": "-5"}) == 0


def test_retry_after_counts_before_all_others():
    assert pause({"retry-after": "2", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "9"}) == 2


def test_while_something_is_left_nothing_is_waited_for():
    assert pause({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "9s"}) is None
    assert pause({"content-type": "application/json"}) is None


def test_an_allowance_that_fills_steadily_is_waited_for_until_it_has_one_request():
    headers = {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0"}

    assert pause({**headers, "x-ratelimit-reset-requests": "1m0s"}) == 1
    assert pause({**headers, "x-ratelimit-reset-requests": "12ms"}) == pytest.approx(0.0002)
    assert pause({**headers, "x-ratelimit-reset-requests": "1h0m30.5s"}) == pytest.approx(3630.5 / 60)


def test_an_allowance_of_tokens_is_waited_for_until_it_has_a_thousand():
    headers = {"x-ratelimit-limit-tokens": "60000", "x-ratelimit-remaining-tokens": "0"}

    assert pause({**headers, "x-ratelimit-reset-tokens": "1m0s"}) == 1


def test_the_end_of_a_window_is_read_as_a_span_a_moment_or_a_date():
    end = soon()

    for value in ("30", str(end.timestamp()), str(1000 * end.timestamp()), end.isoformat(), format_datetime(end)):
        assert pause({"ratelimit-remaining": "0", "ratelimit-reset": value}) == pytest.approx(30, abs=3), value
    zulu = end.strftime("%Y-%m-%dT%H:%M:%SZ")
    names = {"anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": zulu}
    assert pause(names) == pytest.approx(30, abs=3)


def test_of_several_allowances_that_are_used_up_the_longest_wait_counts():
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "3"}

    assert pause({**headers, "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "8"}) == 8
    assert pause({**headers, "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "8"}) == 3


@pytest.mark.parametrize(
    "value", ["", "soon", "later s", "1e999x", "٣", "1.2.3s", "nan", "inf", "9" * 5000, "9" * 5000 + "s"]
)
def test_a_senseless_value_breaks_nothing(value):
    for headers in ({"x-ratelimit-reset": value}, {"x-ratelimit-reset": "1s", "x-ratelimit-limit": value}):
        said = pause({"x-ratelimit-remaining": "0", **headers})
        assert said is None or said >= 0
