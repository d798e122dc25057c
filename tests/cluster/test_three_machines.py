"""Three machines, set up by the page: the primary's cable is pulled, and writes come back by themselves."""

import json
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from tests.clients.server import Iamd, running
from tests.cluster.authority import Authority, Files
from tests.cluster.following import ADMINISTRATOR, follow, streaming, trust
from tests.cluster.machines import Lan, Machine, host, lan
from tests.cluster.meanwhile import BACK_WITHIN, UNSURE, Asking, Writing, meanwhile
from tests.cluster.recipe import database_url
from tests.postgres.nodes import CURRENT_SECONDS, answer, code, stale_seconds

pytestmark = pytest.mark.xdist_group("cluster")
HEALTH: Final = ("GET", "/_iamd/health")
_DENIED: Final = "AccessDenied"
_ALLOW: Final = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}


@dataclass(frozen=True)
class Site:
    """`beside` is a node on the machine of the first primary, `across` one on a machine that has no PostgreSQL."""

    lan: Lan
    primary: Machine
    beside: Iamd
    across: Iamd
    machines_ca: Authority
    nodes_ca: Authority

    def here(self, work: Callable[[], Any]) -> Any:
        return self.primary.run(work)

    def there(self, work: Callable[[], Any]) -> Any:
        return self.lan.outside.run(work)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("machines")
    machines_ca, nodes_ca = Authority(directory / "machines"), Authority(directory / "nodes")
    with pytest.MonkeyPatch.context() as patch, lan(machines_ca) as network, ExitStack() as stack:
        patch.setenv("AWS_CA_BUNDLE", str(nodes_ca.certificate))
        primary = follow(network.machines)
        trust(network.outside)
        beside = stack.enter_context(_node(primary, directory / "a", nodes_ca))
        joining = ("--master-key-file", str(directory / "a" / "master.key"))
        across = stack.enter_context(_node(network.outside, directory / "b", nodes_ca, *joining, joins=beside))
        yield Site(network, primary, beside, across, machines_ca, nodes_ca)


@contextmanager
def _node(
    machine: Machine, data_dir: Path, authority: Authority, *flags: str, joins: Iamd | None = None
) -> Iterator[Iamd]:
    name = host(machine.name)
    certificate, key = map(str, authority.certify(machine.name))
    words = [
        *("--database-url", database_url(), "--object-store-url", (data_dir.parent / "objects").as_uri()),
        *("--host", "0.0.0.0", "--port", "4566", "--console-port", "4567"),  # noqa: S104  # of the test's own network
        *("--public-url", f"https://{name}:4566", "--console-public-url", f"https://{name}:4567"),
        *("--tls-cert", certificate, "--tls-key", key),
        *flags,
    ]
    with ExitStack() as stack:
        yield machine.run(lambda: stack.enter_context(running(data_dir, *words, joins=joins)))[0]


def _status(where: tuple[Machine, int], authority: Authority, ask: tuple[str, str], own: Files | None = None) -> int:
    """Of the answer over TLS; `own` are the caller's."""
    trusts = ssl.create_default_context(cafile=authority.certificate)
    if own is not None:
        trusts.load_cert_chain(*own)
    with closing(HTTPSConnection(host(where[0].name), where[1], timeout=20, context=trusts)) as connection:
        connection.request(*ask, body="{}")
        return connection.getresponse().status


def _patient(node: Iamd) -> Any:
    """A node on a busy machine may not be sure for a moment; SDKs ask again then."""
    return node.client("iam", retries={"total_max_attempts": 10, "mode": "standard"})


def _user(iam: Any, name: str) -> Any:
    """With the right `p`; gives its access key."""
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(_ALLOW))
    return iam.create_access_key(UserName=name)["AccessKey"]


def test_other_machines_are_let_in_over_tls_alone(site: Site) -> None:
    def refusal(**own: str) -> str:
        given: dict[str, Any] = {"host": host(site.primary.name), "user": "postgres", "password": ADMINISTRATOR, **own}
        try:
            psycopg.connect(**given, sslmode="disable").close()
        except psycopg.OperationalError as fault:
            return str(fault)
        return ""

    for own in ({"dbname": "postgres"}, {"replication": "true"}):
        assert "no encryption" in site.there(lambda: refusal(**own))  # noqa: B023  # done at once
        assert site.here(lambda: refusal(**own)) == ""  # noqa: B023  # as above
    with closing(site.there(lambda: psycopg.connect(database_url()))) as connection:
        assert connection.pgconn.ssl_in_use
    believes_another = database_url().replace("/etc/iamd/ca.crt", str(site.nodes_ca.certificate))
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        site.there(lambda: psycopg.connect(believes_another).close())


def test_who_has_no_certificate_of_the_machines_does_not_write_to_etcd(site: Site) -> None:
    def ask(own: Files | None) -> int:
        return _status((site.primary, 2379), site.machines_ca, ("POST", "/v3/kv/put"), own)

    for own in (None, site.nodes_ca.certify("pg1")):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            site.there(lambda: ask(own))  # noqa: B023  # done at once
    without_a_key = 400
    assert site.there(lambda: ask(site.machines_ca.certify("outside"))) == without_a_key


def test_who_has_no_password_changes_nothing_by_the_rest_api_of_patroni(site: Site) -> None:
    patroni = (site.primary, 8008)
    for ask, status in ((("GET", "/config"), 200), (("PATCH", "/config"), 401), (("POST", "/restart"), 401)):
        assert site.there(lambda: _status(patroni, site.machines_ca, ask)) == status  # noqa: B023  # done at once


def test_a_new_certificate_is_read_without_a_restart(site: Site) -> None:
    speakers = {2379: (), 2380: (), 8008: (), 5432: ("-starttls", "postgres")}

    def shown(port: int) -> bytes:
        command = ["openssl", "s_client", "-connect", f"{host(site.primary.name)}:{port}", *speakers[port]]
        said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).stdout
        # Nothing is said while the REST API opens its port anew.
        return subprocess.run(["openssl", "x509"], input=said, capture_output=True, check=False).stdout

    certificate, key = site.machines_ca.certify(site.primary.name)

    def renew() -> None:
        for place in ("/etc/etcd", "/etc/patroni"):
            Path(place, "server.crt").write_bytes(certificate.read_bytes())
            Path(place, "server.key").write_bytes(key.read_bytes())
        site.primary.units.reload("patroni")

    site.here(renew)
    began = time.monotonic()
    while any(site.there(lambda: shown(port)) != certificate.read_bytes() for port in speakers):  # noqa: B023  # at once
        assert time.monotonic() - began < BACK_WITHIN


def test_what_one_node_gives_and_takes_the_other_feels(site: Site) -> None:
    own = _patient(site.beside)
    key = site.here(lambda: _user(own, "ann"))
    site.there(lambda: stale_seconds("", lambda: answer(site.across, key)))
    site.here(lambda: own.delete_user_policy(UserName="ann", PolicyName="p"))
    assert site.there(lambda: stale_seconds(_DENIED, lambda: answer(site.across, key))) < CURRENT_SECONDS


def test_the_cable_of_the_primary_is_pulled_and_put_back(site: Site) -> None:
    own, other = _patient(site.beside), _patient(site.across)
    taken, kept = (site.here(lambda: _user(own, name)) for name in ("taken", "kept"))  # noqa: B023  # done at once
    site.here(lambda: own.delete_user_policy(UserName="taken", PolicyName="p"))
    site.there(lambda: stale_seconds(_DENIED, lambda: answer(site.across, taken)))
    for machine in (site.primary, site.lan.outside):
        assert site.there(lambda: _status((machine, 4566), site.nodes_ca, HEALTH)) == 200  # noqa: B023  # done at once

    writing = Writing(site.across.client("iam"))
    asking_kept, asking_taken = (Asking(site.beside.client("iam", key)) for key in (kept, taken))
    with (
        meanwhile(site.lan.outside, writing),
        meanwhile(site.primary, asking_kept),
        meanwhile(site.primary, asking_taken),
    ):
        writing.wait_for_one_after(time.monotonic())
        asking_kept.wait_for("", time.monotonic())
        site.lan.pull(site.primary)
        pulled = time.monotonic()
        assert site.here(lambda: code(site.beside.client("iam").create_user, UserName="believed")) == UNSURE
        assert site.here(lambda: _status((site.primary, 4566), site.nodes_ca, HEALTH)) == 200
        writing.wait_for_one_after(pulled)
        print(f"writes are back after {time.monotonic() - pulled:.0f} seconds")  # noqa: T201  # the measured time
        site.there(lambda: other.delete_user_policy(UserName="kept", PolicyName="p"))
        assert site.there(lambda: stale_seconds(_DENIED, lambda: answer(site.across, taken))) == 0
        site.lan.plug(site.primary)
        plugged = time.monotonic()
        asking_kept.wait_for(_DENIED, plugged)
        asking_taken.wait_for(_DENIED, plugged)
        streaming(site.primary)
    print(f"it follows after {time.monotonic() - plugged:.0f} seconds")  # noqa: T201  # as above

    assert {each for asked, each in asking_kept.heard if asked > pulled + CURRENT_SECONDS} == {UNSURE, _DENIED}
    assert {each for _, each in asking_taken.heard} == {UNSURE, _DENIED}
    for run, iam in ((site.here, own), (site.there, other)):
        pages = run(lambda: list(iam.get_paginator("list_users").paginate()))  # noqa: B023  # done at once
        names = {user["UserName"] for page in pages for user in page["Users"]}
        assert writing.acknowledged.keys() <= names
        assert "believed" not in names
