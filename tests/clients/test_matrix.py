"""The signature matrix: every way to authenticate by every fault. AWS's code, nothing stored, and the trail has it.

The codes are those of the services' common-error pages and S3's error responses, one table a protocol.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.credentials import Credentials

from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.compose import token_ring
from iamd.credentials.master_key import load_master_key
from iamd.credentials.sealing import Sealer
from iamd.credentials.session_facts import SessionFacts
from iamd.credentials.session_token import SessionTokens
from iamd.kernel.perform import moment
from iamd.stores.sql.reading import open_reader
from tests.clients.raw import Line
from tests.clients.server import Iamd, as_credentials, running
from tests.clients.signature_faults import FAULTS, Keys
from tests.clients.test_events import events
from tests.clients.ways import CREATE, WAYS, Sent, Way

pytestmark = pytest.mark.xdist_group("matrix")
ALL: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
MISMATCH: Final = "SignatureDoesNotMatch"


@dataclass(frozen=True)
class Stage:
    iamd: Iamd
    data_dir: Path
    keys: Keys

    def send(self, sent: Sent) -> tuple[str, int, str]:
        """Code, status and request id."""
        with Line(self.iamd.endpoint) as line:
            status, head, body = sent.over(line)
        request_id = re.search(rb"(?im)^x-amz(?:n-requestid|-request-id): *([^\r]+)", head)
        assert request_id is not None, head
        return told(body), status, request_id[1].decode()

    def stored(self) -> set[str]:
        """What the requests would have made, had they been let through."""
        users = self.iamd.client("iam").list_users()["Users"]
        objects = self.iamd.client("s3").list_objects_v2(Bucket="bucket").get("Contents", [])
        return {each["UserName"] for each in users} & {"forged"} | {each["Key"] for each in objects}

    def forget(self) -> None:
        for name in self.stored():
            self.iamd.client("s3").delete_object(Bucket="bucket", Key=name)
        if any(user["UserName"] == "forged" for user in self.iamd.client("iam").list_users()["Users"]):
            self.iamd.client("iam").delete_user(UserName="forged")

    def trail(self, request_ids: set[str]) -> dict[str, str | None]:
        """Error codes by request id, of these; waits for the batch that has the last."""
        found = events(self.data_dir, until=lambda found: request_ids <= {each["requestID"] for each in found})
        return {each["requestID"]: each.get("errorCode") for each in found if each["requestID"] in request_ids}


def told(body: bytes) -> str:
    code = re.search(rb"<Code>([^<]*)</Code>", body) or re.search(rb'"__type": *"([^"]*)"', body)
    return code[1].decode() if code else ""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    data_dir = tmp_path_factory.mktemp("matrix")
    with running(data_dir) as (iamd, _):
        iamd.client("s3").create_bucket(Bucket="bucket")
        yield Stage(iamd, data_dir, make_keys(iamd, data_dir))


def make_keys(iamd: Iamd, data_dir: Path) -> Keys:
    iam = iamd.client("iam")
    good = iamd.user("good", ALL)
    inactive, deleted, ownerless = iamd.user("sleeper", ALL), iamd.user("lost", ALL), iamd.user("gone", ALL)
    for key, name in ((inactive, "sleeper"), (deleted, "lost"), (ownerless, "gone")):
        # Used before, so that the server has each in memory.
        assert iamd.client("sts", key).get_caller_identity()["Arn"].endswith(name)
    iam.update_access_key(UserName="sleeper", AccessKeyId=inactive.access_key, Status="Inactive")
    iam.delete_access_key(UserName="lost", AccessKeyId=deleted.access_key)
    iam.delete_access_key(UserName="gone", AccessKeyId=ownerless.access_key)
    iam.delete_user_policy(UserName="gone", PolicyName="p0")
    iam.delete_user(UserName="gone")
    trust = {"Effect": "Allow", "Principal": {"AWS": iamd.account}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName="all", AssumeRolePolicyDocument=document(trust))["Role"]
    iam.put_role_policy(RoleName="all", PolicyName="p", PolicyDocument=document(*ALL["Statement"]))
    sts = iamd.client("sts", good)
    session, other = (
        as_credentials(sts.assume_role(RoleArn=role["Arn"], RoleSessionName=name)["Credentials"])
        for name in ("one", "two")
    )
    return Keys(good, session, other, expired(iamd, data_dir, role), inactive, deleted, ownerless)


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def expired(iamd: Iamd, data_dir: Path, role: Any) -> Credentials:
    """A session of the role that ended a minute ago, made with the server's own keys: nobody waits a quarter hour."""
    with open_reader(data_dir) as state:
        ring = token_ring(state, Sealer(load_master_key(data_dir / "master.key")))
    assert ring is not None
    now = moment(now_ms())
    facts = SessionFacts(
        access_key_id="ASIA" + iamd.key.access_key[4:],
        account=iamd.account,
        kind="assumed-role",
        issuer_kind="Role",
        issuer_arn=role["Arn"],
        issuer_id=role["RoleId"],
        issuer_name="all",
        session_name="old",
        issued_at=now - timedelta(minutes=16),
        expires_at=now - timedelta(minutes=1),
    )
    issued = SessionTokens(lambda: ring).issue(facts)
    return Credentials(issued.facts.access_key_id, issued.facts.secret, issued.token)


def _table(usual: tuple[str, int], **others: tuple[str, int]) -> dict[str, tuple[str, int]]:
    named = {name.replace("_", " "): answer for name, answer in others.items()}
    return {**dict.fromkeys(FAULTS, usual), **named}


_TOKEN: Final = ("InvalidClientTokenId", 403)
_QUERY: Final = _table(
    (MISMATCH, 403),
    **dict.fromkeys(("unknown_key", "magic_key", "inactive_key", "deleted_key", "key_of_a_deleted_user"), _TOKEN),
    **dict.fromkeys(("altered_token", "token_of_another_session", "token_of_nobody", "missing_token"), _TOKEN),
    **dict.fromkeys(("short_scope", "other_algorithm", "credentials_in_two_places"), ("IncompleteSignature", 400)),
    header_twice=("IncompleteSignature", 400),
    # A path names a REST service that is signed for as `iam` too, with JSON's words.
    tampered_path=("InvalidSignatureException", 403),
    expired_token=("ExpiredToken", 403),
    no_credentials=("MissingAuthenticationToken", 403),
    URL_for_more_than_a_week=("IncompleteSignature", 400),
) | {"token beside a user's key": _TOKEN}

_KEY: Final = ("InvalidAccessKeyId", 403)
_BAD_TOKEN: Final = ("InvalidToken", 400)
_S3: Final = _table(
    (MISMATCH, 403),
    **dict.fromkeys(("unknown_key", "magic_key", "inactive_key", "deleted_key", "key_of_a_deleted_user"), _KEY),
    **dict.fromkeys(("altered_token", "token_of_another_session", "token_of_nobody"), _BAD_TOKEN),
    **dict.fromkeys(("clock_behind", "clock_ahead"), ("RequestTimeTooSkewed", 403)),
    **dict.fromkeys(("added_header", "expired_URL", "URL_not_yet_valid", "no_credentials"), ("AccessDenied", 403)),
    expired_token=("ExpiredToken", 400),
    missing_token=_KEY,
    tampered_body=("XAmzContentSHA256Mismatch", 400),
    credentials_in_two_places=("InvalidArgument", 400),
    **dict.fromkeys(
        ("short_scope", "header_twice", "signed_for_another_region"), ("AuthorizationHeaderMalformed", 400)
    ),
    **dict.fromkeys(("truncated_stream", "stream_without_its_end"), ("IncompleteBody", 400)),
    **dict.fromkeys(("trailer_left_out", "trailer_not_announced"), ("MalformedTrailerError", 400)),
    chunk_without_a_signature=("InvalidRequest", 400),
    other_algorithm=("InvalidRequest", 400),
    signed_for_another_service=("InvalidSignatureException", 403),
) | {"token beside a user's key": _BAD_TOKEN}
_URL: Final = ("AuthorizationQueryParametersError", 400)
_URL_FAULTS: Final = ("short scope", "other algorithm", "URL for more than a week", "signed for another region")
_UNSIGNED: Final = dict.fromkeys(("tampered chunk", "tampered trailer"), ("BadDigest", 400))

EXPECTED: Final = {
    "query, form": _QUERY | {"signed for another service": ("InvalidRequest", 400)},
    "query, get": _QUERY | {"signed for another service": ("InvalidRequest", 400)},
    "query, presigned": _QUERY,
    "s3, header": _S3 | {"signed for another service": ("UnknownOperationException", 404)},
    "s3, unsigned payload": _S3,
    "s3, unsigned trailer": _S3 | _UNSIGNED,
    "s3, chunked": _S3,
    "s3, chunked with trailer": _S3,
    "s3, presigned": _S3 | dict.fromkeys(_URL_FAULTS, _URL),
    "s3, presigned V2": _S3 | {"added header": (MISMATCH, 403)},
}


@pytest.mark.parametrize("kind", ["good", "session"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_fault_has_its_code_stores_nothing_and_is_in_the_trail(stage: Stage, way: Way, kind: str) -> None:
    usual: Credentials = getattr(stage.keys, kind)

    def sign(key: Credentials = usual, **options: Any) -> Sent:
        return way.sign(stage.iamd.endpoint, key, **options)

    faulty = {name: fault(sign, stage.keys, way) for name, fault in FAULTS.items()}
    got = {name: stage.send(sent) for name, sent in faulty.items() if sent is not None}
    assert {name: answer[:2] for name, answer in got.items()} == {name: EXPECTED[way.name][name] for name in got}
    assert stage.stored() == set()
    codes = stage.trail({request_id for _, _, request_id in got.values()})
    assert codes == {request_id: code for code, _, request_id in got.values()}


@pytest.mark.parametrize("kind", ["good", "session"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_works_when_nothing_is_wrong(stage: Stage, way: Way, kind: str) -> None:
    assert stage.send(way.sign(stage.iamd.endpoint, getattr(stage.keys, kind)))[:2] == ("", 200)
    assert stage.stored() == {"forged"}
    stage.forget()


def iam_form(body: str, query: str = "") -> Way:
    return replace(WAYS[0], body=body.encode(), target="/" + query)


@pytest.mark.parametrize(
    ("way", "answer"),
    [
        (iam_form(CREATE, "?Action=ListUsers&Version=2010-05-08"), ("MalformedQueryString", 400)),
        (iam_form("UserName=forged&Version=2010-05-08", "?Action=CreateUser"), ("MalformedQueryString", 400)),
        (iam_form(f"{CREATE}&Action=ListUsers"), ("MalformedQueryString", 400)),
        (iam_form(f"{CREATE}&UserName=other"), ("MalformedQueryString", 400)),
        (iam_form("UserName=forged&Version=2010-05-08"), ("MissingAction", 400)),
        (iam_form("Action=Forge&Version=2010-05-08"), ("InvalidAction", 400)),
        (iam_form("Action=CreateUser&UserName=forged"), ("InvalidAction", 400)),
        (iam_form(CREATE.replace("2010-05-08", "2011-06-15")), ("InvalidAction", 400)),
        (replace(WAYS[1], target=f"/?{CREATE}&UserName=other"), ("MalformedQueryString", 400)),
    ],
)
def test_one_action_from_one_place_with_each_parameter_once(stage: Stage, way: Way, answer: tuple[str, int]) -> None:
    """Rightly signed, and refused all the same (lessons 25 and 32)."""
    assert stage.send(way.sign(stage.iamd.endpoint, stage.keys.good))[:2] == answer
    assert stage.stored() == set()


@pytest.mark.parametrize("name", ["Action", "X-Amz-Target"])
def test_a_call_signed_for_s3_stays_in_s3_whatever_it_names(stage: Stage, name: str) -> None:
    """Lesson 32, by a bucket reader who tries to act in IAM."""
    way = next(way for way in WAYS if way.name == "s3, header")
    if name == "Action":
        way = replace(way, method="POST", target=f"/?{CREATE}", body=b"")
    else:
        way = replace(way, method="POST", target="/", headers={"X-Amz-Target": "IAM.CreateUser"}, body=CREATE.encode())
    code, status, _ = stage.send(way.sign(stage.iamd.endpoint, stage.keys.good))
    assert (code, status) == ("MethodNotAllowed", 405)
    assert stage.stored() == set()
