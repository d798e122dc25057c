"""The service that the operations here belong to."""

from iamd.kernel.service import Service
from iamd.services.sts.authorization import CHECKS

service = Service("sts", "iamd.services.sts", CHECKS)
