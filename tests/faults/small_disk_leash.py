"""Run a server as the usual leash does, but where a small disk lies over one folder.

    python small_disk_leash.py PARENT_PID SIGNAL_NUMBER USER COMMAND…

The folder and its megabytes are in the environment.
"""

import ctypes
import os
import sys

NOBODY = 65534
CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG = 1


def _call(libc: ctypes.CDLL, name: str, *arguments: object) -> None:
    if getattr(libc, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)


def _enter_namespace(libc: ctypes.CDLL) -> None:
    """Be nobody in a user namespace, with every right over mounts until the next program."""
    uid, gid = os.geteuid(), os.getegid()
    _call(libc, "unshare", CLONE_NEWUSER | CLONE_NEWNS)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def main(parent: int, signal_number: int, user: str, command: list[str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if user == "nobody":
        _call(libc, "unshare", CLONE_NEWNS)
    else:
        _enter_namespace(libc)
    _call(libc, "mount", b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    folder = os.environ["PPAOS_TEST_DISK"].encode()
    options = f"size={os.environ['PPAOS_TEST_MEGABYTES']}m,mode=700,uid={NOBODY},gid={NOBODY}"
    _call(libc, "mount", b"tmpfs", folder, b"tmpfs", 0, options.encode())
    if user == "nobody":
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    libc.prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        sys.exit("the parent died first")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
