"""What an operator family gives: values of a policy, compiled into one question about one value of the request."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from iamd.policy.variables import Context

# True: some value of the policy matches. False: none does. None: a value is not of the operator's type, which makes
# the condition false, negated or not.
Comparer = Callable[[str, Context], bool | None]
Family = Callable[[tuple[str, ...], bool], Comparer]
"""From the policy's values, and whether variables have meaning in this document."""

Typed = TypeVar("Typed")


def typed_family(read: Callable[[str], Typed | None], holds: Callable[[Typed, Typed], bool]) -> Family:
    """A family that reads both sides into a type (`read` answers None for what is not one) and takes no variables."""

    def family(values: tuple[str, ...], _variables: bool) -> Comparer:
        wanted, complete = read_all(values, read)

        def compare(value: str, _context: Context) -> bool | None:
            had = read(value)
            if had is None:
                return None
            if any(holds(had, want) for want in wanted):
                return True
            return False if complete else None

        return compare

    return family


def read_all(values: Iterable[str], read: Callable[[str], Typed | None]) -> tuple[tuple[Typed, ...], bool]:
    """What could be read, and whether that is all of it."""
    results = [read(value) for value in values]
    wanted = tuple(result for result in results if result is not None)
    return wanted, len(wanted) == len(results)
