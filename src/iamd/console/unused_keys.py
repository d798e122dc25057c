"""Active access keys of users that nobody has used for a while, found by the index of the account's keys.

It tells what ListUsers, ListAccessKeys and GetAccessKeyLastUsed tell, asks for the same rights on each user of whom it
tells something, and is recorded as ListAccessKeys: a page that called these would make two calls for every user.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from iamd.authz.check import Check
from iamd.console.answers import as_json, iso
from iamd.console.own import Asked
from iamd.console.reads import Reading, ask_of, authorize
from iamd.kernel.kernel import Kernel
from iamd.model.errors import validation_error
from iamd.model.http import HttpResponse
from iamd.stores.ports.credentials import AccessKey
from iamd.stores.ports.identities import User

_LOOKED_AT: Final = 250
"""Keys of one answer: behind them the page asks on."""
_LARGEST: Final = 2**53


@dataclass(frozen=True, slots=True)
class _Unused:
    key: AccessKey
    owner: User
    used_at: int | None


class UnusedKeys:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    async def answer(self, asked: Asked) -> HttpResponse:
        """`POST /console/api/keys/unused`: `since` in milliseconds, `next` of the answer before.

        `looked` keys were looked at; at the beginning the answer says `of` how many. Raises AccessDenied, explained;
        ValidationError.
        """
        since, after = _wanted(asked.content)
        account, state = asked.session.caller.account, self._kernel.trail.view
        page = state.access_keys.page("user", account, after=after, limit=_LOOKED_AT)
        found = list(self._unused(page, since))
        self._authorize(asked, since, found)
        content: dict[str, Any] = {
            "keys": [
                {
                    "id": each.key.id,
                    "user": each.owner.name,
                    "created": iso(each.key.created_at),
                    "last_used": None if each.used_at is None else iso(each.used_at),
                }
                for each in found
            ],
            "looked": len(page),
            "next": [page[-1].user_id, page[-1].id] if len(page) == _LOOKED_AT else None,
        }
        if after is None:
            content["of"] = state.access_keys.count("user", account)
        return as_json(content)

    def _unused(self, page: list[AccessKey], since: int) -> Iterator[_Unused]:
        """Root's keys are no user's."""
        state = self._kernel.trail.view
        for key in page:
            if not key.active or key.created_at > since or key.user_id == key.account:
                continue
            use = state.access_key_uses.get(key.id)
            owner = None if use is not None and use.at > since else state.users.find("id", key.account, key.user_id)
            if owner is not None:
                yield _Unused(key, owner, None if use is None else use.at)

    def _authorize(self, asked: Asked, since: int, found: list[_Unused]) -> None:
        reading = Reading(asked.http, asked.session, asked.now, "iam", "ListAccessKeys", {"unusedSince": iso(since)})
        authorize(self._kernel, reading, list(self._checks(reading, found)))

    def _checks(self, reading: Reading, found: list[_Unused]) -> Iterator[Check]:
        """As the operations' own tables have them."""
        ask = ask_of(self._kernel, reading)
        wanted = [("ListUsers", {}), *(("ListAccessKeys", {"UserName": each.owner.name}) for each in found)]
        wanted += [("GetAccessKeyLastUsed", {"AccessKeyId": each.key.id}) for each in found]
        iam = self._kernel.catalog.services["iam"]
        for operation, params in wanted:
            table = iam.operations[operation].checks
            assert table is not None  # noqa: S101  # all three are mapped
            yield from table(replace(ask, operation=operation, params=params))


def _wanted(content: Any) -> tuple[int, tuple[str, str] | None]:
    given = content if isinstance(content, dict) else {}
    since, after = given.get("since"), given.get("next")
    if isinstance(since, bool) or not isinstance(since, int) or not 0 <= since < _LARGEST:
        raise validation_error("since must be a time in milliseconds.")
    if after is None:
        return since, None
    if not isinstance(after, list) or len(after) != 2 or not all(isinstance(each, str) for each in after):
        raise validation_error("next must be what the answer before gave.")
    return since, (after[0], after[1])
