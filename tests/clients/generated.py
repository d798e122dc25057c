"""Calls of every operation of a service model, with the fewest parameters, on things that exist."""

import json
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError
from botocore.model import Shape

from tests.clients.codes import assigned
from tests.clients.server import Iamd

ANYTHING: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
_FILLED: Final = {"UserName", "Policy"}
"""Members that are optional somewhere and change whom a call is about."""


@dataclass(frozen=True)
class Scene:
    """What exists: one of every kind. `names` has the value of a member wherever it stands."""

    names: dict[str, Any]

    def params(self, client: Any, operation: str, *, optional: bool = False) -> dict[str, Any]:
        """The required members; `optional`: with those that name a target too."""
        shape = client.meta.service_model.operation_model(operation).input_shape
        if shape is None:
            return {}
        wanted = set(shape.required_members) | (_FILLED & shape.members.keys() if optional else set())
        return {name: self._value(name, shape.members[name]) for name in shape.members if name in wanted}

    def _value(self, name: str, shape: Shape) -> Any:
        if name in self.names:
            return self.names[name]
        match shape.type_name:
            case "structure":
                return {each: self._value(each, shape.members[each]) for each in shape.required_members}
            case "list":
                return [self._value(shape.member.name, shape.member)]
            case "map":
                return {}
            case "integer" | "long":
                return max(1, int(shape.metadata.get("min", 1)))
            case "boolean":
                return True
            case "blob":
                return b"x"
            case "timestamp":
                return "2030-01-01T00:00:00Z"
        return self._text(shape)

    def _text(self, shape: Shape) -> str:
        if shape.enum:
            return str(shape.enum[0])
        return "a" * max(1, int(shape.metadata.get("min", 1)))


def trusting(*principals: str, **condition: Any) -> str:
    """A trust policy for these principals."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": list(principals)},
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    }
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def build_scene(iamd: Iamd) -> Scene:
    """Made by the administrator: every name of the scene is something that exists."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    iam.create_user(UserName="target", Tags=[{"Key": "k", "Value": "v"}])
    iam.create_login_profile(UserName="target", Password="Passw0rd!secret")
    key = iam.create_access_key(UserName="target")["AccessKey"]["AccessKeyId"]
    serial, _ = assigned(iam, "target", "target")
    iam.create_group(GroupName="target")
    iam.add_user_to_group(GroupName="target", UserName="target")
    trust = trusting(f"arn:aws:iam::{iamd.account}:user/target")
    role = iam.create_role(RoleName="target", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="target")
    arn = iam.create_policy(PolicyName="target", PolicyDocument=ANYTHING)["Policy"]["Arn"]
    for kind in ("User", "Group", "Role"):
        owner = {f"{kind}Name": "target"}
        getattr(iam, f"put_{kind.lower()}_policy")(**owner, PolicyName="inline", PolicyDocument=ANYTHING)
        getattr(iam, f"attach_{kind.lower()}_policy")(**owner, PolicyArn=arn)
    iam.put_user_permissions_boundary(UserName="target", PermissionsBoundary=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=ANYTHING)
    iam.update_account_password_policy(MinimumPasswordLength=8)
    iam.create_account_alias(AccountAlias="the-account")
    s3.create_bucket(Bucket="target")
    s3.put_object(Bucket="target", Key="key", Body=b"secret")
    s3.put_object_tagging(Bucket="target", Key="key", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    upload = s3.create_multipart_upload(Bucket="target", Key="key")["UploadId"]
    s3.upload_part(Bucket="target", Key="key", UploadId=upload, PartNumber=1, Body=b"secret")
    return Scene(
        {
            **dict.fromkeys(("UserName", "GroupName", "RoleName", "InstanceProfileName", "Bucket"), "target"),
            "AccessKeyId": key,
            "AccountAlias": "the-account",
            "AssumeRolePolicyDocument": trust,
            "AuthenticationCode1": "123456",
            "AuthenticationCode2": "123456",
            "CopySource": "target/key",
            "Key": "key",
            "NewPassword": "Passw0rd!other",
            "OldPassword": "Passw0rd!secret",
            "Password": "Passw0rd!secret",
            "PermissionsBoundary": arn,
            "Policy": ANYTHING,
            "PolicyArn": arn,
            "PolicyDocument": ANYTHING,
            "PolicyName": "inline",
            "RoleArn": role,
            "RoleSessionName": "session",
            "SerialNumber": serial,
            "UploadId": upload,
            "VersionId": "v1",
        }
    )


def outcome(client: Any, operation: str, params: dict[str, Any]) -> tuple[str, str, int]:
    """Code, message and status of the answer; ("", "", 200) for one that is no error.

    DeleteObjects answers item by item: its first error counts as a denial of the call.
    """
    try:
        response = client._make_api_call(operation, params)
    except ClientError as error:
        answer = error.response
        return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]
    for item in response.get("Errors", ()):
        return item["Code"], item["Message"], 403
    return "", "", 200
