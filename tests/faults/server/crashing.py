"""A server that is killed again and again under mixed load, and what must be true each time it is back.

Each client knows what was acknowledged, and the one change that was under way: that one may have happened or not, but
nothing else may differ.
"""

import hashlib
import itertools
import json
import random
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from iamd.audit.search import Search, find, of_request
from iamd.stores.ports.state import State
from iamd.stores.sql.reading import open_reader
from tests.clients.server import BIN, Iamd, connect

ABSENT: Final = "absent"
UNNAMED: Final = ""
Facts = dict[str, str]


class Client:
    """One client's part of the world: names with what they hold. `requests` are ids of acknowledged changes."""

    def __init__(self, iamd: Iamd, chance: random.Random) -> None:
        self.iam, self.s3 = iamd.client("iam"), iamd.client("s3")
        self.chance = chance
        self.kept: Facts = {}
        self.pending: tuple[str, str] | None = None
        self.requests: list[str] = []
        self.failure: BaseException | None = None
        self.numbers = itertools.count()

    def run(self) -> None:
        """Changes things until the server is gone."""
        try:
            for number in self.numbers:
                self.step(number)
        except (BotoCoreError, ResponseParserError):
            # Gone before its answer, or in the middle of it.
            return
        except ClientError as fault:
            # Its database may be gone a moment before it is.
            if fault.response["ResponseMetadata"]["HTTPStatusCode"] != 503:
                self.failure = fault
        except BaseException as failure:  # noqa: BLE001  # handed to the test's thread
            self.failure = failure

    def change(self, name: str, value: str, call: Any, /, **params: Any) -> dict[str, Any]:
        self.pending = (name, value)
        answer: dict[str, Any] = call(**params)
        self.acknowledge(name, value)
        self.pending = None
        self.requests.append(answer["ResponseMetadata"]["RequestId"])
        return answer

    def acknowledge(self, name: str, value: str) -> None:
        if value == ABSENT:
            self.kept.pop(name, None)
        elif name != UNNAMED:
            self.kept[name] = value

    def agree(self, found: Facts) -> None:
        """What is there is what was acknowledged, give or take the change that was under way."""
        known, pending = dict(self.kept), self.pending
        for name in known.keys() | found.keys():
            now, before = found.get(name, ABSENT), known.get(name, ABSENT)
            if now == before:
                continue
            assert pending is not None, (type(self).__name__, name, before, now)
            assert pending[0] in (name, UNNAMED), (type(self).__name__, name, before, now, pending)
            assert now == pending[1], (type(self).__name__, name, before, now, pending)
            pending = None
        self.kept, self.pending = found, None

    def step(self, number: int) -> None:
        raise NotImplementedError

    def look(self) -> Facts:
        raise NotImplementedError


class Users(Client):
    def step(self, number: int) -> None:
        name = f"u{number}"
        path = f"/crash/{self.chance.randrange(1000)}/"
        self.change(name, path, self.iam.create_user, UserName=name, Path=path)
        if number % 4 == 3:
            gone = self.chance.choice(sorted(self.kept))
            self.change(gone, ABSENT, self.iam.delete_user, UserName=gone)

    def look(self) -> Facts:
        pages = self.iam.get_paginator("list_users").paginate(PathPrefix="/crash/", PaginationConfig={"PageSize": 1000})
        return {user["UserName"]: user["Path"] for page in pages for user in page["Users"]}


class Keys(Client):
    """At most two keys of one user: made, made inactive, deleted."""

    def step(self, number: int) -> None:
        del number
        if len(self.kept) < 2:
            made = self.change(UNNAMED, "Active", self.iam.create_access_key, UserName="holder")["AccessKey"]
            self.kept[made["AccessKeyId"]] = "Active"
        key_id = self.chance.choice(sorted(self.kept))
        named = {"UserName": "holder", "AccessKeyId": key_id}
        if self.kept[key_id] == "Active":
            self.change(key_id, "Inactive", self.iam.update_access_key, Status="Inactive", **named)
        else:
            self.change(key_id, ABSENT, self.iam.delete_access_key, **named)

    def look(self) -> Facts:
        found = self.iam.list_access_keys(UserName="holder")["AccessKeyMetadata"]
        return {key["AccessKeyId"]: key["Status"] for key in found}


class Policies(Client):
    def step(self, number: int) -> None:
        name = f"p{self.chance.randrange(5)}"
        if number % 5 == 4 and name in self.kept:
            self.change(name, ABSENT, self.iam.delete_user_policy, UserName="holder", PolicyName=name)
            return
        statement = {"Sid": f"n{number}", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.change(
            name, f"n{number}", self.iam.put_user_policy, UserName="holder", PolicyName=name, PolicyDocument=document
        )

    def look(self) -> Facts:
        found = {}
        for name in self.iam.list_user_policies(UserName="holder")["PolicyNames"]:
            answer = self.iam.get_user_policy(UserName="holder", PolicyName=name)
            found[name] = answer["PolicyDocument"]["Statement"][0]["Sid"]
        return found


class Objects(Client):
    """`prefix` keeps the clients apart; `sizes` bound the bodies' bytes."""

    def __init__(self, iamd: Iamd, chance: random.Random, prefix: str, sizes: tuple[int, int]) -> None:
        super().__init__(iamd, chance)
        self.prefix = prefix
        self.sizes = sizes

    def step(self, number: int) -> None:
        key = f"{self.prefix}{self.chance.randrange(8)}"
        if number % 6 == 5 and key in self.kept:
            self.change(key, ABSENT, self.s3.delete_object, Bucket="crash", Key=key)
            return
        body = self.chance.randbytes(self.chance.randint(*self.sizes))
        self.change(key, fingerprint(body), self.s3.put_object, Bucket="crash", Key=key, Body=body)

    def look(self) -> Facts:
        listed = self.s3.list_objects_v2(Bucket="crash", Prefix=self.prefix).get("Contents", ())
        return {
            each["Key"]: fingerprint(self.s3.get_object(Bucket="crash", Key=each["Key"])["Body"].read())
            for each in listed
        }


class Uploads(Client):
    """One key after the other: its upload begins, its part is sent, sent again, the upload completes, the object goes.

    What a key holds is `open` with its part's ETag, or the object.
    """

    def __init__(self, iamd: Iamd, chance: random.Random) -> None:
        super().__init__(iamd, chance)
        self.ids: dict[str, str] = {}

    def step(self, number: int) -> None:
        key = next(iter(self.kept), f"up/{number}")
        held = self.kept.get(key)
        if held is None:
            answer = self.change(key, "open", self.s3.create_multipart_upload, Bucket="crash", Key=key)
            self.ids[key] = answer["UploadId"]
        elif not held.startswith("open"):
            self.change(key, ABSENT, self.s3.delete_object, Bucket="crash", Key=key)
        elif held == "open" or self.chance.random() < 0.3:
            body = self.chance.randbytes(self.chance.randint(1_000, 300_000))
            etag = hashlib.md5(body).hexdigest()  # noqa: S324  # an ETag
            part = {"Bucket": "crash", "Key": key, "UploadId": self.ids[key], "PartNumber": 1}
            self.change(key, f"open {etag}", self.s3.upload_part, Body=body, **part)
        else:
            etag = held.removeprefix("open ")
            named = {"Bucket": "crash", "Key": key, "UploadId": self.ids[key]}
            parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
            self.change(key, completed(etag), self.s3.complete_multipart_upload, MultipartUpload=parts, **named)

    def look(self) -> Facts:
        found = {}
        for each in self.s3.list_objects_v2(Bucket="crash", Prefix="up/").get("Contents", ()):
            body = self.s3.get_object(Bucket="crash", Key=each["Key"])["Body"].read()
            found[each["Key"]] = completed(hashlib.md5(body).hexdigest())  # noqa: S324  # an ETag
            assert each["ETag"].strip('"') == found[each["Key"]]
        for upload in self.s3.list_multipart_uploads(Bucket="crash", Prefix="up/").get("Uploads", ()):
            key, upload_id = upload["Key"], upload["UploadId"]
            self.ids[key] = upload_id
            parts = self.s3.list_parts(Bucket="crash", Key=key, UploadId=upload_id).get("Parts", ())
            assert key not in found
            found[key] = " ".join(["open", *(part["ETag"].strip('"') for part in parts)])
        return found


def completed(etag: str) -> str:
    """The ETag of an object that was uploaded in one part of this one."""
    return f"{hashlib.md5(bytes.fromhex(etag)).hexdigest()}-1"  # noqa: S324  # an ETag


def fingerprint(body: bytes) -> str:
    return f"{len(body)}:{hashlib.sha256(body).hexdigest()}"


class Crashing:
    """A data directory, its server on one port, and the clients: what is sent follows from the seed, timing does not.

    `kills` and `changes` count what has been survived and acknowledged so far.
    """

    def __init__(self, data_dir: Path, seed: int) -> None:
        self.data_dir = data_dir
        self.chance = random.Random(seed)  # noqa: S311  # to be repeated by its seed
        self.flags: tuple[str, ...] = ()
        self.ports = ("0", "0")
        self.clients: tuple[Client, ...] = ()
        self.kills = self.changes = 0

    def round(self) -> None:
        """The server starts with all that was acknowledged, and is killed at some instant under load."""
        with self.server() as process:
            self.check()
            self.crash(process, self.chance.uniform(0.02, 0.5))
        self.kills += 1
        self.changes += sum(len(client.requests) for client in self.clients)

    def conclude(self) -> None:
        """After the last kill: all is there, the trail tells the same story as the state, the database is whole."""
        with self.server():
            self.check()
        with self.state() as state:
            created: dict[str, int] = {}
            for event in find(state, Search()):
                if event.name in ("CreateUser", "DeleteUser") and not event.error_code:
                    name = json.loads(event.record)["requestParameters"]["userName"]
                    created[name] = created.get(name, 0) + (1 if event.name == "CreateUser" else -1)
            there = {user.name for user in state.users.page("key")} - {"admin"}
        assert there == {name for name, count in created.items() if count == 1}
        assert {*created.values()} <= {0, 1}
        self.examine()

    def state(self) -> AbstractContextManager[State]:
        return open_reader(self.data_dir)

    def strike(self) -> None:
        """What else is killed, before the server is."""

    def mend(self) -> None:
        """And started again."""

    def examine(self) -> None:
        with closing(sqlite3.connect(self.data_dir / "iamd.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    @contextmanager
    def server(self) -> Iterator["subprocess.Popen[str]"]:
        """Up when the block begins; killed, if it has not been, when it ends."""
        command: list[Any] = [BIN / "iamd", "serve", "--data-dir", self.data_dir]
        command += ["--port", self.ports[0], "--console-port", self.ports[1], *self.flags]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            path = process.stdout.readline().strip()
            assert path, f"the server ended with {process.wait(10)}"
            iamd = connect(Path(path))
            self.ports = (str(urlsplit(iamd.endpoint).port), str(urlsplit(iamd.console).port))
            if not self.clients:
                self._furnish(iamd)
            try:
                yield process
            finally:
                process.kill()

    def _furnish(self, iamd: Iamd) -> None:
        iamd.client("iam").create_user(UserName="holder")
        iamd.client("s3").create_bucket(Bucket="crash")
        own = [random.Random(self.chance.random()) for _ in range(6)]  # noqa: S311  # as above
        self.clients = (
            Users(iamd, own[0]),
            Keys(iamd, own[1]),
            Policies(iamd, own[2]),
            Objects(iamd, own[3], "small/", (0, 8_000)),
            Objects(iamd, own[4], "large/", (66_000, 400_000)),
            Uploads(iamd, own[5]),
        )

    def crash(self, process: "subprocess.Popen[str]", seconds: float) -> None:
        """Load until the kill, `seconds` later."""
        threads = [threading.Thread(target=client.run) for client in self.clients]
        for thread in threads:
            thread.start()
        try:
            # The moment of the kill is what is tried out, not a wait for something.
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.strike()
            process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join()
        assert process.wait(10) == -signal.SIGKILL
        self.mend()
        for client in self.clients:
            if client.failure is not None:
                raise client.failure

    def check(self) -> None:
        """With a server up: everybody finds what they know."""
        for client in self.clients:
            client.agree(client.look())
        self.check_trail()

    def check_trail(self) -> None:
        """Every acknowledged change has its record."""
        with self.state() as state:
            for client in self.clients:
                for request in client.requests:
                    (event,) = of_request(state, request)
                    assert not event.error_code
                    assert not event.droppable
                client.requests.clear()
