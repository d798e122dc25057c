"""Decisions of the engine alone, beside other engines: `python -m bench.decisions [--only iamd] [--write]`.

A principal with ten policies and 100, 1,000 and 10,000 statements. Each engine runs in an environment of its own, on
the same statements and questions. `--write` puts the table and the picture into docs/.
"""

import argparse
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any, Final

from bench.curves import Curve, drawn
from bench.harness.report import write_between_markers
from bench.harness.servers import ENVIRONMENTS, ROOT, install_packages
from iamd.model.document import PolicyKind
from iamd.policy import compile_document, merge_policies, parse_document

COUNTS: Final = (100, 1_000, 10_000)
POLICIES: Final = 10
CONTEXT: Final = {"aws:username": "alice", "aws:principaltag/team": "red", "aws:sourceip": "10.1.2.3"}
PAGE: Final = ROOT / "docs" / "performance.md"
PICTURE: Final = ROOT / "docs" / "images" / "decisions.svg"
Statement = dict[str, Any]
Maker = Callable[[int, int], Statement]


def sought(count: int) -> int:
    """The statement that allows: in the middle of those of the policy in the middle, for engines that stop there."""
    return count // 2 + POLICIES // 2


def distinct(number: int, _count: int) -> Statement:
    """A bucket each, wildcards in actions and resource, a condition that holds."""
    keys = ("aws:username", "alice") if number % 2 else ("aws:principaltag/team", "red")
    actions = ["s3:GetObject", "s3:List*"] if number % 3 else "s3:Get*"
    return _allow(actions, f"arn:aws:s3:::bucket-{number}/*", dict([keys]))


def anywhere(number: int, count: int) -> Statement:
    """Every statement is about every resource; one condition in all of them holds."""
    return _allow("s3:Get*", "*", {"aws:username": "alice" if number == sought(count) else f"user{number}"})


def adversarial(number: int, count: int) -> Statement:
    """Every pattern is tried to its end; one matches."""
    last = "e" if number == sought(count) else f"q{number}"
    return _allow("s3:*", f"arn:aws:s3:::*a*b*c*d*{last}*", {})


def _allow(action: str | list[str], resource: str, equal: dict[str, str]) -> Statement:
    statement: Statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": {"StringEquals": equal}} if equal else statement


SHAPES: Final[tuple[tuple[str, Maker, str, str], ...]] = (
    ("distinct prefixes", distinct, "s3:GetObject", "arn:aws:s3:::bucket-{}/abcabcabc/de"),
    ("`Resource: *`, one condition of all holds", anywhere, "s3:GetObject", "arn:aws:s3:::bucket-{}/abcabcabc/de"),
    ("`*a*b*c*d*e*`", adversarial, "s3:GetObject", "arn:aws:s3:::bucket-{}/abcabcabc/de"),
)
"""What each is called, its statements, and the question; the second question is one that nothing allows."""


def work(make: Maker, action: str, resource: str, count: int) -> dict[str, Any]:
    statements = [make(number, count) for number in range(count)]
    asked = {"action": action, "resource": resource.format(sought(count)), "context": CONTEXT}
    denied = {"action": "s3:GetObject", "resource": "arn:aws:s3:::none/zzz", "context": {"aws:username": "bob"}}
    return {
        "policies": [statements[part::POLICIES] for part in range(POLICIES)],
        "requests": [asked, denied],
        "answers": [True, False],
    }


def engine(name: str) -> list[Any]:
    """What one engine needs for every shape and count, in the order of SHAPES and COUNTS."""
    works = [work(make, action, resource, count) for _, make, action, resource in SHAPES for count in COUNTS]
    done = subprocess.run(
        [python_of(name), str(ROOT / "bench/engines.py"), name],
        input=json.dumps(works),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-2000:]}")
    results: list[Any] = json.loads(done.stdout)
    return results


def python_of(name: str) -> str:
    if name == "iamd":
        return sys.executable
    folder = "moto" if name == "moto" else "engines"
    install_packages(ENVIRONMENTS / folder, ROOT / f"requirements/bench-{folder}.txt")
    return str(ENVIRONMENTS / folder / "bin/python")


def memory(make: Maker, count: int = 10_000) -> tuple[float, float]:
    """Bytes of a compiled and indexed statement, and of a parsed one."""
    texts = [json.dumps({"Statement": [make(number, count)]}) for number in range(count)]
    tracemalloc.start()
    documents = [parse_document(text, kind=PolicyKind.IDENTITY, structure_only=True) for text in texts]
    parsed = tracemalloc.get_traced_memory()[0]
    merged = merge_policies([compile_document(document) for document in documents])
    kept = (merged.allows, merged.denies)
    whole = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return (whole - parsed) / count, parsed / count


def table(results: dict[str, list[Any]]) -> list[str]:
    names = list(results)
    lines = [f"| µs, allowed · denied | statements | {' | '.join(names)} |", f"|---|---|{'---|' * len(names)}"]
    place = 0
    for shape, *_ in SHAPES:
        for count in COUNTS:
            cells = " | ".join(_cell(results[name][place]) for name in names)
            lines.append(f"| {shape} | {count:,} | {cells} |")
            place += 1
    ready = " | ".join(_ready(results[name]) for name in names)
    return [*lines, f"| made ready, µs a statement | | {ready} |"]


def _cell(result: dict[str, Any]) -> str:
    if "wrong" in result:
        return "answers wrongly"
    return " · ".join(f"{each:,.1f}" if each < 100 else f"{each:,.0f}" for each in result["medians"])


def _ready(results: list[Any]) -> str:
    found = [result["ready"] for result in results if "ready" in result]
    return f"{min(found):,.0f} to {max(found):,.0f}" if found else "-"


def curves(results: dict[str, list[Any]]) -> list[Curve]:
    """Distinct prefixes by engine, and iamd's other two shapes."""
    found = []
    for name, of_engine in results.items():
        for number, (shape, *_) in enumerate(SHAPES):
            if number and name != "iamd":
                continue
            points = [
                (count, result["medians"][0])
                for count, result in zip(COUNTS, of_engine[number * len(COUNTS) :], strict=False)
                if "medians" in result
            ]
            found.append(
                Curve(
                    f"{name}, {shape.partition(',')[0].replace('`', '')}" if number else name, points, dashed=number > 0
                )
            )
    return found


def write(lines: list[str], results: dict[str, list[Any]]) -> None:
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(curves(results)))
    write_between_markers(PAGE, "\n".join(lines), "decisions")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.decisions", description=__doc__)
    parser.add_argument("--only", action="append", help="an engine; may be repeated")
    parser.add_argument("--write", action="store_true", help="into docs/")
    options = parser.parse_args()
    results = {name: engine(name) for name in options.only or ("iamd", "cedar", "vakt", "casbin", "moto")}
    lines = table(results)
    compiled, parsed = memory(distinct)
    lines += [
        "",
        f"A statement of the first kind takes {compiled:,.0f} bytes compiled and indexed, {parsed:,.0f} parsed.",
    ]
    print("\n".join(lines))
    if options.write:
        write(lines, results)


if __name__ == "__main__":
    main()
