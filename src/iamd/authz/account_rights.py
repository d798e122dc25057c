"""What an account's password policy grants to its users.

IAM API Reference, PasswordPolicy: `AllowUsersToChangePassword` gives every IAM user iam:ChangePassword for itself only,
and iam:GetAccountPasswordPolicy, at the level of the account, without a policy attached to anybody.
"""

import json
from typing import Final

from iamd.stores.ports.accounts import Account

ALLOW_CHANGE: Final = "AllowUsersToChangePassword"


def password_rights(account: Account | None, user_arn: str) -> str | None:
    """The rights of the user with this ARN as an identity policy's text, None where the account grants none."""
    if account is None or account.password_policy is None or not json.loads(account.password_policy)[ALLOW_CHANGE]:
        return None
    own = {"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": user_arn}
    read = {"Effect": "Allow", "Action": "iam:GetAccountPasswordPolicy", "Resource": "*"}
    # Version 2008-10-17: a user's path may spell a policy variable, and there it is text.
    return json.dumps({"Version": "2008-10-17", "Statement": [own, read]})
