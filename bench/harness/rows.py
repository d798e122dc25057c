"""The rows of the table: what is sent, from how many connections, and what iamd must reach."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bench.harness.signing import IAM, STS, Key, Signer

BUCKET: Final = "bench-bucket"
LISTED: Final = "bench-listed"
ROLE: Final = "bench-role"
TRUST: Final = (
    '{"Version":"2012-10-17","Statement":'
    '[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:user/bench"},"Action":"sts:AssumeRole"}]}'
)
BODY: Final = bytes(range(256)) * 4
LARGE: Final = bytes(range(256)) * (1 << 18)
ALL: Final = ("moto", "ministack", "iamd")
STORES: Final = ("moto", "ministack", "s3rver")


@dataclass(frozen=True)
class Goal:
    """`factor` times the requests per second of the best of `over`, or at most `ceiling_ms` at the median.

    `flat`: at most `factor` times the median of that other row.
    """

    over: tuple[str, ...] = ()
    factor: float = 0.0
    ceiling_ms: float = 0.0
    flat: str = ""


@dataclass(frozen=True)
class Row:
    """`users`, `objects`: how many there are at least when it runs. `fresh`: each request may be sent only once.

    `on`: the servers that can run it. `mib`: what one request moves. `slow`: run when it is asked for by its name, or
    when the table is written. `status`: how the status of a right answer begins.
    """

    name: str
    requests: Callable[[Signer, str], Iterator[bytes]]
    goals: tuple[Goal, ...]
    users: int = 0
    connections: int = 8
    fresh: int = 0
    objects: int = 0
    on: tuple[str, ...] = ALL
    mib: int = 0
    slow: bool = False
    status: bytes = b"2"


def user_names(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{number:06}" for number in range(count)]


def _query(service: str, action: str, version: str, **parameters: str) -> Callable[[Signer, str], Iterator[bytes]]:
    def requests(signer: Signer, _account: str) -> Iterator[bytes]:
        yield signer.query(service, action, version, **parameters)

    return requests


def _assume_role(signer: Signer, account: str) -> Iterator[bytes]:
    role = f"arn:aws:iam::{account}:role/{ROLE}"
    for number in range(50):
        yield signer.query("sts", "AssumeRole", STS, RoleArn=role, RoleSessionName=f"session-{number}")


def _create_users(prefix: str) -> Callable[[Signer, str], Iterator[bytes]]:
    def requests(signer: Signer, _account: str) -> Iterator[bytes]:
        number = 0
        while True:
            yield signer.query("iam", "CreateUser", IAM, UserName=f"{prefix}-{number:07}")
            number += 1

    return requests


def _refused(key_id: str = "") -> Callable[[Signer, str], Iterator[bytes]]:
    """Under a secret that nobody has, for the bench's own key or for another."""

    def requests(signer: Signer, _account: str) -> Iterator[bytes]:
        key = Key(key_id or signer.key.access_key_id, "x" * 40)
        yield Signer(signer.host, key).query("sts", "GetCallerIdentity", STS)

    return requests


def _put_objects(signer: Signer, _account: str) -> Iterator[bytes]:
    for number in range(500):
        yield signer.s3("PUT", f"/{BUCKET}/put/{number}", BODY)


def _put_large(signer: Signer, _account: str) -> Iterator[bytes]:
    yield signer.s3("PUT", f"/{BUCKET}/large", LARGE)


def _get_large(signer: Signer, _account: str) -> Iterator[bytes]:
    yield signer.s3("GET", f"/{BUCKET}/large")


def _list_objects(signer: Signer, _account: str) -> Iterator[bytes]:
    yield signer.s3("GET", f"/{LISTED}", query="list-type=2&max-keys=1000")


def _get_objects(signer: Signer, _account: str) -> Iterator[bytes]:
    yield signer.s3("GET", f"/{BUCKET}/object")


BOTH: Final = ("moto", "ministack")
WRONG: Final = "refused: wrong secret"
THOUSAND: Final = "ListObjectsV2, page of 1,000 of 1,000 keys"
_LIST: Final = _query("iam", "ListUsers", IAM, MaxItems="1000")
ROWS: Final = (
    Row(
        "GetCallerIdentity",
        _query("sts", "GetCallerIdentity", STS),
        (Goal(("ministack",), 5), Goal(("moto",), 20)),
    ),
    Row(WRONG, _refused(), (), connections=1, on=("iamd",), status=b"403"),
    Row(
        "refused: unknown key",
        _refused("AKIAQAAAAAAAEXAMPLE7"),
        (Goal(flat=WRONG, factor=1.1),),
        connections=1,
        on=("iamd",),
        status=b"403",
    ),
    Row("GetUser", _query("iam", "GetUser", IAM, UserName="bench"), (Goal(("ministack",), 4),)),
    Row("AssumeRole", _assume_role, (Goal(("moto",), 10),)),
    Row("GetObject 1 KiB", _get_objects, (Goal(BOTH, 4),)),
    Row("PutObject 1 KiB", _put_objects, (Goal(BOTH, 2.5),)),
    Row("PutObject 64 MiB", _put_large, (Goal(STORES, 1.2),), connections=1, on=(*STORES, "iamd"), mib=64),
    Row("GetObject 64 MiB", _get_large, (Goal(STORES, 1),), connections=1, on=(*STORES, "iamd"), mib=64),
    Row(THOUSAND, _list_objects, (Goal(("moto", "ministack"), 1),), objects=1_000, connections=1),
    Row("ListUsers, page of 1,000 of 1,000", _LIST, (Goal(ceiling_ms=7),), users=1_000, connections=1),
    Row("CreateUser, 1 client", _create_users("one"), (Goal(("ministack",), 1.5),), connections=1, fresh=3_000),
    Row("CreateUser, 64 clients", _create_users("many"), (Goal(("ministack",), 3.5),), connections=64, fresh=8_000),
    Row("ListUsers, page of 1,000 of 10,000", _LIST, (Goal(ceiling_ms=7),), users=10_000, connections=1),
    Row(
        "ListObjectsV2, page of 1,000 of 1,000,000 keys",
        _list_objects,
        (Goal(flat=THOUSAND, factor=1.1),),
        objects=1_000_000,
        connections=1,
        on=("iamd",),
        slow=True,
    ),
)


def requests_of(row: Row, signer: Signer, account: str, turn: int = 0) -> list[bytes]:
    """What is sent; where each may be sent only once, others in each turn."""
    return list(islice(row.requests(signer, account), turn * row.fresh, (turn + 1) * row.fresh or None))
