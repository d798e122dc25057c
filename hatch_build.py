"""Build hook: turn moto's copy of the AWS managed policies into the two files that `iamd.reference` reads.

The source is data in a Python file; it is parsed, never imported, so moto's own dependencies may be absent.
"""

import ast
import base64
import hashlib
import importlib.metadata
import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCE = "moto/iam/aws_managed_policies.py"
_VARIABLE = "aws_managed_policies_data"
_DATA = Path("src/iamd/reference/data")
_STATEMENT_ORDER = ("Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # the plugin's own configuration stays its own
    """Runs for wheels and editable installs alike; does nothing while the stamp beside the data is current."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version, build_data
        root = Path(self.root)
        converter = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
        data = root / _DATA
        try:
            moto = importlib.metadata.distribution("moto")
        except importlib.metadata.PackageNotFoundError:
            if _read(data / "stamp").endswith(converter):
                return  # built from a source archive, which carries the data
            raise RuntimeError(
                "the AWS managed policies are built from moto: install the pinned `data` group"
            ) from None
        stamp = f"moto {moto.version} {converter}"
        if _read(data / "stamp") != stamp:
            convert(moto, data, stamp)


def _read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def convert(moto: importlib.metadata.Distribution, data: Path, stamp: str) -> None:
    """Write index, documents, NOTICE and licence into `data`, and the stamp last: a broken run is run again."""
    policies = _literal(Path(str(moto.locate_file(_SOURCE))))
    data.mkdir(parents=True, exist_ok=True)
    (data / "stamp").unlink(missing_ok=True)
    rows, offset = [], 0
    with (data / "managed_policies.documents").open("wb") as documents:
        for arn, name, entry in sorted((_arn(name, entry), name, entry) for name, entry in policies.items()):
            text = json.dumps(_in_reading_order(entry["Document"]), separators=(",", ":")).encode()
            documents.write(text)
            facts = entry["DefaultVersionId"], entry["CreateDate"], entry["UpdateDate"]
            rows.append([arn, name, entry["Path"], _policy_id(name), *facts, offset, len(text)])
            offset += len(text)
    (data / "managed_policies.json").write_text(json.dumps(rows, separators=(",", ":")))
    (data / "LICENSE").write_text(_licence(moto))
    (data / "NOTICE").write_text(
        f"The AWS managed policies in this folder were converted from moto {moto.version}\n"
        f"(https://github.com/getmoto/moto, {_SOURCE}), copyright its authors,\n"
        "licensed under the Apache License 2.0; see LICENSE beside this file.\n"
        "Changed: one compact document per policy, an index with offsets, generated policy ids.\n"
    )
    (data / "stamp").write_text(stamp)


def _literal(source: Path) -> dict[str, dict[str, Any]]:
    for node in ast.parse(source.read_bytes()).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == _VARIABLE for t in node.targets):
            policies: dict[str, dict[str, Any]] = json.loads(ast.literal_eval(node.value))
            return policies
    raise RuntimeError(f"{source} no longer assigns {_VARIABLE}")


def _arn(name: str, entry: dict[str, Any]) -> str:
    return f"arn:aws:iam::aws:policy{entry['Path']}{name}"


def _policy_id(name: str) -> str:
    """The source has no ids. AWS's shape (ANPA and 17 characters of base32), the same on every installation."""
    return "ANPA" + base64.b32encode(hashlib.sha256(f"aws:{name}".encode()).digest()).decode()[:17]


def _in_reading_order(document: dict[str, Any]) -> dict[str, Any]:
    """Version first, then the elements as AWS prints them; the source sorts them by name."""
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    ordered = [{key: item[key] for key in sorted(item, key=_STATEMENT_ORDER.index)} for item in statements]
    rest = {key: value for key, value in document.items() if key not in {"Version", "Statement"}}
    return {"Version": document["Version"], **rest, "Statement": ordered}


def _licence(moto: importlib.metadata.Distribution) -> str:
    for file in moto.files or []:
        if file.name == "LICENSE":
            return file.read_text()
    raise RuntimeError("moto's LICENSE is missing")
