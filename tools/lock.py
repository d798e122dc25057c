"""Choose versions anew and write requirements/: pinned, hashed, for every platform, without addresses."""

import subprocess
import sys
from pathlib import Path

UV = Path(sys.executable).with_name("uv")
COMMON = ["--generate-hashes", "--no-emit-index-url", "--universal", "--quiet", "--no-header"]
LOCKS = {
    "runtime": ["pyproject.toml"],
    "test": ["pyproject.toml", "--group", "test"],
    "check": ["pyproject.toml", "--group", "test", "--group", "check"],
    "build": ["--group", "build"],
    "data": ["--group", "data", "--no-deps"],
    "cluster": ["--group", "cluster"],
    "uv": ["--group", "uv"],
}


def main() -> None:
    for name, sources in LOCKS.items():
        target = Path("requirements") / f"{name}.txt"
        subprocess.run([UV, "pip", "compile", *COMMON, "--python-version", "3.11", "-o", target, *sources], check=True)


if __name__ == "__main__":
    main()
