"""Run a command that does not outlive its parent, and that does not run as root.

    python leash.py PARENT_PID SIGNAL_NUMBER same|namespace|nobody COMMAND…

A program of its own, started by path with `python -I -S`: it replaces setpriv
and unshare, which not every machine has. The process becomes COMMAND.

`namespace` maps the caller to nobody in a user namespace: no account is made and
no file changes its owner, but the process is still the caller for files outside.
`nobody` gives the caller's rights up (needs root, and files that nobody may read).
"""

import ctypes
import os
import sys

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def become_nobody_in_namespace(libc: ctypes.CDLL) -> None:
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def main(parent: int, signal_number: int, user: str, command: list[str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if user == "namespace":
        become_nobody_in_namespace(libc)
    elif user == "nobody":
        become_nobody()
    if sys.platform == "linux":
        # After the change of user, which would clear it.
        libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:
            sys.exit("the parent died first")
    os.execvp(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
