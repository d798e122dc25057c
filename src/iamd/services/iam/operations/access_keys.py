"""Access keys: a user's own, or the account root's.

INVARIANT: a key is only ever reached through its owner, whom the caller was allowed to act on; a key of anybody else is
a key that is not there.
"""

from dataclasses import replace
from typing import cast

from iamd.kernel.context import Context
from iamd.kernel.paging import read_page
from iamd.kernel.times import whole_seconds
from iamd.model.errors import AwsError, limit_exceeded, no_such_entity
from iamd.reference.quotas import Quotas
from iamd.services.iam import api
from iamd.services.iam.api import (
    CreateAccessKeyRequest,
    CreateAccessKeyResponse,
    DeleteAccessKeyRequest,
    GetAccessKeyLastUsedRequest,
    GetAccessKeyLastUsedResponse,
    ListAccessKeysRequest,
    ListAccessKeysResponse,
    UpdateAccessKeyRequest,
)
from iamd.services.iam.rules.entities import named_or_calling_user
from iamd.services.iam.service import service
from iamd.stores.ports.credentials import AccessKey
from iamd.stores.ports.identities import User

_NEVER = "N/A"


@service.operation
def create_access_key(ctx: Context, request: CreateAccessKeyRequest) -> CreateAccessKeyResponse:
    """The one time that the secret is shown."""
    owner = named_or_calling_user(ctx.state, ctx.caller, request.get("UserName"))
    owner_id = _id_of(ctx, owner)
    limit = Quotas().access_keys_per_user
    if ctx.state.access_keys.count("user", ctx.account, owner_id) >= limit:
        raise limit_exceeded(f"Cannot exceed quota for AccessKeysPerUser: {limit}")
    secret = ctx.tools.ids.secret_key()
    key_id = _new_key_id(ctx)
    sealed = ctx.tools.sealer.seal(secret.encode("ascii"), ctx.account, key_id)
    ctx.state.access_keys.insert(AccessKey(key_id, ctx.account, owner_id, True, ctx.now_ms, sealed))  # noqa: FBT003  # active
    shape = {
        **_name_member(owner),
        "AccessKeyId": key_id,
        "Status": "Active",
        "SecretAccessKey": secret,
        "CreateDate": whole_seconds(ctx.now_ms),
    }
    return {"AccessKey": cast("api.AccessKey", shape)}


@service.operation
def list_access_keys(ctx: Context, request: ListAccessKeysRequest) -> ListAccessKeysResponse:
    owner = named_or_calling_user(ctx.state, ctx.caller, request.get("UserName"))
    owner_id = _id_of(ctx, owner)
    page = read_page(
        request,
        lambda after, limit: ctx.state.access_keys.page("user", ctx.account, owner_id, after=after, limit=limit),
        lambda key: (key.id,),
    )
    shapes = [
        {
            **_name_member(owner),
            "AccessKeyId": key.id,
            "Status": "Active" if key.active else "Inactive",
            "CreateDate": whole_seconds(key.created_at),
        }
        for key in page.records
    ]
    return {"AccessKeyMetadata": cast("list[api.AccessKeyMetadata]", shapes), **page.members}


@service.operation
def update_access_key(ctx: Context, request: UpdateAccessKeyRequest) -> None:
    owner = named_or_calling_user(ctx.state, ctx.caller, request.get("UserName"))
    key = _key_of(ctx, owner, request["AccessKeyId"])
    if request["Status"] == "Expired":
        raise AwsError("InvalidInput", "The status of an access key can only be set to Active or Inactive.")
    ctx.state.access_keys.replace(replace(key, active=request["Status"] == "Active"))


@service.operation
def delete_access_key(ctx: Context, request: DeleteAccessKeyRequest) -> None:
    owner = named_or_calling_user(ctx.state, ctx.caller, request.get("UserName"))
    key = _key_of(ctx, owner, request["AccessKeyId"])
    ctx.state.access_keys.delete(key.id)
    ctx.state.access_key_uses.delete(key.id)


@service.operation
def get_access_key_last_used(ctx: Context, request: GetAccessKeyLastUsedRequest) -> GetAccessKeyLastUsedResponse:
    key = ctx.state.access_keys.get(request["AccessKeyId"])
    if key is None or key.account != ctx.account:
        raise _no_such_key(request["AccessKeyId"])
    owner = ctx.state.users.find("id", ctx.account, key.user_id)
    use = ctx.state.access_key_uses.get(key.id)
    last: api.AccessKeyLastUsed = {"ServiceName": _NEVER, "Region": _NEVER}
    if use is not None:
        last = {"LastUsedDate": whole_seconds(use.at), "ServiceName": use.service, "Region": use.region}
    answer: GetAccessKeyLastUsedResponse = {"AccessKeyLastUsed": last}
    if owner is not None:
        answer["UserName"] = owner.name
    return answer


def _id_of(ctx: Context, owner: User | None) -> str:
    """Root's keys are kept under the account number."""
    return ctx.account if owner is None else owner.id


def _name_member(owner: User | None) -> dict[str, str]:
    """Root has no user name, although the model asks for one."""
    return {} if owner is None else {"UserName": owner.name}


def _key_of(ctx: Context, owner: User | None, key_id: str) -> AccessKey:
    """Raises NoSuchEntity for every key that is not this owner's."""
    key = ctx.state.access_keys.get(key_id)
    if key is None or (key.account, key.user_id) != (ctx.account, _id_of(ctx, owner)):
        raise _no_such_key(key_id)
    return key


def _no_such_key(key_id: str) -> AwsError:
    return no_such_entity(f"The Access Key with id {key_id} cannot be found.")


def _new_key_id(ctx: Context) -> str:
    """39 bits of an id are chance, so a collision is possible and is looked for."""
    while True:
        key_id = ctx.tools.ids.access_key_id(ctx.account)
        if ctx.state.access_keys.get(key_id) is None:
            return key_id
