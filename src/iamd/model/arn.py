"""Amazon Resource Names."""

from typing import NamedTuple, Self


class Arn(NamedTuple):
    """`arn:partition:service:region:account:resource`; the resource is everything after the fifth colon."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for text that is no ARN of six fields."""
        fields = text.split(":", 5)
        if len(fields) != 6 or fields[0] != "arn":
            raise ValueError(text)
        return cls(*fields[1:])

    def __str__(self) -> str:
        return ":".join(("arn", *self))


def iam_arn(account: str, resource: str, partition: str = "aws") -> str:
    return f"arn:{partition}:iam::{account}:{resource}"
