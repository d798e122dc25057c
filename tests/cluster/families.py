"""RestrictAddressFamilies: `python families.py AF_INET,AF_UNIX COMMAND…` runs a command that makes no other sockets."""

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
from typing import Final

_SOCKET: Final = {"x86_64": 41, "aarch64": 198}[platform.machine()]
_NUMBER_AT, _FIRST_ARGUMENT_AT = 0, 16
"""In struct seccomp_data."""
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _instructions(allowed: list[int]) -> list[bytes]:
    """Of the kernel's packet filter, which is asked about each system call (seccomp(2))."""

    def one(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
        return struct.pack("HBBI", code, then, otherwise, value)

    left = len(allowed)
    return [
        one(_LOAD, _NUMBER_AT),
        one(_JUMP_IF_EQUAL, _SOCKET, otherwise=left + 2),
        one(_LOAD, _FIRST_ARGUMENT_AT),
        *(one(_JUMP_IF_EQUAL, family, then=left - number) for number, family in enumerate(allowed)),
        one(_RETURN, _ERRNO | errno.EAFNOSUPPORT),
        one(_RETURN, _ALLOW),
    ]


def restrict(allowed: list[int]) -> None:
    """This process, and all that it starts."""
    lines = _instructions(allowed)
    program = _Program(len(lines), b"".join(lines))
    libc = ctypes.CDLL(None, use_errno=True)
    for words in ((_PR_SET_NO_NEW_PRIVS, 1, 0), (_PR_SET_SECCOMP, _FILTER, ctypes.byref(program))):
        if libc.prctl(*words, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no system call is filtered here")


if __name__ == "__main__":
    restrict([getattr(socket, name) for name in sys.argv[1].split(",")])
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606  # the command that was given
