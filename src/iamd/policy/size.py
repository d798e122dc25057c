"""How AWS counts a policy's length against its quota."""


def policy_size(text: str) -> int:
    """Characters without white space (User Guide, "IAM and AWS STS quotas"). SCPs count every character: len()."""
    return len("".join(text.split()))
