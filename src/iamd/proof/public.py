"""S3's documented meaning of "public" for a bucket policy.

Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", section "The meaning of 'public'",
bucket policies. A policy is taken for public until every Allow in it is found to grant access only to fixed values
(no wildcard, no policy variable) of a principal or of one of the keys below. Deny statements grant nothing and, as on
that page, redeem nothing. Where the page is silent the answer is "public" (~): it can only refuse too much.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from iamd.model.document import Condition, Document, Effect, PrincipalPattern, Quantifier, Statement

_FIXED_KEYS: Final = frozenset(
    {
        "aws:principalorgid",
        "aws:principalarn",  # ~ the page says "an AWS principal, user, role", with aws:PrincipalOrgID as its example
        "aws:principalaccount",  # ~ likewise
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "aws:userid",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    }
)
_EQUALITIES: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})
_BROADEST_V4: Final = 8
_BROADEST_V6: Final = 32
_MAPPED_V4: Final = IPv6Network("::ffff:0:0/96")


@dataclass(frozen=True, slots=True)
class Public:
    """`statements` are the indexes, from 0, of those that make the policy public."""

    statements: tuple[int, ...]

    @property
    def verdict(self) -> bool:
        return bool(self.statements)


def public_access(document: Document) -> Public:
    """One public statement makes the whole policy public."""
    return Public(tuple(statement.index for statement in document.statements if _is_public(statement)))


def _is_public(statement: Statement) -> bool:
    if statement.effect is not Effect.ALLOW:
        return False
    return not _names_someone(statement) and not any(_restricts(condition) for condition in statement.conditions)


def _names_someone(statement: Statement) -> bool:
    if statement.not_principal or not statement.principals:
        return False
    return all(_is_fixed_principal(principal) for principal in statement.principals)


def _is_fixed_principal(principal: PrincipalPattern) -> bool:
    """An identity provider is no AWS principal: everyone can have an account there."""
    return principal.type in {"AWS", "Service", "CanonicalUser"} and _is_fixed(principal.value)


def _restricts(condition: Condition) -> bool:
    """Whether a request without the key, or with any other value, is sure to fail this condition.

    IfExists and `ForAllValues:` are true where the key is missing, and so restrict nobody.
    """
    if condition.if_exists or condition.quantifier is Quantifier.ALL or not condition.values:
        return False
    key = condition.key.lower()
    if key == "aws:sourceip":
        return condition.operator == "IpAddress" and all(_is_narrow(value) for value in condition.values)
    if key not in _FIXED_KEYS or condition.operator not in _EQUALITIES:
        return False
    return all(_is_fixed_value(key, value) for value in condition.values)


def _is_fixed_value(key: str, value: str) -> bool:
    if key == "s3:dataaccesspointarn":
        return _names_an_account(value)
    if key == "aws:userid" and value.startswith("AROA") and ":" in value:
        return False  # the pattern "AROLEID:*", which the page excludes; ~ a fixed session name does not redeem it
    return _is_fixed(value)


def _is_fixed(value: str) -> bool:
    return not ("*" in value or "?" in value or "${" in value)


def _names_an_account(arn: str) -> bool:
    """The access point's name may be a pattern as long as the account is fixed (and, ~, everything else before it)."""
    account, separator, name = arn.partition(":accesspoint/")
    return (
        bool(separator)
        and account.count(":") == 4
        and not account.endswith(":")
        and _is_fixed(account)
        and ("${" not in name)
    )


def _is_narrow(cidr: str) -> bool:
    """Not broader than /8 (IPv4) or /32 (IPv6).

    The page excepts the private ranges of RFC 1918 from this, but none of them is broader than /8. An IPv6 range of
    mapped IPv4 addresses is as broad as the IPv4 range it stands for (~).
    """
    try:
        network = ip_network(cidr, strict=False)
    except ValueError:
        return False
    if isinstance(network, IPv4Network):
        return network.prefixlen >= _BROADEST_V4
    if network.subnet_of(_MAPPED_V4):
        return network.prefixlen >= _MAPPED_V4.prefixlen + _BROADEST_V4
    return network.prefixlen >= _BROADEST_V6
