"""iamd beside moto and ministack, their enforcement on: `python bench/run.py [--only ROW] [--skip moto] [--write]`."""

import os
import sys
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parents[1])

if __name__ == "__main__":
    sys.path[0] = _ROOT
    os.chdir(_ROOT)
    from bench.harness.main import main

    sys.exit(main())
