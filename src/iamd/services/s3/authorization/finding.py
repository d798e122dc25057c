"""The bucket and the object that a request names, and the checks on them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from iamd.authz.barring import bars
from iamd.authz.check import NO_KEYS, Ask, Check, Checks, KeyValue
from iamd.model.errors import AwsError, access_denied
from iamd.model.http import HttpRequest
from iamd.model.principal import PrincipalKind
from iamd.services.s3 import errors
from iamd.services.s3.authorization.keys import existing_tags, request_keys
from iamd.services.s3.names import key_bytes, missing_bucket
from iamd.stores.ports.buckets import Bucket, S3Object

_ACCOUNT: Final = re.compile("[0-9]{12}")
_FOUND: Final = "s3.found"
_VERSION_4: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Found:
    """What was authorized: the operation acts on these and no others. `keys` are S3's keys of every action."""

    ask: Ask
    bucket: Bucket
    keys: Mapping[str, KeyValue]

    def check(self, action: str, keys: Mapping[str, KeyValue] = NO_KEYS) -> Check:
        """On the bucket."""
        return self._check(action, self.bucket.arn, keys)

    def object_check(self, action: str, key: str, keys: Mapping[str, KeyValue] = NO_KEYS) -> Check:
        return self._check(action, f"{self.bucket.arn}/{key}", keys)

    def list_check(self) -> Check:
        """Who may list the bucket is told that a key is not there."""
        return self.check("s3:ListBucket")

    def policy_check(self, action: str) -> Check:
        """The owner's root reads and writes the bucket policy whatever that says."""
        caller = self.ask.caller
        if caller.principal.kind is PrincipalKind.ROOT and caller.account == self.bucket.account:
            return replace(self.check(action), policy_of=None, barred=False)
        return self.check(action)

    def _check(self, action: str, resource: str, keys: Mapping[str, KeyValue]) -> Check:
        bucket = self.bucket
        return Check(
            action,
            resource,
            {**self.keys, **keys} if keys else self.keys,
            resource_account=bucket.account,
            policy_of=bucket.arn,
            barred=bars(bucket, self.ask.caller.principal),
            region=None if self.ask.signature_version == _VERSION_4 else bucket.region,
        )


def find(ask: Ask, *, any_region: bool = False) -> Found:
    """The request's bucket. Raises NoSuchBucket, the wrong region's error, or AccessDenied for an unexpected owner."""
    found = find_bucket(ask, ask.params["Bucket"], ask.params.get("ExpectedBucketOwner"))
    bucket = found.bucket
    if not any_region and ask.signature_version == _VERSION_4 and ask.region != bucket.region:
        raise errors.wrong_region(bucket, ask.region, presigned=ask.auth == "REST-QUERY-STRING")
    ask.http.derived[_FOUND] = found
    return found


def find_bucket(ask: Ask, name: str, expected_owner: str | None) -> Found:
    """A bucket in any region, such as a copy's source."""
    bucket = ask.state.buckets.get(name)
    if bucket is None:
        raise missing_bucket(name)
    if expected_owner is not None and not _ACCOUNT.fullmatch(expected_owner):
        raise AwsError(
            "InvalidBucketOwnerAWSAccountID",
            "The value of the expected bucket owner parameter must be an AWS account ID.",
        )
    if expected_owner is not None and expected_owner != bucket.account:
        raise access_denied("Access Denied")
    return Found(ask, bucket, request_keys(ask, bucket.account))


def found_in(http: HttpRequest) -> Found:
    """What `find` found for this request."""
    found: Found = http.derived[_FOUND]
    return found


def find_object(found: Found, key: str) -> tuple[S3Object | None, dict[str, KeyValue]]:
    """The object and the keys of its tags."""
    row = found.ask.state.objects.get(found.bucket.id, key_bytes(key))
    return row, existing_tags(row.tags) if row is not None else {}


def version_keys(version: str | None) -> dict[str, KeyValue]:
    return {} if version is None else {"s3:versionid": version}


def on_bucket(action: str) -> Checks:
    """The checks of an operation that needs one action on its bucket."""

    def checks(ask: Ask) -> Iterator[Check]:
        yield find(ask).check(action)

    return checks
