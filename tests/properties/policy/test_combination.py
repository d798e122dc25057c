"""Every combination of what each layer can say, against a table written from the documentation, not from the code."""

from collections.abc import Iterator
from itertools import product

from iamd.model.document import PolicyKind
from iamd.model.principal import ANONYMOUS, Principal, PrincipalKind
from iamd.policy import AccessRequest, CompiledPolicy, Layers, compile_document, decide, parse_document

HOME, AWAY = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{HOME}:role/app"
CALLERS = {
    "user": Principal(PrincipalKind.USER, f"arn:aws:iam::{HOME}:user/a", HOME),
    "session": Principal(PrincipalKind.ASSUMED_ROLE, f"arn:aws:sts::{HOME}:assumed-role/app/s", HOME),
    "federated": Principal(PrincipalKind.FEDERATED_USER, f"arn:aws:sts::{HOME}:federated-user/f", HOME),
    "root": Principal(PrincipalKind.ROOT, f"arn:aws:iam::{HOME}:root", HOME),
    "service": Principal(PrincipalKind.SERVICE, "ec2.amazonaws.com", None),
    "anonymous": ANONYMOUS,
}
NAMINGS = ("self", "everyone", "role", "account")


def policy(kind: PolicyKind, says: str, caller: Principal) -> CompiledPolicy:
    effect = "Deny" if says == "deny" else "Allow"
    action = "other:*" if says == "nothing" else "*"
    statement: dict[str, object] = {"Effect": effect, "Action": action, "Resource": "*"}
    if kind in {PolicyKind.RESOURCE, PolicyKind.RCP}:
        own = {"Service": caller.arn} if caller.kind is PrincipalKind.SERVICE else {"AWS": caller.arn or "*"}
        statement["Principal"] = {"self": own, "role": {"AWS": ROLE}, "account": {"AWS": HOME}}.get(says, "*")
    return compile_document(parse_document({"Statement": statement}, kind=kind, structure_only=True))


def expected(caller: str, says: dict[str, str], *, cross: bool, required: bool) -> tuple[str, str | None]:  # noqa: C901  a table
    outside = caller in {"service", "anonymous"}
    binding = ["RCP", "RESOURCE"] if outside else ["SCP", "RCP", "RESOURCE", "IDENTITY", "BOUNDARY", "SESSION"]
    if caller == "root":
        binding.remove("IDENTITY")
    for layer in binding:
        if says[layer] == "deny":
            return "ExplicitlyDenied", layer
    named = says["RESOURCE"]
    reaches = {
        "user": {"self", "everyone", "account"},
        "session": {"self", "everyone", "role", "account"},
        "federated": {"self", "everyone", "account"},
        "root": {"self", "everyone", "account"},
        "service": {"self", "everyone"},
        "anonymous": {"self", "everyone"},
    }[caller]
    lets_in = named in reaches
    if outside:
        return ("Allowed", None) if lets_in else ("ImplicitlyDenied", "RESOURCE")
    if says["SCP"] == "nothing":
        return "ImplicitlyDenied", "SCP"
    grants_alone = lets_in and not cross and (named == "everyone" or (named == "self" and caller != "root"))
    instead_of_identity = lets_in and not cross and named == "role"
    if grants_alone:
        return "Allowed", None
    if not (says["IDENTITY"] == "allow" or caller == "root" or instead_of_identity):
        return "ImplicitlyDenied", "IDENTITY"
    if (cross or required) and not lets_in:
        return "ImplicitlyDenied", "RESOURCE"
    if says["BOUNDARY"] == "nothing":
        return "ImplicitlyDenied", "BOUNDARY"
    if says["SESSION"] == "nothing" or (caller == "federated" and says["SESSION"] == "absent"):
        return "ImplicitlyDenied", "SESSION"
    return "Allowed", None


def combinations() -> Iterator[dict[str, str]]:
    bounds = ("absent", "nothing", "allow", "deny")
    says = (bounds, ("absent", "nothing", "deny"), (*bounds[:2], "deny", *NAMINGS), bounds[1:], bounds, bounds)
    for combination in product(*says):
        yield dict(zip(("SCP", "RCP", "RESOURCE", "IDENTITY", "BOUNDARY", "SESSION"), combination, strict=True))


def test_every_combination_of_layers_is_decided_by_the_table() -> None:
    counted = 0
    for name, caller in CALLERS.items():
        made: dict[tuple[PolicyKind, str], CompiledPolicy] = {
            (kind, word): policy(kind, word, caller)
            for kind in PolicyKind
            if kind is not PolicyKind.TRUST
            for word in ("nothing", "allow", "deny", *NAMINGS)
        }
        for says in combinations():
            scp, rcp, resource, identity, boundary, session = (
                () if word == "absent" else (made[kind, word],)
                for kind, word in zip(
                    (PolicyKind.SCP, PolicyKind.RCP, PolicyKind.RESOURCE, PolicyKind.IDENTITY, PolicyKind.BOUNDARY,
                     PolicyKind.SESSION),
                    says.values(),
                    strict=True,
                )
            )  # fmt: skip
            for cross, required in ((False, False), (False, True), (True, False), (True, True)):
                layers = Layers(
                    identity=identity,
                    boundaries=boundary,
                    session=session or None,
                    resource=resource or None,
                    resource_required=required,
                    scps=(scp,) if scp else (),
                    rcps=(rcp,) if rcp else (),
                )
                request = AccessRequest(caller, "sqs:SendMessage", "arn:x", AWAY if cross else HOME)
                decision = decide(request, layers)
                found = (decision.outcome.value, decision.blocked_by.value if decision.blocked_by else None)
                assert found == expected(name, says, cross=cross, required=required), (name, says, cross, required)
                counted += 1
    assert counted == 6 * 4 * 4 * 3 * 7 * 3 * 4 * 4
