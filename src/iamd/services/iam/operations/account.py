"""Settings of the account: alias, password policy, summary."""

import json
import re
from dataclasses import replace
from typing import Any, Final, cast

from iamd.kernel.context import Context
from iamd.kernel.paging import slice_page
from iamd.model.errors import entity_already_exists, no_such_entity, validation_error
from iamd.reference.managed_policies import ARN_PREFIX
from iamd.reference.quotas import Quotas
from iamd.services.iam import api
from iamd.services.iam.api import (
    CreateAccountAliasRequest,
    DeleteAccountAliasRequest,
    DeleteAccountPasswordPolicyRequest,
    GetAccountPasswordPolicyRequest,
    GetAccountPasswordPolicyResponse,
    GetAccountSummaryRequest,
    GetAccountSummaryResponse,
    ListAccountAliasesRequest,
    ListAccountAliasesResponse,
    UpdateAccountPasswordPolicyRequest,
)
from iamd.services.iam.rules import passwords
from iamd.services.iam.rules.accounts import own_account
from iamd.services.iam.rules.managed import used_arns
from iamd.services.iam.service import service
from iamd.stores.ports.accounts import AccountAlias
from iamd.stores.ports.records import AlreadyExists

_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")
_SWITCHES: Final = (
    "RequireSymbols",
    "RequireNumbers",
    "RequireUppercaseCharacters",
    "RequireLowercaseCharacters",
    "AllowUsersToChangePassword",
)
_OPTIONAL: Final = ("MaxPasswordAge", "PasswordReusePrevention", "HardExpiry")
_SHORTEST: Final = 6


@service.operation
def create_account_alias(ctx: Context, request: CreateAccountAliasRequest) -> None:
    """An account has one alias: a new one takes the old one's place."""
    alias = request["AccountAlias"]
    if _ACCOUNT_ID.fullmatch(alias):
        raise validation_error("The account alias cannot have the form of an account ID.")
    account = own_account(ctx)
    try:
        ctx.state.account_aliases.insert(AccountAlias(alias, ctx.account))
    except AlreadyExists:
        raise entity_already_exists(f"The account alias {alias} already exists.") from None
    if account.alias is not None:
        ctx.state.account_aliases.delete(account.alias)
    ctx.state.accounts.replace(replace(account, alias=alias))


@service.operation
def delete_account_alias(ctx: Context, request: DeleteAccountAliasRequest) -> None:
    alias = request["AccountAlias"]
    account = own_account(ctx)
    if account.alias != alias:
        raise no_such_entity(f"The account alias {alias} cannot be found.")
    ctx.state.account_aliases.delete(alias)
    ctx.state.accounts.replace(replace(account, alias=None))


@service.operation
def list_account_aliases(ctx: Context, request: ListAccountAliasesRequest) -> ListAccountAliasesResponse:
    account = own_account(ctx)
    aliases = [] if account.alias is None else [account.alias]
    page = slice_page(request, aliases, lambda alias: (alias,))
    return {"AccountAliases": page.records, **page.members}


@service.operation
def get_account_password_policy(
    ctx: Context, _request: GetAccountPasswordPolicyRequest
) -> GetAccountPasswordPolicyResponse:
    """Raises NoSuchEntity while AWS's default policy holds."""
    policy = passwords.policy_of(own_account(ctx))
    if policy is None:
        raise no_such_entity(f"The Password Policy with domain name {ctx.account} cannot be found.")
    shape = {**policy, "ExpirePasswords": "MaxPasswordAge" in policy}
    return {"PasswordPolicy": cast("api.PasswordPolicy", shape)}


@service.operation
def update_account_password_policy(ctx: Context, request: UpdateAccountPasswordPolicyRequest) -> None:
    """No partial update: what is left out goes back to its default."""
    given: dict[str, Any] = dict(request)
    policy: dict[str, Any] = {
        "MinimumPasswordLength": given.get("MinimumPasswordLength", _SHORTEST),
        **{name: given.get(name, False) for name in _SWITCHES},
        **{name: given[name] for name in _OPTIONAL if name in given},
    }
    ctx.state.accounts.replace(replace(own_account(ctx), password_policy=json.dumps(policy)))


@service.operation
def delete_account_password_policy(ctx: Context, _request: DeleteAccountPasswordPolicyRequest) -> None:
    account = own_account(ctx)
    if account.password_policy is None:
        raise no_such_entity("The account policy with name PasswordPolicy cannot be found.")
    ctx.state.accounts.replace(replace(account, password_policy=None))


@service.operation
def get_account_summary(ctx: Context, _request: GetAccountSummaryRequest) -> GetAccountSummaryResponse:
    """What the account holds, and its quotas. What iamd cannot hold yet (certificates, …) counts 0."""
    state, account = ctx.state, own_account(ctx)
    published_in_use = sum(1 for _ in used_arns(state, account.id, starts=ARN_PREFIX))
    devices = state.mfa_devices.count("key", account.id)
    held = {
        "Users": state.users.count("key", account.id),
        "Groups": state.groups.count("key", account.id),
        "Roles": state.roles.count("key", account.id),
        "InstanceProfiles": state.instance_profiles.count("key", account.id),
        "Policies": state.policies.count("key", account.id),
        "PolicyVersionsInUse": state.policy_versions.count("key", account.id) + published_in_use,
        "AccountAccessKeysPresent": int(state.access_keys.count("user", account.id, account.id) > 0),
        "AccountPasswordPresent": int(account.root_password_hash != ""),
        "AccountSigningCertificatesPresent": 0,
        "AccountMFAEnabled": int(state.mfa_devices.count("user", account.id, account.id) > 0),
        "MFADevices": devices,
        "MFADevicesInUse": devices - state.mfa_devices.count("user", account.id, None),
        "Providers": 0,
        "ServerCertificates": 0,
    }
    return {"SummaryMap": {**held, **Quotas().account_summary()}}
