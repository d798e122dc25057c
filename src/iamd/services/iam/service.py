"""The service that the operations here belong to."""

from iamd.kernel.service import Service
from iamd.services.iam.authorization import CHECKS

service = Service("iam", "iamd.services.iam", CHECKS)
