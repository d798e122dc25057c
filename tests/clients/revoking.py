"""Rights given and taken, step by step: what the tests of law 3 do to a user, a role and a bucket."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.clients.server import Iamd, as_credentials

LIST = "iam:ListUsers"
BUCKET = "arn:aws:s3:::bucket"


def statement(effect: str, action: str | list[str], resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trust(principal: dict[str, str], effect: str = "Allow") -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": effect, "Principal": principal, "Action": ["sts:AssumeRole", "sts:TagSession"]}],
        }
    )


ALL = document(statement("Allow", "*"))
LISTS = document(statement("Allow", LIST))
NOTHING = document(statement("Allow", "ec2:DescribeInstances"))


@dataclass
class World:
    """`alice` is the user whose rights change; `admin` is the one who changes them."""

    iamd: Iamd
    key: Any = None
    things: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.iam = self.iamd.client("iam")
        self.s3 = self.iamd.client("s3")
        self.key = self.iamd.user("alice")

    def arn(self, resource: str) -> str:
        return f"arn:aws:iam::{self.iamd.account}:{resource}"

    def policy(self, text: str, name: str = "policy") -> str:
        """The customer's policy of this name with this text as its default version."""
        if name not in self.things:
            self.things[name] = self.iam.create_policy(PolicyName=name, PolicyDocument=text)["Policy"]["Arn"]
            return str(self.things[name])
        arn: str = self.things[name]
        for version in self.iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                self.iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
        self.iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
        return arn

    def inline(self, text: str, name: str = "inline") -> None:
        self.iam.put_user_policy(UserName="alice", PolicyName=name, PolicyDocument=text)

    def role(self, text: str = ALL, name: str = "role") -> str:
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust({"AWS": self.iamd.account}))
        self.iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=text)
        return self.arn(f"role/{name}")

    def session(self, arn: str, **more: Any) -> Any:
        answer = self.iamd.client("sts").assume_role(RoleArn=arn, RoleSessionName="session", **more)
        return answer["Credentials"]

    def bucket(self) -> None:
        self.s3.create_bucket(Bucket="bucket")
        self.s3.delete_public_access_block(Bucket="bucket")
        self.s3.put_object(Bucket="bucket", Key="key", Body=b"x")

    def bucket_policy(self, *statements: dict[str, Any]) -> None:
        self.s3.put_bucket_policy(Bucket="bucket", Policy=document(*statements))


Step = Callable[[World], Any]


def lists(world: World) -> None:
    world.iamd.client("iam", world.key).list_users()


def reads(world: World) -> None:
    world.iamd.client("s3", world.key).get_object(Bucket="bucket", Key="key")


def gets_target(world: World) -> None:
    world.iamd.client("iam", world.key).get_user(UserName="target")


def assumes(world: World) -> None:
    world.iamd.client("sts", world.key).assume_role(RoleArn=world.arn("role/role"), RoleSessionName="session")


def nothing(_: World) -> None:
    return None


def each(*steps: Step) -> Step:
    def run(world: World) -> None:
        for step in steps:
            step(world)

    return run


@dataclass(frozen=True)
class Way:
    name: str
    give: Step
    take: Step
    probe: Step = lists
    prepare: Step = nothing


def of_group(world: World) -> None:
    world.iam.create_group(GroupName="group")
    world.iam.put_group_policy(GroupName="group", PolicyName="inline", PolicyDocument=LISTS)


def in_group(world: World) -> None:
    world.iam.create_group(GroupName="group")
    world.iam.add_user_to_group(GroupName="group", UserName="alice")


def as_role(text: str = ALL) -> Step:
    def prepare(world: World) -> None:
        world.key = as_credentials(world.session(world.role(text)))

    return prepare


def bounded(world: World) -> None:
    world.inline(ALL)
    arn = world.policy(NOTHING)
    world.iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=arn)


def tagged(condition: str) -> Step:
    def prepare(world: World) -> None:
        keys = {"StringEquals": {condition: "red"}}
        world.inline(document(statement("Allow", ["iam:GetUser", LIST], Condition=keys)))
        world.iam.create_user(UserName="target")

    return prepare


def with_bucket(world: World) -> None:
    world.bucket()


def federated(world: World) -> None:
    world.inline(document(statement("Allow", "sts:GetFederationToken")), "federate")
    sts = world.iamd.client("sts", world.key)
    world.key = sts.get_federation_token(Name="guest", Policy=document(statement("Allow", "s3:*")))["Credentials"]
    world.bucket()


def session_of_alice(world: World) -> None:
    world.key = world.iamd.client("sts", world.key).get_session_token()["Credentials"]
    world.bucket()


def with_session_policy(world: World) -> None:
    arn = world.policy(NOTHING)
    world.key = world.session(world.role(), PolicyArns=[{"arn": arn}])


def attach_user(arn: Callable[[World], str]) -> tuple[Step, Step]:
    return (
        lambda w: w.iam.attach_user_policy(UserName="alice", PolicyArn=arn(w)),
        lambda w: w.iam.detach_user_policy(UserName="alice", PolicyArn=arn(w)),
    )


def second_version(world: World) -> None:
    arn = world.policy(LISTS)
    world.iam.create_policy_version(PolicyArn=arn, PolicyDocument=NOTHING, SetAsDefault=True)
    world.iam.attach_user_policy(UserName="alice", PolicyArn=arn)


def use_version(number: str) -> Step:
    return lambda w: w.iam.set_default_policy_version(PolicyArn=w.things["policy"], VersionId=number)


def boundary(arn: str | None) -> Step:
    def step(world: World) -> None:
        if arn is None:
            world.iam.delete_user_permissions_boundary(UserName="alice")
        else:
            world.iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=arn)

    return step


def public(world: World) -> None:
    world.bucket_policy(statement("Allow", "s3:GetObject", f"{BUCKET}/*", Principal={"AWS": world.arn("user/alice")}))


def object_tag(value: str) -> Step:
    tags = {"TagSet": [{"Key": "colour", "Value": value}]}
    return lambda w: w.s3.put_object_tagging(Bucket="bucket", Key="key", Tagging=tags)


def by_object_tag(world: World) -> None:
    world.bucket()
    keys = {"StringEquals": {"s3:ExistingObjectTag/colour": "red"}}
    world.inline(document(statement("Allow", "s3:GetObject", f"{BUCKET}/*", Condition=keys)))


def by_name(world: World) -> None:
    world.inline(document(statement("Allow", LIST, Condition={"StringEquals": {"aws:username": "renamed"}})))


def by_arn(world: World) -> None:
    keys = {"ArnLike": {"aws:PrincipalArn": world.arn("user/team/*")}}
    world.inline(document(statement("Allow", LIST, Condition=keys)))


def by_path_of_target(world: World) -> None:
    world.iam.create_user(UserName="target")
    world.inline(document(statement("Allow", "iam:GetUser", world.arn("user/open/*"))))


def move(user: str, path: str) -> Step:
    return lambda w: w.iam.update_user(UserName=user, NewPath=path)


def may_assume(world: World) -> None:
    world.role()
    world.iam.update_assume_role_policy(RoleName="role", PolicyDocument=trust({"AWS": world.iamd.account}, "Deny"))
    world.inline(document(statement("Allow", "sts:AssumeRole")))


def trusts(principal: Callable[[World], dict[str, str]]) -> Step:
    return lambda w: w.iam.update_assume_role_policy(RoleName="role", PolicyDocument=trust(principal(w)))


def own_password(world: World) -> None:
    world.iam.create_login_profile(UserName="alice", Password="Old-password-1")


def changes_password(world: World) -> None:
    """A wrong old password is refused behind the decision."""
    try:
        world.iamd.client("iam", world.key).change_password(OldPassword="wrong-1-Password", NewPassword="New-word-12")
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDenied" and "not authorized" in error.response["Error"]["Message"]:
            raise


def key_status(status: str) -> Step:
    return lambda w: w.iam.update_access_key(UserName="alice", AccessKeyId=w.key.access_key, Status=status)


def inactive(world: World) -> None:
    world.inline(LISTS)
    key_status("Inactive")(world)
