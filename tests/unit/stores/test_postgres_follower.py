"""What a node knows of the changelog: nothing that others committed is passed over, whatever it commits itself."""

from typing import Any

from iamd.stores.sql.postgres.follower import MARK, Follower, clock


class Log:
    """The changelog of a database, as SINCE answers it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._marks = 0

    def add(self, topic: str) -> tuple[int, list[str]]:
        self._marks += 1
        self.texts.append(f"{topic}\n{MARK}{self._marks}")
        return len(self.texts), [self.texts[-1]]

    def since(self, asked: int, epoch: int = 0) -> list[Any]:
        head = (epoch, len(self.texts))
        rows = [(*head, number, text) for number, text in enumerate(self.texts, 1) if number >= asked]
        return rows or [(*head, None, None)]


def followed(log: Log) -> Follower:
    return Follower(log.since(len(log.texts)), clock())


def read(follower: Follower, log: Log, asked: int | None = None, epoch: int = 0) -> None:
    asked = follower.read_to if asked is None else asked
    follower.read(asked, log.since(asked, epoch), clock())


def test_others_and_own_commits_are_told_once() -> None:
    log = Log()
    follower = followed(log)
    log.add("theirs")
    follower.committed(*log.add("own"))
    assert follower.behind() == 2
    assert follower.take() == ("own",)
    read(follower, log)
    assert follower.take() == ("theirs",)
    read(follower, log)
    assert (follower.take(), follower.behind()) == ((), 0)


def test_an_own_commit_on_another_past_than_the_known_one_hides_nothing() -> None:
    """A failover loses revision 2, another node commits one of that number, and this node the next."""
    log = Log()
    log.add("first")
    log.add("lost")
    follower = followed(log)
    log.texts.pop()
    log.add("theirs")
    follower.committed(*log.add("own"))
    assert follower.take() == ("own",)
    read(follower, log)
    assert follower.take() is None


def test_what_replaces_an_own_commit_that_was_lost_is_told() -> None:
    log = Log()
    log.add("first")
    follower = followed(log)
    follower.committed(*log.add("own"))
    assert follower.take() == ("own",)
    log.texts.pop()
    log.add("theirs")
    read(follower, log)
    assert follower.take() == ("theirs",)


def test_readings_that_cross_each_other_tell_everything_once() -> None:
    log = Log()
    follower = followed(log)
    log.add("a")
    earlier = log.since(0)
    log.add("b")
    later = log.since(0)
    follower.read(0, later, clock())
    assert follower.take() == ("a", "b")
    follower.read(0, earlier, clock())
    follower.read(0, later, clock())
    assert (follower.take(), follower.read_to) == ((), 2)
    log.add("c")
    read(follower, log, asked=1)
    assert follower.take() == ("c",)


def test_a_reading_that_does_not_go_on_from_what_is_known_makes_nothing_current() -> None:
    log = Log()
    long_ago = clock() - 10
    follower = Follower(log.since(0), long_ago)
    log.add("a")
    follower.read(0, log.since(0), long_ago)
    read(follower, log, asked=0, epoch=1)
    assert follower.read_at == long_ago
    read(follower, log, epoch=1)
    assert follower.take() is None
    assert follower.epoch == 1
    assert follower.read_at > long_ago
