#!/usr/bin/env python3
"""python3 manage.py up | test | any Django command. Installs what it needs into .venv first."""

import sys

from ppaos.embedded import bootstrap


def main() -> None:
    try:
        bootstrap.enter_virtual_environment(sys.argv)
    except bootstrap.UnableToInstall as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)

    from ppaos.embedded import commands

    commands.run(sys.argv)


if __name__ == "__main__":
    main()
