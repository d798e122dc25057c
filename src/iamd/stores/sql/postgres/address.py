"""Where the database is: one server, or several of which one is the primary at a time.

INVARIANT: what a node has learned from a primary is never mixed with what an older one says. A promotion begins a new
timeline, with a number above all before it; whoever has seen one does not listen to a server of a lower one again.
"""

from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from iamd.stores.sql.postgres.faults import Unreachable

_CONNECT_SECONDS: Final = 2
_OF_HOSTS: Final = ("host", "hostaddr", "port")
UNKNOWN: Final = 0
"""The timeline of a server that does not say."""


class Address:
    """Shared by all that connect. `str` gives it without its password."""

    def __init__(self, url: str) -> None:
        """Raises ValueError for what is no URL of a PostgreSQL database."""
        if not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("is no URL like postgresql://user@host/database")
        try:
            given = conninfo_to_dict(url)
        except psycopg.ProgrammingError as error:
            raise ValueError(" ".join(str(error).split())) from None
        defaults = {"application_name": "iamd", "connect_timeout": _CONNECT_SECONDS}
        # A standby answers with the past.
        fixed = {"target_session_attrs": "read-write", "client_encoding": "utf8"}
        self._parameters: dict[str, Any] = {**defaults, **given, **fixed}
        self._hosts = _hosts(self._parameters)
        self.timeline = UNKNOWN

    def __str__(self) -> str:
        host, database = (self._parameters.get(name) for name in ("host", "dbname"))
        return f"the database {database or ''} at {host or 'the local socket'}"

    @property
    def names_several(self) -> bool:
        return len(self._hosts) > 1

    @property
    def parameters(self) -> dict[str, Any]:
        """For a connection. Hosts are tried in order, those that failed last come last."""
        named = {name: ",".join(host[name] for host in self._hosts) for name in self._hosts[0]}
        return {**self._parameters, **named}

    def admit(self, timeline: int, host: str, port: int) -> None:
        """Somebody is connected to a primary. Raises Unreachable for one after which another was promoted."""
        if timeline < self.timeline:
            self.leave(host, port)
            raise Unreachable(
                f"{host}:{port} is a primary of before (timeline {timeline}, {self.timeline} has begun); "
                "where the database was restored, start the node anew"
            )
        self.timeline = timeline
        self._hosts.sort(key=lambda each: not _is(each, host, port))

    def leave(self, host: str, port: int) -> None:
        """Try the others first from now on."""
        self._hosts.sort(key=lambda each: _is(each, host, port))

    def turn(self) -> None:
        """None could be reached in time, perhaps because the first kept everybody waiting."""
        self._hosts.append(self._hosts.pop(0))


def _hosts(parameters: dict[str, Any]) -> list[dict[str, str]]:
    """What belongs to each host, of parameters that list something for each."""
    lists = {name: str(parameters[name]).split(",") for name in _OF_HOSTS if "," in str(parameters.get(name, ""))}
    if len({len(each) for each in lists.values()}) != 1:
        return [{}]
    return [dict(zip(lists, each, strict=True)) for each in zip(*lists.values(), strict=True)]


def _is(each: dict[str, str], host: str, port: int) -> bool:
    return each.get("host") == host and each.get("port", str(port)) == str(port)
