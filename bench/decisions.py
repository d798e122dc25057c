"""Decisions per second of the engine alone, by shape and number of statements.

.venv/bin/python -m bench.decisions
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from iamd.model.document import PolicyKind
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy import AccessRequest, Layers, compile_document, decide, merge_policies, parse_document

ALICE = Principal(PrincipalKind.USER, "arn:aws:iam::111122223333:user/alice", "111122223333")
CONTEXT = {"aws:sourceip": "10.1.2.3", "aws:username": "alice", "aws:securetransport": "true"}
Statement = dict[str, Any]


def distinct(number: int) -> Statement:
    condition = (
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}} if number % 2 else {"Bool": {"aws:SecureTransport": "true"}}
    )
    actions = ["s3:GetObject", "s3:List*"] if number % 3 else "s3:Get*"
    return {"Effect": "Allow", "Action": actions, "Resource": f"arn:aws:s3:::bucket-{number}/*", "Condition": condition}


def anywhere(number: int) -> Statement:
    return {"Effect": "Allow", "Action": f"service{number}:Get*", "Resource": "*"}


def anywhere_under_condition(number: int) -> Statement:
    condition = {"StringEquals": {"aws:username": f"user{number}"}}
    return {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*", "Condition": condition}


def adversarial(number: int) -> Statement:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::*a*b*c*d{number}*e*"}


SHAPES: tuple[tuple[str, Callable[[int], Statement]], ...] = (
    ("distinct prefixes", distinct),
    ("Resource *, other services", anywhere),
    ("Resource *, failing conditions", anywhere_under_condition),
    ("*a*b*c* patterns", adversarial),
)


def measure(make: Callable[[int], Statement], count: int) -> tuple[float, float, float]:
    """Microseconds: median of an allowed and of a denied decision, and compiling per statement."""
    statements = [make(number) for number in range(count)]
    documents = [
        parse_document({"Version": "2012-10-17", "Statement": statements[part::10]}, kind=PolicyKind.IDENTITY)
        for part in range(10)
    ]
    started = time.perf_counter()
    merged = merge_policies([compile_document(document) for document in documents])
    layers = Layers(identity=[merged])
    requests = [
        AccessRequest(ALICE, "s3:GetObject", f"arn:aws:s3:::{bucket}/abcabcabc/key", None, CONTEXT)
        for bucket in (f"bucket-{count // 2}", "elsewhere")
    ]
    for request in requests:
        decide(request, layers)
    compiling = (time.perf_counter() - started) / count * 1e6
    hit, miss = (median_of(request, layers) for request in requests)
    return hit, miss, compiling


def median_of(request: AccessRequest, layers: Layers) -> float:
    samples = []
    for _ in range(15):
        started = time.perf_counter()
        for _ in range(50):
            decide(request, layers)
        samples.append((time.perf_counter() - started) / 50 * 1e6)
    return statistics.median(samples)


def main() -> None:
    print(
        f"Python {sys.version.split()[0]}; microseconds per decision (present bucket / another), per statement compiled"
    )
    for name, make in SHAPES:
        for count in (100, 1_000, 10_000):
            hit, miss, compiling = measure(make, count)
            print(f"{name:32} {count:6} {hit:9.1f} {miss:9.1f} {compiling:9.1f}")


if __name__ == "__main__":
    main()
