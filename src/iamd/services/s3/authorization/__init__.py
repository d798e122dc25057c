"""What every built operation of this service must be allowed, by operation name."""

from collections.abc import Mapping
from typing import Final

from iamd.authz.check import Checks
from iamd.services.s3.authorization.buckets import BUCKET_CHECKS
from iamd.services.s3.authorization.objects import OBJECT_CHECKS
from iamd.services.s3.authorization.uploads import UPLOAD_CHECKS

CHECKS: Final[Mapping[str, Checks]] = {**BUCKET_CHECKS, **OBJECT_CHECKS, **UPLOAD_CHECKS}
