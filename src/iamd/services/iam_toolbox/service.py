"""The service that the operations here belong to."""

from iamd.kernel.service import Service
from iamd.services.iam_toolbox.authorization import CHECKS

service = Service("iam-toolbox", "iamd.services.iam_toolbox", CHECKS)
