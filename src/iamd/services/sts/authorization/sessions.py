"""What it takes to get a session (Service Authorization Reference, "AWS Security Token Service")."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks, Found, KeyValue, look_up
from iamd.model.arn import Arn
from iamd.services.sts.rules.mfa import code_keys
from iamd.services.sts.rules.roles import find_role, role_arn
from iamd.services.sts.rules.session_tags import inherited_tags, requested_tags, source_identity
from iamd.stores.ports.identities import Role


def _assume_role(ask: Ask) -> Iterable[Check]:
    """On the role and its trust policy; tags and a source identity, inherited ones too, are actions of their own.

    A role that is not there has no trust policy, so whoever asks for it is denied as by one that is.
    """
    params, session = ask.params, ask.caller.session
    arn = role_arn(params["RoleArn"])
    role, found = look_up(ask.state, lambda state: find_role(state, params["RoleArn"]))
    code = code_keys(ask)
    identity = source_identity(params, session)
    tags = requested_tags(params)
    keys = {**_role_keys(ask, role), **code}
    if identity is not None:
        keys["sts:sourceidentity"] = identity
    yield _on_role(ask, arn, found, "sts:AssumeRole", keys)
    if tags or inherited_tags(session):
        yield _on_role(ask, arn, found, "sts:TagSession", keys)
    if identity is not None:
        yield _on_role(ask, arn, found, "sts:SetSourceIdentity", keys)


def _role_keys(ask: Ask, role: Role | None) -> dict[str, KeyValue]:
    params = ask.params
    keys: dict[str, KeyValue] = {"sts:rolesessionname": params["RoleSessionName"]}
    if "ExternalId" in params:
        keys["sts:externalid"] = params["ExternalId"]
    if params.get("TransitiveTagKeys"):
        keys["sts:transitivetagkeys"] = tuple(params["TransitiveTagKeys"])
    for key, value in role.tags if role else ():
        keys[f"iam:resourcetag/{key.lower()}"] = value
    return keys


def _on_role(ask: Ask, arn: Arn, found: Found, action: str, keys: Mapping[str, KeyValue]) -> Check:
    role: Role | None = found.record
    return Check(
        action,
        str(arn),
        keys,
        request_tags=requested_tags(ask.params) or None,
        resource_tags=role.tags if role else (),
        resource_account=arn.account,
        policy_of=str(arn),
        policy_required=True,
        found=found,
    )


def _federation(ask: Ask) -> Iterable[Check]:
    """Session tags ask for sts:TagSession too; the reference names no federated user as its resource (~)."""
    arn = f"arn:aws:sts::{ask.account}:federated-user/{ask.params['Name']}"
    tags = requested_tags(ask.params) or None
    yield Check("sts:GetFederationToken", arn, request_tags=tags)
    if tags:
        yield Check("sts:TagSession", arn, request_tags=tags)


def _anywhere(ask: Ask) -> Iterable[Check]:
    yield Check(f"sts:{ask.operation}", "*")


SESSIONS: Final[Mapping[str, Checks]] = {
    "AssumeRole": _assume_role,
    "DecodeAuthorizationMessage": _anywhere,
    "GetAccessKeyInfo": _anywhere,
    "GetFederationToken": _federation,
}
