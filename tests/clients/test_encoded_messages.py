"""sts:DecodeAuthorizationMessage by the aws CLI, of a message that the server's own master key sealed."""

import json
from pathlib import Path

from iamd.authz.encoded_message import encode
from iamd.credentials.master_key import load_master_key
from iamd.credentials.sealing import Sealer
from iamd.policy.cases import read_case
from iamd.policy.question import Question
from tests.clients.server import running


def test_the_cli_decodes_what_was_sealed_here_and_nothing_else(tmp_path: Path) -> None:
    with running(tmp_path) as (iamd, _):
        alice = f"arn:aws:iam::{iamd.account}:user/alice"
        case = read_case({"principal": alice, "action": "ec2:RunInstances", "context": {"ec2:Region": "eu-west-1"}})
        message = encode(Sealer(load_master_key(tmp_path / "master.key")), Question(case.request, case.layers))
        decoded = iamd.cli("sts", "decode-authorization-message", "--encoded-message", message)
        refused = iamd.cli("sts", "decode-authorization-message", "--encoded-message", f"{message}x")
        nobody = iamd.cli("sts", "decode-authorization-message", "--encoded-message", message, key=iamd.user("bob"))
    shown = json.loads(json.loads(decoded.stdout)["DecodedMessage"])
    assert shown["context"]["action"] == "ec2:RunInstances"
    assert shown["context"]["conditions"]["items"][0]["key"] == "ec2:region"
    assert "InvalidAuthorizationMessageException" in refused.stderr
    assert "AccessDenied" in nobody.stderr
