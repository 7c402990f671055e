"""Workers: the results of tasks in their order, however many there are, and no process left."""

import os
import signal

import pytest

from ift_builder.engines import Workers
from ift_builder.engines.processes import AHEAD
from ift_builder.errors import IftError
from tests.engines import work


def alive(pids):
    found = []
    for pid in pids:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        found.append(pid)
    return found


@pytest.mark.parametrize("count", [1, 2, 3])
def test_results_come_in_the_order_of_their_tasks(count):
    with Workers(count, work.slow, 0.01) as workers:
        assert list(workers.map(range(40))) == list(range(40))


def test_no_task_gives_no_result_and_starts_nothing():
    with Workers(2, work.plain) as workers:
        assert list(workers.map([])) == []
        assert workers._workers == [None, None]


def test_tasks_are_read_no_further_ahead_than_is_said():
    read = []

    def tasks():
        for number in range(100):
            read.append(number)
            yield number

    with Workers(2, work.plain, 10) as workers:
        results = workers.map(tasks())
        assert next(results) == 10
        assert len(read) == 2 * AHEAD + 1


def test_a_worker_starts_when_there_is_work_for_it_and_is_gone_after_the_block():
    with Workers(3, work.pid) as workers:
        pids = set(workers.map([0]))
        assert len(pids) == 1
        pids |= set(workers.map(range(30)))
        assert len(pids) == 3
        assert os.getpid() not in pids
    assert alive(pids) == []


def test_workers_are_gone_when_the_block_fails_in_the_middle():
    pids = set()

    def fail():
        with Workers(2, work.pid) as workers:
            for pid in workers.map(range(10)):
                pids.add(pid)
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert pids
    assert alive(pids) == []


def test_tasks_and_results_larger_than_any_pipe_do_not_block_each_other():
    data = [bytes([number]) * 3_000_000 for number in range(20)]
    with Workers(2, work.large) as workers:
        assert list(workers.map(data)) == data


def test_each_worker_gives_its_results_in_the_order_of_its_tasks():
    with Workers(2, work.plain) as workers:
        for number in range(6):
            workers.submit(number % 2, number)
        assert [workers.receive(1), workers.receive(1), workers.receive(0)] == [1, 3, 0]


def test_an_error_arrives_as_it_was_raised_and_says_where():
    with Workers(2, work.failing) as workers:
        results = workers.map(range(9))
        assert [next(results) for _ in range(5)] == list(range(5))
        with pytest.raises(ValueError, match="five") as caught:
            next(results)
    assert "tests/engines/work.py" in str(caught.value.__cause__)


def test_an_error_that_cannot_travel_arrives_as_what_it_says():
    with Workers(1, work.failing) as workers:
        workers.submit(0, 7)
        with pytest.raises(RuntimeError, match="seven"):
            workers.receive(0)


def test_a_worker_that_cannot_begin_says_why():
    with Workers(1, work.broken) as workers, pytest.raises(ValueError, match="cannot begin"):
        list(workers.map([1]))


def test_a_worker_that_is_killed_is_an_error_that_says_how_and_what_to_do():
    with Workers(2, work.dying) as workers, pytest.raises(IftError) as caught:
        list(workers.map(range(100)))
    assert "SIGKILL" in caught.value.what
    assert "--workers" in caught.value.hint


def test_what_work_prints_or_reads_does_not_disturb_its_results(capfd):
    with Workers(1, work.talking) as workers:
        assert list(workers.map(range(3))) == [b""] * 3
    assert capfd.readouterr() == ("", "")


def test_ctrl_c_and_sigterm_are_held_back_in_workers_and_not_here():
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with Workers(1, work.pending) as workers:
        assert list(workers.map([0])) == [[signal.SIGINT, signal.SIGTERM]]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before
