"""The garbage collector of a server that has started."""

import gc
from typing import Final

_YOUNG: Final = 10_000
_MIDDLE: Final = 20
_OLD: Final = 20


def relax_collector() -> None:
    """Leave what was made at the start alone for ever, and look for rings of garbage more rarely.

    A request makes some two hundred containers and no rings: by default the collector ran every third request, a
    twentieth of the time of each (measured), and now and then over all models and policies, with everybody waiting.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
