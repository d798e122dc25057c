"""What a cluster starts from is what Patroni and systemd accept, and what iamd rests on is in it."""

import os
import re
import shlex
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.clients.server import BIN

CLUSTER: Final = Path(__file__).parents[2] / "deploy" / "cluster"
SETTINGS: Final = yaml.safe_load((CLUSTER / "patroni.yml").read_text())
UNIT: Final = (CLUSTER / "patroni.service").read_text()
ENVIRONMENT: Final = dict(
    line.split("=", 1) for line in (CLUSTER / "patroni.env").read_text().splitlines() if not line.startswith("#")
)
PATRONI: Final = BIN.parent / "cluster" / "bin" / "patroni"


def test_patroni_takes_the_settings_with_the_example_s_environment(tmp_path: Path) -> None:
    found = max(Path("/usr/lib/postgresql").glob("*/bin"))
    own = {"PATRONI_POSTGRESQL_BIN_DIR": str(found), "PATRONI_POSTGRESQL_DATA_DIR": str(tmp_path / "data")}
    # Names that only the operator's network knows; an etcd is asked whether it is there.
    given = {name: re.sub(r"pg\d\.example\.org", "192.0.2.1", value) for name, value in ENVIRONMENT.items()}
    with socket.create_server(("127.0.0.1", 0)) as etcd:
        own["PATRONI_ETCD3_HOSTS"] = f"127.0.0.1:{etcd.getsockname()[1]}"
        done = subprocess.run(
            [PATRONI, "--validate-config", "--ignore-listen-port", CLUSTER / "patroni.yml"],
            env={"PATH": os.environ["PATH"], **given, **own},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_iamd_rests_on_is_set() -> None:
    dcs: Any = SETTINGS["bootstrap"]["dcs"]
    assert dcs["synchronous_mode"] is True
    assert dcs["loop_wait"] + 2 * dcs["retry_timeout"] <= dcs["ttl"]
    assert "synchronous_commit" not in dcs["postgresql"]["parameters"]
    for line in SETTINGS["postgresql"]["pg_hba"]:
        assert line.endswith(" scram-sha-256")
        assert line.startswith("hostssl ") or " samehost " in line


def test_passwords_of_the_example_have_to_be_changed() -> None:
    passwords = [value for name, value in ENVIRONMENT.items() if name.endswith("_PASSWORD")]
    assert len(set(passwords)) == len(passwords) == 4
    assert "password" not in str(SETTINGS).lower()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="a system without systemd: apt-get install systemd")
def test_systemd_takes_the_unit_and_finds_it_confined(tmp_path: Path) -> None:
    unit = tmp_path / "patroni.service"
    unit.write_text(UNIT.replace("/opt/patroni/bin/patroni", str(PATRONI)))
    for words in (["verify", "--man=no", "--generators=no"], ["security", "--offline=true", "--threshold=40"]):
        done = subprocess.run(
            ["systemd-analyze", *words, unit], capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_unit_reads_the_files_that_the_page_puts_there() -> None:
    page = (CLUSTER.parents[1] / "docs" / "guide" / "cluster.md").read_text()
    placed = re.findall(r"# install .*? (deploy/cluster/\S+) (/\S+)", page)
    assert len(placed) == 3
    for source, _ in placed:
        assert (CLUSTER.parents[1] / source).is_file()
    (started,) = re.findall(r"(?m)^ExecStart=(.*)$", UNIT)
    (environment,) = re.findall(r"(?m)^EnvironmentFile=(.*)$", UNIT)
    assert {shlex.split(started)[1], environment} <= {target for _, target in placed}


def test_the_script_that_plays_a_machine_is_one() -> None:
    subprocess.run(["sh", "-n", CLUSTER / "member.sh"], check=True)
    assert os.access(CLUSTER / "member.sh", os.X_OK)
