"""The file with the first keys, which is for one reading."""

from collections.abc import Iterator

from iamd.bootstrap.doctor.finding import Finding, Site, note


def check(site: Site) -> Iterator[Finding]:
    for path in sorted(site.data_dir.glob("bootstrap*.json")):
        yield note(
            f"{path} still holds a password of root and a secret key",
            "Secrets are shown once; this file is the one exception, until you have kept them.",
            "Keep them where you keep secrets, then delete the file: nothing needs it.",
        )
