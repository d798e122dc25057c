"""Writes docs/reference/: what is built, condition keys, the flags of `iamd serve`, and the walk, from the code.

python tools/coverage.py            write
python tools/coverage.py --check    write nothing; exit 1 where a page is out of date
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from iamd.bootstrap.compose import services
from iamd.cli.serve import serve
from iamd.kernel.service import Operation, Service
from iamd.reference.operations import OperationActions
from iamd.reference.services import ServiceReference
from iamd.wire.routing.s3 import SHADOWED

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools import context_keys

ROOT: Final = Path(__file__).resolve().parent.parent
REFERENCE: Final = ROOT / "docs" / "reference"
NAMES: Final = {
    "iam": "AWS Identity and Access Management",
    "iam-toolbox": "IAM Toolbox",
    "sts": "AWS Security Token Service",
    "s3": "Amazon S3",
}
STEPS: Final = {
    "G1.1": "Create a user with a password and an access key",
    "G1.2": "Create a group; its members have its permissions at once",
    "G1.3": "Create a policy, attach it to a user, group or role",
    "G1.4": "Sign in to the console with name and password, call with the key",
    "G2.1": "MFA by an authenticator app: two consecutive codes",
    "G2.2": "MFA by a hardware token, a security key or a passkey",
    "G2.3": "MFA by SMS",
    "G2.4": "The code is asked for at the next sign-in",
    "G3.1": "Rotate an access key: second key, switch, deactivate, delete",
    "G3.2": "Find unused keys and disable them",
    "G3.3": "A key is shown once and is in no log",
    "G4.1": "`aws configure`, then `aws s3 ls`",
    "G4.2": '`boto3.client("s3").upload_file(…)`',
    "G4.3": "The same from JavaScript and Java",
    "G5.1": "CloudShell in the console",
    "G6.1": "A role for a service, with a policy",
    "G6.2": "Modify the IAM role of an instance",
    "G6.3": "A program on an instance reads S3 with no key in it",
    "G6.4": "The same for a Lambda function",
    "G7.1": "Access Analyzer finds public and external access",
    "G7.2": "Trusted Advisor's security checks",
    "G7.3": "Identity Center: one sign-in to several accounts",
    "G8.1": "Scorecard: least privilege",
    "G8.2": "Scorecard: permissions by groups",
    "G8.3": "Scorecard: MFA for all users",
    "G8.4": "Scorecard: keys rotated, unused ones off",
    "G8.5": "Scorecard: roles for services",
    "G8.6": "Scorecard: audit",
}
BROWSER: Final = "tests/browser/"
OPEN: Final = "none: AWS asks for no permission"
UNSIGNED: Final = "none: the request carries its own proof"


def pages() -> dict[str, str]:
    """The text of each generated page by its file's name."""
    return {
        "context-keys.md": context_keys.page(),
        "coverage.md": coverage(),
        "flags.md": flags(),
        "guide.md": guide(),
    }


def coverage() -> str:
    built = tuple(services())
    lines = [
        "# Coverage",
        "",
        "Generated from the code by `make coverage`; do not edit. Every operation of the services below either works,",
        "authorized by the action beside it and audited, or answers HTTP 501 `NotImplemented` in the service's own",
        "protocol. Every other AWS service answers 501 too.",
        "",
        "| service | built | of |",
        "|---|---|---|",
        *(f"| {NAMES[each.name]} | {len(each.operations)} | {len(each.spec.operation_names)} |" for each in built),
    ]
    actions = OperationActions(ServiceReference())
    for service in built:
        lines += ["", *_section(service, actions)]
    return "\n".join(lines) + "\n"


def _section(service: Service, actions: OperationActions) -> Iterator[str]:
    yield f"## {NAMES[service.name]} (`{service.name}`)"
    yield ""
    yield "| operation | action |"
    yield "|---|---|"
    for name in sorted(service.operations):
        yield f"| {name} | {_action(service, service.operations[name], actions)} |"
    missing = sorted(service.spec.operation_names - service.operations.keys() - SHADOWED)
    yield ""
    yield f"Not built, {len(missing)}: {', '.join(missing)}." if missing else "All of them."
    shadowed = sorted(service.spec.operation_names & SHADOWED)
    if shadowed:
        yield ""
        yield f"Answered by the newer operation whose request is the same: {', '.join(shadowed)}."


def _action(service: Service, operation: Operation, actions: OperationActions) -> str:
    if operation.unsigned:
        return UNSIGNED
    if operation.open_to_all:
        return OPEN
    action = actions.operation_action(service.name, operation.spec.name)
    if action is None:
        sys.exit(f"{service.name} {operation.spec.name}: the reference names no action")
    return f"`{action}`"


def flags() -> str:
    """Every flag of `iamd serve`, as click knows it."""
    lines = [
        "# `iamd serve`",
        "",
        "Generated from the code by `make coverage`; do not edit. Each flag may also come from the environment. An",
        "`IAMD_…` variable or a flag that is not on this page refuses to start.",
        "",
        "| flag | environment | default | meaning |",
        "|---|---|---|---|",
    ]
    context = click.Context(serve)
    lines += [_flag(option, context) for option in serve.params if isinstance(option, click.Option)]
    return "\n".join(lines) + "\n"


def _flag(option: click.Option, context: click.Context) -> str:
    name = max(option.opts, key=len)
    variable = "IAMD_" + name.lstrip("-").replace("-", "_").upper()
    many = ", may be repeated" if option.multiple else ""
    value = "" if option.is_flag else f" {_metavar(option, context)}"
    return f"| `{name}{value}`{many} | `{variable}` | {_default(option)} | {_meaning(option)} |"


def _metavar(option: click.Option, context: click.Context) -> str:
    kind: Any = option.type
    if isinstance(kind, click.Path):
        return "DIRECTORY" if not kind.file_okay else "FILE"
    if isinstance(kind, click.IntRange):
        return "NUMBER"
    return option.make_metavar(context) or "TEXT"


def _default(option: click.Option) -> str:
    shown, _, rest = (option.help or "").partition("[default: ")
    del shown
    if rest:
        return rest.rstrip("]")
    default = option.default
    return f"`{default}`" if isinstance(default, str | int) and not isinstance(default, bool) else ""


def _meaning(option: click.Option) -> str:
    return (option.help or "").partition("[default: ")[0].strip()


def guide() -> str:
    """The guide's steps, each with the tests that carry its number (`test_g1_2_…`)."""
    lines = [
        "# The guide, step by step",
        "",
        "Generated from the tests by `make coverage`; do not edit. They walk the steps in the console, in a real",
        "browser, and by commands: the real aws CLI and boto3. `make test` runs them all.",
        "",
        "| step | | in the console | by commands |",
        "|---|---|---|---|",
    ]
    tests = _walks()
    for step, title in STEPS.items():
        found = tests.pop(step, [])
        by_hand = [test for test in found if test.startswith(BROWSER)]
        cells = (_cell(by_hand), _cell([test for test in found if test not in by_hand]))
        lines.append(f"| {step} | {title} | {cells[0]} | {cells[1]} |")
    if tests:
        sys.exit(f"tests of steps that the guide does not have: {tests}")
    return "\n".join(lines) + "\n"


def _cell(tests: list[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests) or "not yet"


def _walks() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (step := re.match(r"test_g(\d)_(\d)_", node.name)):
                name = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                found.setdefault(f"G{step[1]}.{step[2]}", []).append(name)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    REFERENCE.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, text in pages().items():
        path = REFERENCE / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if not arguments.check:
            path.write_text(text)
    if arguments.check and stale:
        sys.exit(f"out of date: {', '.join(stale)}; run make coverage")


if __name__ == "__main__":
    main()
