"""What the page says of three machines: the commands, and the settings, which it shows of the first."""

import re
from collections.abc import Iterator
from typing import Final

from tests.cluster.page import ROOT
from tests.postgres.cluster import binaries

_PAGE: Final = (ROOT / "docs" / "guide" / "cluster.md").read_text(encoding="utf-8")
_SECTION: Final = _PAGE.split("## On three machines\n")[1].split("\n## ")[0]
_COMMAND: Final = re.compile(r"^ {4,}# ((?:.*\\\n)*.*)$", re.MULTILINE)
BLANK: Final = "…"
PASSWORD: Final = "trying-iamd"


def commands() -> list[str]:
    return _COMMAND.findall(_SECTION)


def on(name: str, line: str) -> str:
    """What is `line` on the first machine, and tells of no other one."""
    return line if "pg2" in line else line.replace("pg1", name)


def etcd(name: str) -> str:
    lines = re.findall(r"^ +(ETCD_.*)$", _SECTION, re.MULTILINE)
    return "".join(f"{on(name, line)}\n" for line in lines)


def environment(name: str, example: str) -> Iterator[str]:
    """Lines of the example with this machine's name, and with passwords: `trying-` and the user's name."""
    for line in example.splitlines(keepends=True):
        variable = line.split("=")[0]
        if variable == "PATRONI_POSTGRESQL_BIN_DIR":
            # Another Debian has another version.
            yield f"{variable}={binaries()}\n"
        elif variable.endswith("_PASSWORD"):
            user = re.findall(rf"{variable.removesuffix('PASSWORD')}USERNAME=(.*)", example)[0]
            yield f"{variable}=trying-{user}\n"
        else:
            yield on(name, line)


def settings(example: str) -> str:
    """With the lines on certificates."""
    text, taken = re.subn(r"(?m)^( +)# (ssl.*)$", r"\1\2", example)
    assert taken == 3
    return text


def database_url() -> str:
    (url,) = re.findall(r"^ +IAMD_DATABASE_URL=(.*)$", _SECTION, re.MULTILINE)
    return str(url).replace(BLANK, PASSWORD)
