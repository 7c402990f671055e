"""The pace: within the user's limits, near the server's, and not scared by chance."""

import asyncio

import pytest

from ift_builder.asking.pace import Pace
from ift_builder.asking.stopping import Stop
from ift_builder.asking.timeouts import ENOUGH, LEAST, Timeouts
from ift_builder.draws import stream
from ift_builder.records import Usage


class World:
    """A clock, a pace, and a server with a limit; time passes only when somebody waits."""

    def __init__(self, **limits) -> None:
        self.now = 0.0
        self.pace = Pace(**limits, clock=lambda: self.now)
        self.sent = []

    def send(self, tokens=0):
        """Lets one request go; returns when it went."""
        asyncio.run(self._send(tokens))
        return self.now

    async def _send(self, tokens):
        stop = Stop()

        async def sleep(seconds):
            self.now += seconds

        stop.sleep = sleep
        await self.pace.permit(Usage(tokens, 0), stop)
        self.sent.append(self.now)


def test_without_limits_nothing_waits():
    world = World()
    for _ in range(100):
        world.send()

    assert world.now == 0


def test_requests_per_minute_are_kept():
    world = World(requests_per_minute=120)
    for _ in range(21):
        world.send()

    assert world.now == pytest.approx(10.0)


def test_tokens_per_minute_are_kept():
    world = World(tokens_per_minute=6_000)
    for _ in range(11):
        world.send(tokens=100)

    assert world.now == pytest.approx(10.0)


def run_against(limit, *, seconds=120, demand=200.0, chance=0.0):
    """Sends up to `demand` requests a second at a limited server; returns (taken a second, share rejected)."""
    world = World()
    bucket, filled = float(limit), 0.0
    luck = stream(0, "luck")
    taken = rejected = 0
    while world.now < seconds:
        world.send()
        bucket, filled = min(limit / 10, bucket + (world.now - filled) * limit), world.now
        if bucket >= 1 and luck.random() >= chance:
            bucket -= 1
            taken += 1
            world.pace.taken(world.now)
        else:
            rejected += 1
            world.pace.rejected(world.now, None)
        world.now += 1 / demand
    return taken / seconds, rejected / (taken + rejected)


def test_a_limit_of_50_a_second_is_used_to_95_percent_with_under_5_percent_rejected():
    rate, rejected = run_against(50)

    assert rate >= 0.95 * 50
    assert rejected < 0.05


def test_rejections_by_chance_do_not_slow_the_pace():
    rate, rejected = run_against(10_000, chance=0.2)

    assert rejected == pytest.approx(0.2, abs=0.02)
    assert rate > 0.7 * 200


def test_a_closed_door_is_waited_out():
    world = World()
    for _ in range(20):
        world.pace.rejected(world.now, 30.0)

    assert world.send() == pytest.approx(30.0)


def test_a_server_that_asks_for_a_pause_in_an_answer_gets_it():
    world = World()
    world.pace.taken(world.now, 5.0)

    assert world.send() == pytest.approx(5.0)


def test_replies_to_what_was_sent_before_the_rate_was_lowered_lower_it_no_further():
    world = World()
    for _ in range(20):
        world.now += 0.1
        world.pace.rejected(world.now, None)
    lowered, sent_before = world.pace.rate, world.now
    for _ in range(20):
        world.now += 0.1
        world.pace.rejected(sent_before, None)

    assert lowered
    assert world.pace.rate == lowered


def test_a_rate_that_is_not_used_is_not_raised():
    world = World()
    for _ in range(20):
        world.now += 0.1
        world.pace.rejected(world.now, None)
    lowered = world.pace.rate
    for _ in range(200):
        world.now += 1 / (0.5 * lowered)
        world.pace.taken(world.now)

    assert world.pace.rate == lowered


def test_a_stop_ends_the_waiting():
    async def waiting():
        pace = Pace(requests_per_minute=0.001)
        stop = Stop()
        await pace.permit(Usage(0, 0), stop)
        asyncio.get_running_loop().call_later(0.01, stop.ask, "interrupted")
        await asyncio.wait_for(pace.permit(Usage(0, 0), stop), 5)

    asyncio.run(waiting())


def test_the_time_for_an_answer_is_learned_and_grows_with_each_try():
    timeouts = Timeouts(600)
    assert timeouts.seconds(1) == 600
    for _ in range(ENOUGH):
        timeouts.saw(2.0)

    assert timeouts.seconds(1) == 20.0
    assert timeouts.seconds(2) == 40.0
    assert Timeouts(5).seconds(3) == 5


def test_quick_servers_still_have_a_few_seconds():
    timeouts = Timeouts(600)
    for _ in range(ENOUGH):
        timeouts.saw(0.001)

    assert timeouts.seconds(1) == LEAST
