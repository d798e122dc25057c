"""How a Resource entry must be written: what CreatePolicy takes and what it says of the rest."""

import pytest

from iamd.model.document import PolicyKind
from iamd.policy.resource_format import cannot_be_read, resource_fault

HOME = "111122223333"
ALL_KINDS = frozenset(PolicyKind)
COMPLETE = frozenset({PolicyKind.SESSION, PolicyKind.RESOURCE, PolicyKind.RCP})
TOLD = (
    "user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, "
    "saml-provider/, oidc-provider/, report/, access-report/"
)
PATH = f'IAM resource path must either be "*" or start with {TOLD}.'
VENDOR = "Resource vendor must be fully qualified and cannot contain regexes."


@pytest.mark.parametrize(
    "partition",
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc", "*", "a?s"],
)
def test_every_partition(partition: str) -> None:
    assert resource_fault(f"arn:{partition}:s3:::b") == ""


@pytest.mark.parametrize(
    "name",
    [
        *TOLD.split(", "),
        "role-template/",
        "assumed-role/",
        "delegation-request/",
        "*",
        "root",
    ],
)
def test_every_path_of_iam(name: str) -> None:
    assert resource_fault(f"arn:aws:iam::{HOME}:{name}") == ""


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ("*", ""),
        ("b", 'Resource b must be in ARN format or "*".'),
        ("**", 'Resource ** must be in ARN format or "*".'),
        ("x:aws:s3:::b", 'Resource x:aws:s3:::b must be in ARN format or "*".'),
        ("arn:other:s3:::b", 'Partition "other" is not valid for resource "arn:other:s3:::b".'),
        ("arn:other", 'Partition "other" is not valid for resource "arn:other:*:*:*:*".'),
        ("x:a:b:c:d:e:f", 'Partition "a" is not valid for resource "arn:a:b:c:d:e:f".'),
        ("arn:aws", VENDOR),
        ("arn:aws:s*", VENDOR),
        ("arn:aws:*:::b", VENDOR),
        ("arn:aws:s3:us-east-1::b", "Resource arn:aws:s3:us-east-1::b can not contain region information."),
        ("arn:aws:s3:*::b", ""),
        (f"arn:aws:s3:us-east-1:{HOME}:accesspoint/a", ""),
        ("arn:aws:s3:us-east-1:", ""),
        ("arn:aws:sqs:us-east-1::q", ""),
        (
            f"arn:aws:iam:us-east-1:{HOME}:user/a",
            f"IAM resource arn:aws:iam:us-east-1:{HOME}:user/a cannot contain region information.",
        ),
        (f"arn:aws:iam:*:{HOME}:user/a", ""),
        (f"arn:aws:iam::{HOME}:users/a", PATH),
        (f"arn:aws:iam::{HOME}:roots", PATH),
        (f"arn:aws:iam::{HOME}:*/a", PATH),
        ("arn:aws:iam", ""),
        ("arn:aws:iam:us-east-1", ""),
    ],
)
def test_what_is_said_of_an_entry(resource: str, message: str) -> None:
    assert resource_fault(resource) == message


@pytest.mark.parametrize(
    ("resource", "kinds", "words"),
    [
        ("*", ALL_KINDS, ""),
        ("arn:aws", ALL_KINDS, ""),
        ("arn:other::b", ALL_KINDS, ""),
        ("arn:aws:", ALL_KINDS, "names no service"),
        ("arn:aws::::b", ALL_KINDS, "names no service"),
        ("arn:aws:s3:::b", ALL_KINDS, ""),
        (f"arn:aws:logs:us-east-1:{HOME}:log-group:g:h", ALL_KINDS, ""),
        ("arn:aws:s3*", ALL_KINDS, ""),
        ("arn:aws:s3::b*", ALL_KINDS, ""),
        ("arn:aws:s3", COMPLETE, "is not a complete ARN"),
        ("arn:aws:s3::b", COMPLETE, "is not a complete ARN"),
        ("arn:aws:s3", ALL_KINDS - COMPLETE, ""),
        ("arn:aws:s3::b", ALL_KINDS - COMPLETE, "has no account in its fifth field"),
        ("arn:aws:s3::b?c", ALL_KINDS - COMPLETE, ""),
        (f"arn:aws:s3::{HOME}", ALL_KINDS - COMPLETE, ""),
        ("arn:aws:s3::", ALL_KINDS - COMPLETE, ""),
        ("arn:aws:s3:b", ALL_KINDS - COMPLETE, ""),
    ],
)
def test_what_keeps_the_older_parser_from_reading_it(resource: str, kinds: frozenset[PolicyKind], words: str) -> None:
    assert {cannot_be_read(resource, kind) for kind in kinds} == {words}
