"""Runs every case through `iamd decide`: exit status 0 if all decisions are as expected, 1 if not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LISTS = ("identityPolicies", "permissionBoundaries")
SINGLE = ("resourcePolicy", "sessionPolicy")


def cases() -> list[dict[str, Any]]:
    found = []
    for path in sorted((HERE / "cases").glob("*.jsonl")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.strip():
                found.append({"id": f"{path.name}:{number}", **json.loads(line)})
    return found


def with_documents(case: dict[str, Any]) -> dict[str, Any]:
    """What `iamd decide` reads: the documents in place of the names of their files."""
    given = {name: value for name, value in case.items() if name != "expect"}
    for name in LISTS:
        if name in given:
            given[name] = [document(file) for file in given[name]]
    for name in SINGLE:
        if name in given:
            given[name] = document(given[name])
    return given


def document(file: str) -> Any:
    return json.loads((HERE / "policies" / file).read_text())


def main() -> int:
    asked = cases()
    lines = "".join(json.dumps(with_documents(case)) + "\n" for case in asked)
    done = subprocess.run(["iamd", "decide"], input=lines, capture_output=True, text=True, check=True)
    wrong = 0
    for case, line in zip(asked, done.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        got = answer.get("decision", answer.get("error"))
        if got != case["expect"]:
            wrong += 1
            print(f"{case['id']}: {case['action']} on {case['resource']}: expected {case['expect']}, got {got}")
            print(f"    {json.dumps(answer.get('explanation'))}")
    print(f"{len(asked)} decisions, {f'{wrong} otherwise than expected' if wrong else 'all as expected'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
