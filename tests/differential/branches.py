"""Which branches of a module were taken: both ways of every conditional jump of its byte code.

Lines would not do: most branches of `policy/spec.py` lie within one.
"""

import dis
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from types import CodeType, FrameType, ModuleType
from typing import Any, Final, NamedTuple, TypeVar

Result = TypeVar("Result")
_JUMPS: Final = ("POP_JUMP", "JUMP_IF", "FOR_ITER")


class Branch(NamedTuple):
    """The way from one instruction to the next, by offsets; `line` is where the jump stands."""

    function: str
    line: int
    start: int
    end: int


class Tracer:
    """Runs functions and notes the ways taken inside one module's code."""

    def __init__(self, module: ModuleType) -> None:
        self._codes = {code: _branches(code) for code in _codes_of(module)}
        self.taken: set[Branch] = set()

    @property
    def branches(self) -> frozenset[Branch]:
        return frozenset(branch for ways in self._codes.values() for branch in ways.values())

    @property
    def missed(self) -> frozenset[Branch]:
        return self.branches - self.taken

    def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            return function(*arguments)
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        ways = self._codes.get(frame.f_code)
        if ways is None:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        last = -1

        def step(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal last
            if event == "opcode":
                branch = ways.get((last, frame.f_lasti))
                if branch is not None:
                    self.taken.add(branch)
                last = frame.f_lasti
            return step

        return step


def _codes_of(module: ModuleType) -> Iterator[CodeType]:
    waiting = [each.__code__ for each in vars(module).values() if getattr(each, "__module__", "") == module.__name__]
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]


def _branches(code: CodeType) -> dict[tuple[int, int], Branch]:
    """By the offsets that tracing shows: of an instruction behind EXTENDED_ARG it shows the prefix only.

    The way on for exceptions that a function does not expect is none of its branches.
    """
    instructions = list(dis.get_instructions(code))
    found: dict[tuple[int, int], Branch] = {}
    line, prefix = code.co_firstlineno, -1
    shown: dict[int, int] = {}
    reraises = {each.offset for each in instructions if each.opname == "RERAISE"}
    for instruction in instructions:
        prefix = instruction.offset if prefix < 0 else prefix
        shown[instruction.offset] = prefix
        if instruction.opname != "EXTENDED_ARG":
            prefix = -1
    for instruction, following in pairwise(instructions):
        line = instruction.positions.lineno or line if instruction.positions is not None else line
        if any(name in instruction.opname for name in _JUMPS):
            for end in {following.offset, int(instruction.argval)} - reraises:
                way = (shown[instruction.offset], shown[end])
                found[way] = Branch(code.co_qualname, line, *way)
    return found
