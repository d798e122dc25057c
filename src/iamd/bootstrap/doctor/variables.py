"""Environment variables that are no setting."""

from collections.abc import Iterator
from difflib import get_close_matches

from iamd.bootstrap.doctor.finding import Finding, Site, error
from iamd.bootstrap.settings import PREFIX, SETTINGS, sort_environment


def check(site: Site) -> Iterator[Finding]:
    _, unknown = sort_environment(site.environ)
    for name in unknown:
        near = get_close_matches(name.removeprefix(PREFIX).lower(), SETTINGS, 1)
        hint = f" Did you mean {PREFIX}{near[0].upper()}?" if near else ""
        yield error(
            f"{name} is no setting of iamd's",
            "Every command but this one refuses to start: a mistyped setting must not go unseen.",
            f"Unset it, or spell it right; docs/reference/flags.md has them all.{hint}",
        )
