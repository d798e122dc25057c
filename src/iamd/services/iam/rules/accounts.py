"""The account that a call acts in."""

from iamd.kernel.context import Context
from iamd.model.errors import AwsError
from iamd.stores.ports.accounts import Account


def own_account(ctx: Context) -> Account:
    """Raises ServiceFailure: a caller whose account is gone is refused long before."""
    account = ctx.state.accounts.get(ctx.account)
    if account is None:
        raise AwsError("ServiceFailure", "The account cannot be found.", 500)
    return account
