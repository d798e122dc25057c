"""A door that can be closed for a moment: nobody is inside then, and nobody is lost."""

import asyncio

import pytest

from iamd.edge.in_flight import InFlight


def test_alone_waits_for_those_inside_and_holds_back_those_who_come() -> None:
    async def story() -> None:
        door, seen = InFlight(), []
        await door.enter()

        async def reset() -> None:
            async with door.alone(5):
                seen.append("alone")
                await asyncio.sleep(0)
                seen.append("done")

        async def visitor() -> None:
            await door.enter()
            seen.append("visitor")
            door.leave()

        resetting = asyncio.ensure_future(reset())
        await asyncio.sleep(0)
        visiting = asyncio.ensure_future(visitor())
        await asyncio.sleep(0)
        assert seen == []
        door.leave()
        await asyncio.gather(resetting, visiting)
        assert seen == ["alone", "done", "visitor"]

    asyncio.run(story())


def test_two_who_want_to_be_alone_take_turns() -> None:
    async def story() -> None:
        door = InFlight()
        inside = 0

        async def reset() -> None:
            nonlocal inside
            async with door.alone(5):
                inside += 1
                assert inside == 1
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(reset() for _ in range(5)))
        await asyncio.wait_for(door.enter(), 5)

    asyncio.run(story())


def test_one_who_never_leaves_is_not_waited_for_for_ever() -> None:
    async def story() -> None:
        door = InFlight()
        await door.enter()
        async with door.alone(0):
            pass
        await asyncio.wait_for(door.enter(), 5)

    asyncio.run(story())


def test_the_door_opens_again_after_a_failure() -> None:
    async def story() -> None:
        door = InFlight()
        with pytest.raises(LookupError):
            async with door.alone(5):
                raise LookupError
        await asyncio.wait_for(door.enter(), 5)

    asyncio.run(story())


def test_drained_comes_at_once_when_nobody_is_inside() -> None:
    asyncio.run(InFlight().drained(5))
