"""What an operator starts from is what the tools of its field accept, and says only what iamd understands."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from iamd.bootstrap.settings import environment
from iamd.cli.main import iamd
from iamd.cli.serve import serve
from tests.clients.server import BIN

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "iamd.yaml").read_text()))
UNIT = (DEPLOY / "systemd" / "iamd.service").read_text()
OLDEST_KUBERNETES, NEWEST_KUBERNETES = "1.29", "1.37"


def accepted(*command: object) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_has_nothing_to_say() -> None:
    accepted(BIN / "hadolint", "--no-color", "--failure-threshold", "style", DEPLOY / "Dockerfile")


def test_the_compose_file_is_one() -> None:
    accepted(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


@pytest.mark.parametrize("version", [OLDEST_KUBERNETES, NEWEST_KUBERNETES])
def test_kubernetes_takes_the_manifests(version: str) -> None:
    accepted(BIN / "kubernetes-validate", "--strict", "-k", version, DEPLOY / "kubernetes" / "iamd.yaml")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="a system without systemd: apt-get install systemd")
def test_systemd_takes_the_unit_and_finds_it_confined(tmp_path: Path) -> None:
    # It also looks whether the program is there.
    unit = tmp_path / "iamd.service"
    unit.write_text(UNIT.replace("/opt/iamd/bin/iamd", str(BIN / "iamd")))
    accepted("systemd-analyze", "verify", "--man=no", "--generators=no", unit)
    accepted("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)


def variables() -> dict[str, dict[str, str]]:
    """The settings that each file gives, by its name."""
    (container,) = MANIFESTS[1]["spec"]["template"]["spec"]["containers"]
    docker = dict(re.findall(r"\b(IAMD_\w+)=(\S+)", DOCKERFILE.partition("\nENV ")[2].partition("EXPOSE")[0]))
    unit = dict(re.findall(r"(?m)^Environment=(IAMD_\w+)=(\S+)$", UNIT))
    return {
        "Dockerfile": docker,
        "compose.yaml": docker | COMPOSE["services"]["iamd"]["environment"],
        "iamd.yaml": docker | {each["name"]: each["value"] for each in container["env"]},
        "iamd.service": unit,
    }


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "iamd.yaml", "iamd.service"])
def test_every_setting_is_one_of_iamd_s(name: str, tmp_path: Path) -> None:
    given = variables()[name]
    assert given, name
    flags = environment(given)
    known = {parameter.name for parameter in serve.params}
    assert flags.keys() <= known
    for file in ("tls_cert", "tls_key"):
        if file in flags:
            (tmp_path / file).touch()
            flags[file] = str(tmp_path / file)
    # Parsed as the command does, so that every value is of its kind.
    with click.Context(iamd) as parent:
        serve.parse_args(click.Context(serve, parent, default_map=dict(flags)), [])


def test_a_container_that_is_told_nothing_refuses_to_serve_in_plain_http(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], **variables()["Dockerfile"], "IAMD_DATA_DIR": str(tmp_path)}
    done = subprocess.run([BIN / "iamd", "serve"], env=env, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 2
    assert "give --tls-cert and --tls-key, or --insecure-http" in done.stderr


def test_what_the_image_is_built_from_is_there() -> None:
    copied = re.findall(r"(?m)^COPY (?!--from)(\S+) ", DOCKERFILE)
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert [name for name in re.findall(r"-r (requirements/\S+)", DOCKERFILE) if not (ROOT / name).is_file()] == []
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    assert {name for name in ignored if (ROOT / name).exists()} & {
        "src",
        "web",
        "hatch_build.py",
        "pyproject.toml",
    } == set()


def test_every_file_means_the_same_ports_user_and_folder() -> None:
    exposed = {int(port) for port in re.findall(r"(?m)^EXPOSE (.*)$", DOCKERFILE)[0].split()}
    defaults = {parameter.name: parameter.default for parameter in serve.params}
    assert exposed == {defaults["port"], defaults["console_port"], 9464}
    published = COMPOSE["services"]["iamd"]["ports"]
    assert {entry.rpartition(":")[2] for entry in published} == {str(port) for port in exposed}
    assert all(entry.startswith("127.0.0.1:") for entry in published)
    pod: Any = MANIFESTS[1]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert {each["containerPort"] for each in container["ports"]} == exposed
    named = {each["name"] for each in container["ports"]}
    assert {each["port"] for each in MANIFESTS[2]["spec"]["ingress"][0]["ports"]} == named
    assert {each["targetPort"] for each in MANIFESTS[0]["spec"]["ports"]} <= named
    user = pod["securityContext"]["runAsUser"]
    assert f"USER {user}:{user}" in DOCKERFILE
    assert f"--uid {user} " in DOCKERFILE
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert any(variables()["iamd.yaml"]["IAMD_DATA_DIR"].startswith(f"{mount}/") for mount in mounts)


def test_what_the_container_and_the_unit_run_is_the_server() -> None:
    entry = re.findall(r'(?m)^(?:ENTRYPOINT|CMD) \["(\w+)"\]$', DOCKERFILE)
    started = shlex.split(re.findall(r"(?m)^ExecStart=/opt/iamd/bin/(.*)$", UNIT)[0])
    (container,) = MANIFESTS[1]["spec"]["template"]["spec"]["containers"]
    for program, command in (entry, started, [entry[0], *container["args"]]):
        assert program == "iamd"
        assert iamd.get_command(click.Context(iamd), command) is serve
