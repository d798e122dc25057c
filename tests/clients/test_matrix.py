"""The signature matrix: every way to authenticate by every fault. AWS's code, nothing stored, and the trail has it.

The codes are those of the services' common-error pages and S3's error responses, one table a protocol.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from botocore import auth as botocore_auth
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
from tests.clients.test_events import events
from tests.clients.ways import CREATE, WAYS, Sent, Way

ALL: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
MISMATCH: Final = "SignatureDoesNotMatch"


@dataclass(frozen=True)
class Keys:
    """Credentials of every condition that they can be in; the good ones may do everything."""

    good: Credentials
    session: Credentials
    other_session: Credentials
    expired: Credentials
    inactive: Credentials
    deleted: Credentials
    ownerless: Credentials


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


def altered(token: str) -> str:
    at = len(token) // 2
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


def signed_at(shift: timedelta, sign: Callable[[], Sent]) -> Sent:
    """Signed by a client whose clock is wrong."""
    with pytest.MonkeyPatch.context() as patch:
        right = botocore_auth.get_current_datetime
        patch.setattr(botocore_auth, "get_current_datetime", lambda **kw: right(**kw) + shift)
        return sign()


Fault = Callable[[Callable[..., Sent], Keys, Way], Sent | None]
"""Gives the faulty request; None where the way has no such fault."""


def _with(**changes: Any) -> Fault:
    return lambda sign, keys, _: sign(key=Credentials(**{**vars_of(keys.good), **changes}))


def vars_of(key: Credentials) -> dict[str, Any]:
    return {"access_key": key.access_key, "secret_key": key.secret_key, "token": key.token}


def _tampered_query(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent:
    sent = sign()
    mark = "&" if "?" in sent.target else "?"
    # Signature Version 2 covers sub-resources only; whatever else it does not cover is refused by its own rule.
    return replace(sent, target=sent.target + mark + ("x-id=Other" if way.protocol != "s3v2" else "tagging="))


def _tampered_header(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    if "x-amz-meta-who" in way.headers:
        return sign().with_header("x-amz-meta-who", "you")
    return sign().with_header("content-type", "text/html") if "Content-Type" in way.headers else None


def _added_header(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    return sign().with_header("x-amz-acl", "public-read") if way.service == "s3" else None


def _tampered_body(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    covered = way.place == "header" and way.body and way.payload is None
    return replace(sign(), body=way.body.replace(b"st", b"ts").replace(b"forged", b"forgot")) if covered else None


def _two_places(sign: Callable[..., Sent], keys: Keys, way: Way) -> Sent:
    other_place = "query" if way.place == "header" else "header"
    other = next(each for each in WAYS if each.service == way.service and each.place == other_place)
    extra = replace(other, method=way.method, target=way.target, body=way.body).sign("http://localhost", keys.good)
    sent = sign()
    if other_place == "header":
        for name in ("x-amz-date", "x-amz-content-sha256", "authorization"):
            sent = sent.with_header(name, extra.header(name)) if extra.has_header(name) else sent
        return sent
    signature = extra.target.partition("X-Amz-Algorithm")[2]
    return replace(sent, target=f"{sent.target}{'&' if '?' in sent.target else '?'}X-Amz-Algorithm{signature}")


def _no_credentials(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent:
    return replace(sign(), target=way.target).without_header("authorization")


def _short_scope(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    if way.protocol == "s3v2":
        return None
    return sign().swap(*(("%2Faws4_request", "") if way.place == "query" else ("/aws4_request", "")))


def _other_algorithm(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    return None if way.protocol == "s3v2" else sign().swap("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")


def _foreign_scope(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    """Lesson 32: what is signed for one service never runs in another."""
    return None if way.protocol == "s3v2" else sign(service="iam" if way.service == "s3" else "s3")


def _skew(shift: timedelta) -> Fault:
    """Of a URL the past is its expiry, which is another fault; Version 2 in the query has no time but that."""
    return lambda sign, _, way: None if way.place == "query" else signed_at(shift, sign)


def _late_url(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    if way.place == "header":
        return None
    if way.protocol == "s3v2":
        return sign(expires=-10)
    return signed_at(timedelta(minutes=-2), lambda: sign(expires=60))


def _early_url(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    if way.place == "header" or way.protocol == "s3v2":
        return None
    return signed_at(timedelta(minutes=20), lambda: sign(expires=60))


def _week_url(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    return sign(expires=604_801) if way.place == "query" and way.protocol != "s3v2" else None


def _other_method(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent:
    """For a GET of IAM the other method that it knows."""
    return replace(sign(), method="POST" if way.method == "GET" else "GET" if way.service == "iam" else "DELETE")


FAULTS: Final[dict[str, Fault]] = {
    "wrong secret": _with(secret_key="x" * 40),
    "unknown key": _with(access_key="AKIAIOSFODNN7EXAMPLE"),
    "magic key": _with(access_key="000000000000", secret_key="test"),
    "inactive key": lambda sign, keys, _: sign(key=keys.inactive),
    "deleted key": lambda sign, keys, _: sign(key=keys.deleted),
    "key of a deleted user": lambda sign, keys, _: sign(key=keys.ownerless),
    "token beside a user's key": lambda sign, keys, _: sign(
        key=Credentials(keys.good.access_key, keys.good.secret_key, keys.session.token)
    ),
    "wrong secret of a session": lambda sign, keys, _: sign(
        key=Credentials(keys.session.access_key, "x" * 40, keys.session.token)
    ),
    "expired token": lambda sign, keys, _: sign(key=keys.expired),
    "altered token": lambda sign, keys, _: sign(
        key=Credentials(keys.session.access_key, keys.session.secret_key, altered(keys.session.token))
    ),
    "token of another session": lambda sign, keys, _: sign(
        key=Credentials(keys.session.access_key, keys.session.secret_key, keys.other_session.token)
    ),
    "token of nobody": lambda sign, keys, _: sign(
        key=Credentials(keys.session.access_key, keys.session.secret_key, "AQoDYXdzEJr//////////wE=")
    ),
    "missing token": lambda sign, keys, _: sign(key=Credentials(keys.session.access_key, keys.session.secret_key)),
    "tampered path": lambda sign, _, way: (
        sign().swap("/bucket/forged", "/bucket/other")
        if way.service == "s3"
        else replace(sent := sign(), target="/other" + sent.target[1:])
    ),
    "tampered query": _tampered_query,
    "tampered header": _tampered_header,
    "added header": _added_header,
    "tampered body": _tampered_body,
    "other method": _other_method,
    "clock behind": _skew(timedelta(minutes=-20)),
    "clock ahead": _skew(timedelta(minutes=20)),
    "expired URL": _late_url,
    "URL not yet valid": _early_url,
    "URL for more than a week": _week_url,
    "credentials in two places": _two_places,
    "no credentials": _no_credentials,
    "short scope": _short_scope,
    "other algorithm": _other_algorithm,
    "signed for another service": _foreign_scope,
}


def _table(usual: tuple[str, int], **others: tuple[str, int]) -> dict[str, tuple[str, int]]:
    named = {name.replace("_", " "): answer for name, answer in others.items()}
    return {**dict.fromkeys(FAULTS, usual), **named}


_TOKEN: Final = ("InvalidClientTokenId", 403)
_QUERY: Final = _table(
    (MISMATCH, 403),
    **dict.fromkeys(("unknown_key", "magic_key", "inactive_key", "deleted_key", "key_of_a_deleted_user"), _TOKEN),
    **dict.fromkeys(("altered_token", "token_of_another_session", "token_of_nobody", "missing_token"), _TOKEN),
    **dict.fromkeys(("short_scope", "other_algorithm", "credentials_in_two_places"), ("IncompleteSignature", 400)),
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
    short_scope=("AuthorizationHeaderMalformed", 400),
    other_algorithm=("InvalidRequest", 400),
    signed_for_another_service=("InvalidSignatureException", 403),
) | {"token beside a user's key": _BAD_TOKEN}
_URL: Final = ("AuthorizationQueryParametersError", 400)

EXPECTED: Final = {
    "query, form": _QUERY | {"signed for another service": ("InvalidRequest", 400)},
    "query, get": _QUERY | {"signed for another service": ("InvalidRequest", 400)},
    "query, presigned": _QUERY,
    "s3, header": _S3 | {"signed for another service": ("NotImplemented", 501)},
    "s3, unsigned payload": _S3,
    "s3, unsigned trailer": _S3,
    "s3, presigned": _S3 | dict.fromkeys(("short scope", "other algorithm", "URL for more than a week"), _URL),
    "s3, presigned V2": _S3 | {"added header": (MISMATCH, 403)},
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_fault_has_its_code_stores_nothing_and_is_in_the_trail(stage: Stage, way: Way) -> None:
    def sign(key: Credentials = stage.keys.good, **options: Any) -> Sent:
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
