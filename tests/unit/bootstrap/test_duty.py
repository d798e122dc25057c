"""What a worker is told arrives as it was."""

from dataclasses import replace
from pathlib import Path

import pytest

from iamd.bootstrap.accounts import NewAccount
from iamd.bootstrap.duty import Duty, Rebirth, dump, load
from iamd.bootstrap.settings import Settings

SETTINGS = Settings(
    host="127.0.0.1",
    port=0,
    console_port=0,
    data_dir=Path("data"),
    account_id=None,
    region="us-east-1",
    public_url=None,
    console_public_url="https://iamd.example.org",
    trusted_proxies=("10.0.0.0/8", "::1/128"),
    tls_cert=None,
    tls_key=None,
    insecure_http=False,
    master_key_file=None,
    ephemeral=False,
    user_quota=5000,
    events_max_size=1 << 30,
    workers=1,
)
ACCOUNT = NewAccount("123456789012", "root", "c", "root@localhost", "AIDA", "AKIA", "password", "secret")


@pytest.mark.parametrize(
    "duty",
    [
        Duty(SETTINGS, Path("state"), 5, (1, 2), keeps_house=True),
        Duty(
            replace(SETTINGS, ephemeral=True, tls_cert=Path("c"), tls_key=Path("/k"), master_key_file=Path("m")),
            Path("/state"),
            6,
            (3, 4),
            keeps_house=False,
            rebirth=Rebirth(ACCOUNT, "hash"),
        ),
    ],
)
def test_a_duty_is_one_line_and_comes_back_equal(duty: Duty) -> None:
    line = dump(duty)
    assert line.count(b"\n") == 1
    assert load(line) == duty
