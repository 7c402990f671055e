"""What the tests of bounds share: small limits, the peak of memory, and an end to what would not end."""

import signal
import tracemalloc
from contextlib import contextmanager

import pytest

from ift_builder.backends import replies
from ift_builder.inputs import limits


@pytest.fixture
def small_limits(monkeypatch):
    """A thousandth of the real ones, so that what is too large is small."""
    monkeypatch.setattr(limits, "MAX_ROW", 64 << 10)
    monkeypatch.setattr(limits, "MAX_WHOLE", 128 << 10)
    monkeypatch.setattr(limits, "MAX_BATCH", 64 << 10)
    monkeypatch.setattr(limits, "MAX_VALUES", 2_000)
    monkeypatch.setattr(limits, "MAX_WHOLE_VALUES", 8_000)
    monkeypatch.setattr(replies, "MAX_REPLY", 256 << 10)
    monkeypatch.setattr(replies, "MAX_REPLY_VALUES", 10_000)


@pytest.fixture
def peak():
    """`with peak() as used: …; used() < 2**20`: bytes of Python objects at the most, above those before."""

    @contextmanager
    def measuring():
        tracemalloc.start()
        try:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            yield lambda: tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()

    return measuring


@pytest.fixture
def must_end():
    """A test that waits for what never comes fails, where else the whole suite would stand still."""

    def give_up(*_):
        pytest.fail("it does not end")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


@pytest.fixture
def quick_retries(monkeypatch):
    """Retries that wait a millisecond, and batches that are sent at once."""
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.001)
    monkeypatch.setattr("ift_builder.backends.openai_batch._QUIET", 0.01)
