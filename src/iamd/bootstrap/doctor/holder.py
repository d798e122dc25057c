"""Whether a server runs on a data directory, found out without touching its lock."""

import contextlib
import os
from pathlib import Path
from typing import Final

_LOCKS: Final = Path("/proc/locks")


def server_of(data_dir: Path) -> int | None:
    """The process that holds the directory; None if there is none, or the system does not tell."""
    with contextlib.suppress(OSError):
        status = (data_dir / "lock").stat()
        place = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
        for line in _LOCKS.read_text(encoding="ascii").splitlines():
            # 1: FLOCK  ADVISORY  WRITE 4711 fe:01:131 0 EOF
            fields = line.split()
            if fields[1] == "FLOCK" and fields[-3] == place and "->" not in fields:
                return int(fields[-4])
    return None
