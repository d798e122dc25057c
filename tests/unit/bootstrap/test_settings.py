"""The environment is read strictly: a typing mistake is refused, Kubernetes' own variables are not ours."""

import click
import pytest

from iamd.bootstrap.settings import SETTINGS, UnknownSetting, environment
from iamd.cli.main import iamd


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IAMD_SERVICE_HOST", "10.96.0.1"),
        ("IAMD_SERVICE_PORT", "4566"),
        ("IAMD_SERVICE_PORT_API", "4566"),
        ("IAMD_SERVICE_PORT_CONSOLE_2", "4567"),
        ("IAMD_PORT", "tcp://10.96.0.1:4566"),
        ("IAMD_PORT", "udp://10.96.0.1:4566"),
        ("IAMD_PORT_4566_TCP", "tcp://10.96.0.1:4566"),
        ("IAMD_PORT_4566_TCP_PROTO", "tcp"),
        ("IAMD_PORT_4566_TCP_PORT", "4566"),
        ("IAMD_PORT_4566_TCP_ADDR", "10.96.0.1"),
        ("IAMD_PORT_53_UDP", "udp://10.96.0.1:53"),
        ("PATH", "/bin"),
    ],
)
def test_variables_of_kubernetes_are_ignored(name: str, value: str) -> None:
    assert environment({name: value}) == {}


def test_a_setting_is_found_by_its_flag() -> None:
    given = {"IAMD_PORT": "9000", "IAMD_DATA_DIR": "/d", "IAMD_TRUSTED_PROXY": "10.0.0.0/8"}
    assert environment(given) == {"port": "9000", "data_dir": "/d", "trusted_proxy": "10.0.0.0/8"}


@pytest.mark.parametrize(
    "name",
    ["IAMD_PROT", "IAMD_", "IAMD_port", "IAMD_SERVICE", "IAMD_SERVICES_HOST", "IAMD_PORT_X_TCP", "IAMD_ENFORCE"],
)
def test_a_mistyped_variable_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownSetting, match=name):
        environment({name: "1"})


def commands_of(group: click.Group) -> list[click.Command]:
    context = click.Context(group)
    found = [group.get_command(context, name) for name in group.list_commands(context)]
    nested = [commands_of(each) if isinstance(each, click.Group) else [each] for each in found if each is not None]
    return [command for part in nested for command in part]


def test_every_flag_of_every_command_is_a_setting() -> None:
    flags = {
        parameter.opts[0].removeprefix("--").replace("-", "_")
        for each in commands_of(iamd)
        for parameter in each.params
        if parameter.opts[0].startswith("--")
    }
    assert flags == SETTINGS
