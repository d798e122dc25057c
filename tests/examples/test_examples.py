"""The examples run as they stand, and fail when what they check is broken."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.clients.server import BIN

EXAMPLES = Path(__file__).parents[2] / "examples"
JOB = EXAMPLES / "ci" / "policies.yml"
WITH_WORKERS = """
import pytest
from iamd.testing.server import running


@pytest.fixture(scope="session")
def iamd_server():
    with running("--workers", "2") as server:
        yield server
"""


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))


def run(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """As a shell of a fresh machine would, with what is installed here."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("IAMD_", "AWS_", "PYTEST_"))}
    env["PATH"] = f"{BIN}{os.pathsep}{env['PATH']}"
    return subprocess.run(
        ["sh", "-euc", command], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_job_is_a_workflow_and_its_steps_pass(examples: Path) -> None:
    """Its installation apart, which has been done here; with pytest-xdist, as it says."""
    checked = run(f"check-jsonschema --builtin-schema vendor.github-workflows {JOB}", examples)
    assert checked.returncode == 0, checked.stdout
    (job,) = yaml.safe_load(JOB.read_text())["jobs"].values()
    steps = [step for step in job["steps"] if "run" in step and step["name"] != "Install"]
    said = []
    for step in steps:
        done = run(step["run"], examples / step["working-directory"])
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout.splitlines()[-1])
    assert said[0] == "12 decisions, all as expected"
    assert re.search(r"\b6 passed", said[1])


def test_the_project_s_tests_pass_with_two_workers_and_see_a_right_too_many(examples: Path) -> None:
    project = examples / "pytest-project"
    conftest = project / "conftest.py"
    conftest.write_text(conftest.read_text() + WITH_WORKERS)
    done = run("pytest -q", project)
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout
    policy = project / "policies" / "reader.json"
    policy.write_text(policy.read_text().replace('"s3:GetObject"', '"s3:*"'))
    done = run("pytest -q -k publish", project)
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_a_policy_that_says_otherwise_fails_the_check(examples: Path) -> None:
    repository = examples / "policy-repository"
    policy = repository / "policies" / "boundary.json"
    document = json.loads(policy.read_text())
    del document["Statement"][1]
    policy.write_text(json.dumps(document))
    done = run("python check.py", repository)
    assert done.returncode == 1
    assert done.stdout.count("expected ExplicitlyDenied, got Allowed") == 2
    assert done.stdout.splitlines()[-1] == "12 decisions, 2 otherwise than expected"
