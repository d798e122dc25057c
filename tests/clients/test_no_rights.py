"""absence_is_deny, for every operation of every model: whoever has no rights gets nothing.

Enumerated from the models and from what is built, so that an operation that is added tomorrow is tested tomorrow.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from botocore import UNSIGNED
from click.testing import CliRunner

from iamd.bootstrap.compose import services
from iamd.cli.main import iamd as command
from iamd.reference.operations import OperationActions
from iamd.reference.services import ServiceReference
from tests.clients.generated import Scene, build_scene, outcome, trusting
from tests.clients.server import Iamd, connect, running

pytestmark = pytest.mark.xdist_group("no-rights")
SERVICES: Final = tuple(services())
BUILT: Final = [(service.name, name) for service in SERVICES for name in sorted(service.operations)]
OPEN: Final = frozenset({"GetCallerIdentity", "GetSessionToken", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
"""What AWS asks no permission for (the API reference of STS, "Permissions" of each). Reviewed by hand: a new name here
is a decision."""
OTHER_ACTION_FIRST: Final = {
    "CopyObject": "s3:GetObject",
    "GetObjectAttributes": "s3:GetObject",
    "UploadPartCopy": "s3:GetObject",
}
"""Operations that need several actions, and the one that is decided first."""
UNSIGNED_TOO: Final = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
S3_S_WITHOUT_A_SIGNATURE: Final = frozenset({"GetRequestAuthorizationDetails", "GetRequestAuthorizationPolicy"})
"""Operations with paths: a signature says whose they are, and without one a path is S3's, which has no such bucket."""
"""What carries its own proof instead of a signature. Reviewed by hand."""
DENY_ALL: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
EXPLICIT: Final = "with an explicit deny in an identity-based policy"


@dataclass(frozen=True)
class Stage:
    iamd: Iamd
    data_dir: Path
    scene: Scene
    state: Callable[[], str]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    data_dir = tmp_path_factory.mktemp("no-rights")
    with running(data_dir) as (iamd, _):
        scene = build_scene(iamd)
        yield Stage(iamd, data_dir, scene, lambda: everything(iamd, scene))


def everything(iamd: Iamd, scene: Scene) -> str:
    """What denied calls must not have changed; when something was last used does not count."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    details = iam.get_account_authorization_details()
    del details["ResponseMetadata"]
    for role in details["RoleDetailList"]:
        role.pop("RoleLastUsed", None)
    objects = s3.list_objects_v2(Bucket="target")
    keys = [iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"] for user in details["UserDetailList"]]
    settings = [
        iam.get_account_password_policy()["PasswordPolicy"],
        iam.list_account_aliases()["AccountAliases"],
        iam.get_login_profile(UserName="target")["LoginProfile"],
        iam.list_virtual_mfa_devices()["VirtualMFADevices"],
        iam.list_mfa_device_tags(SerialNumber=scene.names["SerialNumber"])["Tags"],
        s3.get_public_access_block(Bucket="target")["PublicAccessBlockConfiguration"],
        s3.get_object_tagging(Bucket="target", Key="key")["TagSet"],
        s3.list_parts(Bucket="target", Key="key", UploadId=scene.names["UploadId"])["Parts"],
        [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]],
        [(each["Key"], each["ETag"], each["Size"]) for each in objects["Contents"]],
    ]
    return json.dumps([details, keys, settings], default=str, sort_keys=True)


def answers(stage: Stage, key: Any, **config: Any) -> Iterator[tuple[str, tuple[str, str, int]]]:
    """Every built operation called, with the fewest parameters and with those that name a target."""
    clients = {service.name: stage.iamd.client(service.name, key, **config) for service in SERVICES}
    for service, name in BUILT:
        client = clients[service]
        plain = stage.scene.params(client, name)
        full = stage.scene.params(client, name, optional=True)
        for params in (plain, full) if plain != full else (plain,):
            yield name, outcome(client, name, params)


def is_denied(answer: tuple[str, str, int]) -> bool:
    """A HEAD answer has no body: its code is the status."""
    return answer[0] in ("AccessDenied", "403") and answer[2] == 403


def allowed_to(stage: Stage, key: Any) -> dict[str, tuple[str, str, int]]:
    """What was not denied; that the calls changed nothing is checked here."""
    before = stage.state()
    through = {name: answer for name, answer in answers(stage, key) if not is_denied(answer)}
    assert stage.state() == before
    return through


def test_every_built_operation_is_mapped_or_open() -> None:
    """unmapped_operation_is_denied, and nothing that is built lies unmapped."""
    built = {name: operation for service in SERVICES for name, operation in service.operations.items()}
    assert {name for name, each in built.items() if each.open_to_all} == OPEN
    assert {name for name, each in built.items() if each.unsigned} == UNSIGNED_TOO
    assert {name for name, each in built.items() if each.checks is None} == OPEN
    assert len(built) == len(BUILT) > 140


def test_a_user_with_no_rights_is_denied_every_operation(stage: Stage) -> None:
    through = allowed_to(stage, stage.iamd.user("nobody"))
    assert through.keys() == OPEN
    assert through["AssumeRoleWithWebIdentity"][0] == "InvalidIdentityToken"
    assert through["AssumeRoleWithSAML"][0] == "InvalidIdentityToken"
    assert {name for name, answer in through.items() if answer[2] == 200} == {"GetCallerIdentity", "GetSessionToken"}


def test_a_denial_names_the_action_that_the_reference_names(stage: Stage) -> None:
    """The coverage page shows that action, and people write it into policies."""
    actions = OperationActions(ServiceReference())
    service_of = {name: service for service, name in BUILT}
    named = {}
    for name, answer in answers(stage, stage.iamd.user("nameless")):
        told = re.search(r"is not authorized to perform: (\S+)", answer[1])
        if told and told[1] != actions.operation_action(service_of[name], name):
            named[name] = told[1]
    assert named == OTHER_ACTION_FIRST


def test_a_deny_of_everything_names_itself_in_every_message(stage: Stage) -> None:
    key = stage.iamd.user("banned", DENY_ALL)
    stage.iamd.client("iam").attach_user_policy(
        UserName="banned", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    before = stage.state()
    through = set()
    for name, answer in answers(stage, key):
        if is_denied(answer):
            # A HEAD answer carries no message.
            assert EXPLICIT in answer[1] or answer[0] == "403", (name, answer)
        else:
            through.add(name)
    assert through == OPEN
    assert stage.state() == before


def test_a_session_of_a_role_without_policies_is_denied_every_operation(stage: Stage) -> None:
    iamd = stage.iamd
    trust = trusting(f"arn:aws:iam::{iamd.account}:user/admin")
    role = iamd.client("iam").create_role(RoleName="empty", AssumeRolePolicyDocument=trust)["Role"]
    session = iamd.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
    through = allowed_to(stage, session)
    assert through.keys() == OPEN - {"GetSessionToken"}


def test_a_session_policy_that_allows_nothing_leaves_nothing(stage: Stage) -> None:
    iamd = stage.iamd
    trust = trusting(f"arn:aws:iam::{iamd.account}:user/admin")
    role = iamd.client("iam").create_role(RoleName="full", AssumeRolePolicyDocument=trust)["Role"]
    iamd.client("iam").attach_role_policy(RoleName="full", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    narrow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}
    session = iamd.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="session", Policy=json.dumps(narrow))
    through = allowed_to(stage, session["Credentials"])
    assert through.keys() == OPEN - {"GetSessionToken"}


def test_nobody_at_all_is_denied_every_operation(stage: Stage) -> None:
    before = stage.state()
    through = {
        name: answer
        for name, answer in answers(stage, None, signature_version=UNSIGNED)
        if not is_denied(answer) and answer[0] != "MissingAuthenticationToken"
    }
    assert through.keys() == UNSIGNED_TOO | S3_S_WITHOUT_A_SIGNATURE
    assert {through[name][0] for name in UNSIGNED_TOO} == {"InvalidIdentityToken"}
    assert {through[name][0] for name in S3_S_WITHOUT_A_SIGNATURE} == {"404"}
    assert stage.state() == before


def test_the_administrator_of_another_account_gets_nothing_of_this_one(stage: Stage) -> None:
    made = CliRunner().invoke(
        command, ["accounts", "create", "--name", "other", "--data-dir", str(stage.data_dir)], catch_exceptions=False
    )
    other = connect(Path(made.stdout.strip()))
    before = stage.state()
    s3, sts = other.client("s3"), other.client("sts")
    own = {"ListBuckets", "CreateBucket"}
    for service, name in BUILT:
        params = stage.scene.params(s3, name) if service == "s3" else {}
        if "Bucket" in params and name not in own:
            assert is_denied(outcome(s3, name, params)), name
    assert outcome(s3, "CreateBucket", {"Bucket": "target"})[0] == "BucketAlreadyExists"
    assert is_denied(outcome(sts, "AssumeRole", stage.scene.params(sts, "AssumeRole")))
    iam = other.client("iam")
    for name in ("GetPolicy", "DeletePolicy", "CreatePolicyVersion", "ListEntitiesForPolicy", "TagPolicy"):
        answer = outcome(iam, name, stage.scene.params(iam, name))
        assert answer[0] in ("AccessDenied", "NoSuchEntity"), (name, answer)
    assert stage.state() == before


UNBUILT: Final = [
    (service.name, name)
    for service in SERVICES
    for name in sorted(service.spec.operation_names - service.operations.keys())
]
SHADOWED: Final = {
    "GetBucketLifecycle",
    "GetBucketNotification",
    "ListDirectoryBuckets",
    "PutBucketLifecycle",
    "PutBucketNotification",
}
"""Their requests are, byte for byte, those of a newer operation, which answers in their place."""


def test_every_operation_that_is_not_built_says_so_in_its_protocols_shape(stage: Stage) -> None:
    """botocore's own parser reads the code and the status, so the shape is right."""
    total = sum(len(service.spec.operation_names) for service in SERVICES)
    assert len(BUILT) + len(UNBUILT) == total
    clients = {service.name: stage.iamd.client(service.name, inject_host_prefix=False) for service in SERVICES}
    wrong = {}
    for service, name in UNBUILT:
        client = clients[service]
        answer = outcome(client, name, stage.scene.params(client, name))
        expected = ("NotImplemented", f"The {name} operation is not implemented.", 501)
        if answer != expected and name not in SHADOWED:
            wrong[name] = answer
    assert wrong == {}
