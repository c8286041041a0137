"""`manage.py test`: pytest with exactly the plugins that the suite uses."""

import os
import sys

# Every plugin that happens to be installed would cost seconds at each start.
PLUGINS = (
    "pytest_django.plugin",
    "pytest_randomly",
    "_hypothesis_pytestplugin",
    "xdist.plugin",
    "xdist.looponfail",
)


def run(arguments: list[str]) -> None:
    """Become pytest."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plugins = [part for plugin in PLUGINS for part in ("-p", plugin)]
    command = [sys.executable, "-m", "pytest", *plugins, *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is the point
