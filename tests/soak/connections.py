"""A real server on worsened connections: `python -m tests.soak.connections --seconds N [--seed S]`.

Eight clients at a time. It prints the connection that got something other than whole answers, and fails.
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import SystemRandom

from tests.clients.server import running
from tests.fuzz.connections import check, conversations, talk
from tests.fuzz.mutating import Mutator

CLIENTS = 8
ROUND = 200


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.connections")
    parser.add_argument("--seconds", type=float, required=True, help="how long to go on")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"connections: seed {options.seed}", flush=True)  # noqa: T201  # a command
    end, tried = time.monotonic() + options.seconds, 0
    with (
        tempfile.TemporaryDirectory(prefix="iamd-connections-") as directory,
        running(Path(directory)) as (iamd, _),
        ThreadPoolExecutor(CLIENTS) as pool,
    ):
        iamd.client("s3").create_bucket(Bucket="bucket")

        def one(data: bytes) -> str:
            try:
                check(talk(iamd.endpoint, data))
            except (AssertionError, TimeoutError) as failure:
                return f"connections: {data!r}: {failure!r}"
            return ""

        while not tried or time.monotonic() < end:
            # Signatures last a quarter of an hour.
            mutator = Mutator(conversations(iamd), options.seed + tried)
            wrong = [text for text in pool.map(one, [mutator.next() for _ in range(ROUND)]) if text]
            tried += ROUND
            if wrong:
                sys.exit("\n".join(wrong))
        assert iamd.client("sts").get_caller_identity()["Account"] == iamd.account
    print(f"connections: {tried:,} worsened, every answer whole")  # noqa: T201  # a command


if __name__ == "__main__":
    main()
