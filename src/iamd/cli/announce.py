"""What a server says when it is ready."""

from typing import TextIO

from iamd.bootstrap.accounts import NewAccount, Urls, bootstrap_file
from iamd.bootstrap.first_start import Start
from iamd.bootstrap.settings import Settings


def announcement(settings: Settings, start: Start, urls: Urls, out: TextIO) -> None:
    """On a terminal the first start shows the account once, ready to paste; elsewhere only the path is printed."""
    path = bootstrap_file(settings.data_dir)
    if not out.isatty():
        print(path, file=out, flush=True)
        return
    print(f"iamd is ready: API {urls.endpoint}, console {urls.console}", file=out)
    if start.created is not None:
        print(_once(start.created, settings.region, urls), file=out)
        print(f"\nThis is shown once. It is also in {path}; delete that file when you have kept the key.", file=out)
    elif path.exists():
        print(f"The first key is still in {path}: delete that file when you have kept it.", file=out)
    out.flush()


def _once(account: NewAccount, region: str, urls: Urls) -> str:
    return f"""
  Account            {account.id}
  Root               {account.root_email}  {account.root_password}
  Access key (admin) {account.access_key_id}

For this shell:

{_export_lines(account, region, urls)}

Or for good:

  aws configure set aws_access_key_id {account.access_key_id}
  aws configure set aws_secret_access_key {account.secret_access_key}
  aws configure set region {region}
  aws configure set output json
  aws configure set endpoint_url {urls.endpoint}"""


def _export_lines(account: NewAccount, region: str, urls: Urls) -> str:
    variables = exports(account.access_key_id, account.secret_access_key, region, urls.endpoint)
    return "\n".join(f"  export {name}={value}" for name, value in variables.items())


def exports(key_id: str, secret: str, region: str, endpoint: str) -> dict[str, str]:
    """Environment variables of the AWS tools. None of the values has a character that a shell minds."""
    return {
        "AWS_ACCESS_KEY_ID": key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": region,
        "AWS_DEFAULT_OUTPUT": "json",
        "AWS_ENDPOINT_URL": endpoint,
    }
