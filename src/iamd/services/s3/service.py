"""The service that the operations here belong to."""

from iamd.kernel.service import Service
from iamd.services.s3.authorization import CHECKS

service = Service("s3", "iamd.services.s3", CHECKS)
