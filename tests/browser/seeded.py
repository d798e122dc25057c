"""An account with something of everything, so that pages have something to show."""

import json
from typing import Any, Final

from tests.clients.server import Iamd

POLICY: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
)
_TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def seed(iamd: Iamd) -> dict[str, str]:
    """Gives what addresses of pages need."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    iam.create_user(UserName="alice", Tags=[{"Key": "team", "Value": "blue"}])
    iam.create_login_profile(UserName="alice", Password="Correct-1-Horse")
    iam.create_access_key(UserName="alice")
    iam.create_group(GroupName="Developers")
    iam.add_user_to_group(GroupName="Developers", UserName="alice")
    policy: Any = iam.create_policy(PolicyName="ReadS3", PolicyDocument=POLICY, Description="Reads every object")
    arn: str = policy["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=POLICY.replace("Get*", "List*"), SetAsDefault=True)
    iam.attach_group_policy(GroupName="Developers", PolicyArn=arn)
    iam.put_user_policy(UserName="alice", PolicyName="own", PolicyDocument=POLICY)
    iam.create_role(RoleName="WebServer", AssumeRolePolicyDocument=_TRUST)
    iam.attach_role_policy(RoleName="WebServer", PolicyArn=arn)
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="2026/summer.jpg", Body=b"x" * 2048)
    s3.put_object(Bucket="photos", Key="read me.txt", Body=b"hello")
    return {"policy": arn}
