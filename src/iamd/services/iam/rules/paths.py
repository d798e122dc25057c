"""Paths of users and groups."""

from typing import Final

from iamd.model.errors import validation_error

ROOT_PATH: Final = "/"


def checked_path(path: str) -> str:
    """The path, which the model has checked, without empty steps. Raises ValidationError."""
    if "//" in path:
        raise validation_error(
            "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric "
            "characters and/or / characters."
        )
    return path
