"""The global condition keys of a request, from facts that the server itself established.

Each key is present exactly when AWS documents it (IAM User Guide, "AWS global condition context keys").
"""

from collections.abc import Mapping
from typing import Final

from iamd.authz.check import Ask, Check, KeyValue
from iamd.model.principal import PrincipalKind
from iamd.model.times import iso_seconds

_PRINCIPAL_TYPES: Final[Mapping[PrincipalKind, str]] = {
    PrincipalKind.ROOT: "Account",
    PrincipalKind.USER: "User",
    PrincipalKind.ASSUMED_ROLE: "AssumedRole",
    PrincipalKind.FEDERATED_USER: "FederatedUser",
    PrincipalKind.ANONYMOUS: "Anonymous",
}


def request_keys(ask: Ask) -> dict[str, KeyValue]:
    """The keys that are the same for every check of a request; names in lower case."""
    http = ask.http
    keys: dict[str, KeyValue] = {
        "aws:currenttime": iso_seconds(ask.now // 1000),
        "aws:epochtime": str(ask.now // 1000),
        "aws:securetransport": "true" if http.scheme == "https" else "false",
        "aws:sourceip": http.client_ip,
        "aws:requestedregion": ask.region,
        "aws:viaawsservice": "false",
    }
    for key, header in (("aws:useragent", b"user-agent"), ("aws:referer", b"referer")):
        value = http.header(header)
        if value is not None:
            keys[key] = value
    _principal_keys(ask, keys)
    return keys


def _principal_keys(ask: Ask, keys: dict[str, KeyValue]) -> None:
    caller = ask.caller
    principal = caller.principal
    keys["aws:principaltype"] = _PRINCIPAL_TYPES[principal.kind]
    if principal.kind is PrincipalKind.ANONYMOUS:
        keys["aws:userid"] = keys["aws:principalaccount"] = "anonymous"
        return
    keys["aws:userid"] = principal.unique_id
    keys["aws:principalisawsservice"] = "false"
    keys["aws:principalaccount"] = caller.account
    keys["aws:principalarn"] = (
        principal.issuer_arn
        if principal.kind is PrincipalKind.ASSUMED_ROLE and principal.issuer_arn is not None
        else principal.arn or ""
    )
    if principal.kind is PrincipalKind.USER and caller.identity is not None:
        keys["aws:username"] = caller.identity.name
    for name, value in caller.tags:
        keys["aws:principaltag/" + name.lower()] = value
    if caller.issued_at is not None:
        keys["aws:tokenissuetime"] = iso_seconds(caller.issued_at // 1000)
    if caller.mfa is not None:
        keys["aws:multifactorauthpresent"] = "true" if caller.mfa else "false"
        if caller.mfa and caller.mfa_at is not None:
            keys["aws:multifactorauthage"] = str(max(0, ask.now - caller.mfa_at) // 1000)
    if caller.session is not None and caller.session.source_identity is not None:
        keys["aws:sourceidentity"] = caller.session.source_identity


def check_keys(base: Mapping[str, KeyValue], check: Check, account: str) -> dict[str, KeyValue]:
    """The keys of one check: those of the request and what belongs to its resource."""
    keys = dict(base)
    owner = check.resource_account or account
    if owner:
        keys["aws:resourceaccount"] = owner
    if check.region is not None:
        keys["aws:requestedregion"] = check.region
    for name, value in check.resource_tags:
        keys["aws:resourcetag/" + name.lower()] = value
    tag_keys = check.tag_keys
    if check.request_tags is not None:
        for name, value in check.request_tags:
            keys["aws:requesttag/" + name.lower()] = value
        if tag_keys is None:
            tag_keys = tuple(name for name, _ in check.request_tags)
    if tag_keys:
        keys["aws:tagkeys"] = tag_keys
    keys.update(check.keys)
    return keys
