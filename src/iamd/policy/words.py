"""What is said of a document that is no policy: IAM's own grammar has one sentence for all of it, the older grammar of
resource and trust policies names the fault. Organizations says the same thing of everything.

IAM's sentences are as recorded from CreatePolicy; the older grammar's as seen from CreateRole, UpdateAssumeRolePolicy
and PutBucketPolicy, ~ where marked.
"""  # noqa: D205  two grammars, one sentence

from types import MappingProxyType
from typing import Final

from iamd.model.document import PolicyKind
from iamd.model.values import value
from iamd.policy.errors import PolicyError

SYNTAX: Final = "Syntax errors in policy."
ORGANIZATION: Final = "The provided policy document does not meet the requirements of the specified policy type."


@value
class Words:
    """Messages by fault; `{}` is the element or value at fault. `shape`: a JSON value of the wrong type."""

    not_json: str
    unknown: str
    version: str
    empty: str
    missing: str
    effect: str
    operator: str
    shape: str
    repeated_sid: str

    def fault(self, kind: str, path: str, detail: str, element: str = "") -> PolicyError:
        """`kind` is a field of this record."""
        message: str = getattr(self, kind)
        return PolicyError(message.replace("{}", element), path, detail)


_IAM: Final = Words(
    **dict.fromkeys(("not_json", "unknown", "version", "empty", "missing", "effect", "operator", "shape"), SYNTAX),
    repeated_sid="Statement IDs (SID) in a single policy must be unique.",
)
_OLDER: Final = Words(
    not_json="This policy contains invalid Json",
    unknown="Unknown field {}",
    version="The policy must contain a valid version string",
    empty="Could not parse the policy: Statement is empty!",
    missing="Missing required field {}",
    effect="Invalid effect: {}",
    operator="Invalid Condition type : {}",
    shape="Syntax error in policy.",  # ~
    repeated_sid="The Statement Ids in the policy are not unique",
)
_ORGANIZATION: Final = Words(
    **dict.fromkeys(
        ("not_json", "unknown", "version", "empty", "missing", "effect", "operator", "shape", "repeated_sid"),
        ORGANIZATION,
    )
)
OLDER_GRAMMAR: Final = frozenset({PolicyKind.RESOURCE, PolicyKind.TRUST})
IN_ORGANIZATIONS: Final = frozenset({PolicyKind.SCP, PolicyKind.RCP})
WORDS: Final = MappingProxyType(
    {
        kind: _OLDER if kind in OLDER_GRAMMAR else _ORGANIZATION if kind in IN_ORGANIZATIONS else _IAM
        for kind in PolicyKind
    }
)
