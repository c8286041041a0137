"""`manage.py test`: pytest with exactly the plugins that the suite uses."""

import os
import sys
from pathlib import Path

from ppaos.embedded import frontend
from ppaos.embedded.bootstrap import ROOT

# Every plugin that happens to be installed would cost seconds at each start. Named as their
# packages name them, since pytest_randomly asks for "xdist" by that name.
PLUGINS = ("django", "randomly", "hypothesispytest", "xdist", "xdist.looponfail")
# Three for two cores, since a quarter of the suite waits for processes and browsers; by what is
# dear to start and shared, in the order that tests/scheduling.py puts it in.
WHOLE_SUITE = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")


def run(arguments: list[str]) -> None:
    """Become pytest; without arguments it runs the whole suite, in three processes."""
    frontend.install_packages(log=ROOT / ".var/log/npm.log")
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    # Tools that the checks start by name.
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{search_path()}"
    plugins = [part for plugin in PLUGINS for part in ("-p", plugin)]
    command = [sys.executable, "-m", "pytest", *plugins, *(arguments or WHOLE_SUITE)]
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is the point


def search_path() -> str:
    return os.environ.get("PATH") or os.defpath
