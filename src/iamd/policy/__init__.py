"""The policy language: parse, match, decide, explain. Pure: no clock, no I/O, no environment."""

from iamd.model.decision import Decision, Layer, Outcome, StatementRef
from iamd.model.document import Document, PolicyKind
from iamd.policy.compiled import CompiledPolicy, compile_document, merge_policies
from iamd.policy.errors import PolicyError
from iamd.policy.evaluate import decide
from iamd.policy.explain import Explanation, explain
from iamd.policy.messages import denial_message
from iamd.policy.parse import parse_document
from iamd.policy.question import Question
from iamd.policy.request import AccessRequest, Layers
from iamd.policy.size import policy_size

__all__ = [
    "AccessRequest",
    "CompiledPolicy",
    "Decision",
    "Document",
    "Explanation",
    "Layer",
    "Layers",
    "Outcome",
    "PolicyError",
    "PolicyKind",
    "Question",
    "StatementRef",
    "compile_document",
    "decide",
    "denial_message",
    "explain",
    "merge_policies",
    "parse_document",
    "policy_size",
]
