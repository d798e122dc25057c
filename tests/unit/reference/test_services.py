import tomllib
from pathlib import Path

import iamd.reference.facts as facts_package
from iamd.reference.rcp import RcpServices
from iamd.reference.services import ServiceReference

REFERENCE = ServiceReference()


def test_an_action_is_found_in_any_case_with_its_resources_and_keys() -> None:
    action = REFERENCE.action("IAM:createuser")
    assert action is not None
    assert action.name == "CreateUser"
    assert [(resource.name, resource.required) for resource in action.resources] == [("user", True)]
    assert "iam:PermissionsBoundary" in action.condition_keys
    service = REFERENCE.service("iam")
    assert service is not None
    assert service.resource_types["user"].arn == "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}"


def test_unknown_services_and_actions_are_none() -> None:
    assert REFERENCE.service("no-such-service") is None
    assert REFERENCE.action("iam:NoSuchAction") is None
    assert REFERENCE.action("GetObject") is None


def test_condition_keys_know_their_type_and_fill_placeholders() -> None:
    s3 = REFERENCE.service("s3")
    assert s3 is not None
    tag_keys, tag = s3.condition_key("aws:tagkeys"), s3.condition_key("S3:existingobjecttag/Team")
    assert tag_keys is not None
    assert (tag_keys.type, tag_keys.multivalued) == ("String", True)
    assert tag is not None
    assert (tag.name, tag.multivalued) == ("s3:ExistingObjectTag/<key>", False)
    assert s3.condition_key("s3:ExistingObjectTag/") is None
    assert s3.condition_key("s3:nonsense") is None


def test_every_service_loads_and_few_are_kept() -> None:
    reference = ServiceReference()
    levels = {
        action.access_level
        for prefix in sorted(reference.prefixes)
        if (service := reference.service(prefix))
        for action in service.actions.values()
    }
    assert levels == {"List", "Read", "Write", "Tagging", "Permissions management"}
    assert len(reference.prefixes) > 400
    assert len(reference._loaded) <= 24


def test_patches_apply_and_none_is_stale() -> None:
    patches = tomllib.loads((Path(facts_package.__file__).parent / "patches.toml").read_text())
    for prefix, entries in patches.items():
        for name, patch in entries.items():
            action = REFERENCE.action(f"{prefix}:{name}")
            assert action is not None, f"{prefix}:{name}"
            assert action.name == name
            assert set(patch.get("dependent_actions", [])) <= set(action.dependent_actions)
            assert action.access_level == patch.get("access_level", action.access_level)
            assert patch["reason"]
            assert patch["source"]


def test_rcps_reach_the_listed_services_only() -> None:
    reached = RcpServices()
    assert "s3" in reached
    assert "sts" in reached
    assert not {"iam", "sns", "lambda", "ec2", "ssm"} & reached.prefixes
