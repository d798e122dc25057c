"""An explanation for people: lines of styled text, from its JSON, so that a recorded or received one reads the same."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from iamd.model.values import value

_NAMES: Final = {
    "SCP": "service control policies",
    "RCP": "resource control policies",
    "RESOURCE": "resource-based policy",
    "IDENTITY": "identity-based policies",
    "BOUNDARY": "permissions boundary",
    "SESSION": "session policy",
}
_LEVELLED: Final = frozenset({"SCP", "RCP", "BOUNDARY"})
_SAID: Final = {"Allow": "allows", "Deny": "denies", "NoMatch": "allows nothing here"}
_SHOWN: Final = 20
"""Statements a layer that are told one by one."""
_LONGEST: Final = 300


@value
class Line:
    """`style` is "", "good", "bad" or "faint"."""

    indent: int
    text: str
    style: str = ""


def tell(explanation: Mapping[str, Any]) -> Iterator[Line]:
    """`explanation` is what `Question.to_json` gives."""
    yield from _headline(explanation)
    for layer in explanation["layers"]:
        yield from _layer(layer)
    if explanation["abridged"]:
        yield Line(1, "statements about other resources were too many to keep", "faint")
    if explanation["decision"] != "Allowed":
        yield from _way_out(explanation)


def told(explanation: Mapping[str, Any]) -> str:
    """The same as plain text."""
    return "\n".join("  " * line.indent + line.text for line in tell(explanation))


def _headline(explanation: Mapping[str, Any]) -> Iterator[Line]:
    request, allowed = explanation["request"], explanation["decision"] == "Allowed"
    who = request["principal"] or "anonymous"
    words = "is allowed" if allowed else "is denied"
    yield Line(0, f"{who} {words} {request['action']} on {request['resource']}", "good" if allowed else "bad")
    if explanation["barred"]:
        yield Line(1, "S3 Block Public Access: the bucket policy is public and RestrictPublicBuckets is on", "bad")
    elif not allowed:
        what = "an explicit deny" if explanation["decision"] == "ExplicitlyDenied" else "no allow"
        where = ", ".join(_NAMES[layer] for layer in explanation["blocking"])
        yield Line(1, f"because of {what} in: {where}", "bad")


def _layer(layer: Mapping[str, Any]) -> Iterator[Line]:
    name = _NAMES[layer["layer"]]
    if layer["layer"] in _LEVELLED and layer["level"]:
        name += f" (level {layer['level']})"
    style = "bad" if layer["blocks"] else "good" if layer["verdict"] == "Allow" else "faint"
    yield Line(1, f"{name}: {_SAID[layer['verdict']]}", style)
    # What matched first, then what came nearest.
    statements = sorted(layer["statements"], key=lambda each: len(each["mismatches"]))
    for statement in statements[:_SHOWN]:
        yield from _statement(statement)
    if len(statements) > _SHOWN:
        yield Line(2, f"and {len(statements) - _SHOWN} more that name the action", "faint")


def _statement(statement: Mapping[str, Any]) -> Iterator[Line]:
    policy = statement["policy"] or "policy"
    if statement["version"]:
        policy += f" {statement['version']}"
    sid = f" ({statement['sid']})" if statement["sid"] else ""
    words = "matches" if statement["matched"] else "does not apply"
    style = ("bad" if statement["effect"] == "Deny" else "good") if statement["matched"] else "faint"
    yield Line(2, f"{statement['effect']} in {policy}, statement {statement['statement'] + 1}{sid}: {words}", style)
    for mismatch in statement["mismatches"]:
        yield Line(3, _mismatch(mismatch), "faint")


def _mismatch(mismatch: Mapping[str, Any]) -> str:
    had, needed = _values(mismatch["had"]), _values(mismatch["needed"])
    if mismatch["element"] == "Condition":
        if mismatch.get("hidden"):
            was = "it is another account's"
        else:
            was = "the request has no such key" if mismatch["had"] is None else f"it was {had}"
        return f"{mismatch['operator']} {mismatch['key']}: {was}, needed {needed}"
    was = "anonymous" if mismatch["had"] is None else had
    return f"{mismatch['element']}: {was}, written {needed}"


def _values(values: Any) -> str:
    text = json.dumps(values, ensure_ascii=False) if isinstance(values, list) and len(values) != 1 else _one(values)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _one(values: Any) -> str:
    return str(values[0] if isinstance(values, list) else values)


def _way_out(explanation: Mapping[str, Any]) -> Iterator[Line]:
    fix = explanation["fix"]
    if fix is None:
        blocked = explanation["fixBlockedBy"]
        yield Line(0, f"No allow can help: blocked by {_NAMES[blocked]}", "bad")
        return
    yield Line(0, f"The smallest statement that allows it, in: {_NAMES[fix['layer']]}", "good")
    for line in json.dumps(fix["statement"], ensure_ascii=False, indent=2).splitlines():
        yield Line(1, line)
    if fix["narrower"]:
        yield Line(1, "These conditions of the nearest statement would have to hold, or go:", "faint")
        for narrower in fix["narrower"]:
            yield from (Line(2, text, "faint") for text in _conditions_beyond(narrower, fix["statement"]))


def _conditions_beyond(narrower: Mapping[str, Any], statement: Mapping[str, Any]) -> Iterator[str]:
    kept = statement.get("Condition", {})
    for operator, keys in narrower.get("Condition", {}).items():
        for key, values in keys.items():
            if kept.get(operator, {}).get(key) != values:
                yield f"{operator} {key}: {_values(values)}"
