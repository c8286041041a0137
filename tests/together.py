"""Several people at once, each on a connection of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run each on its own connection, all beginning at once; return results or what they raised."""
    begin = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            begin.wait(timeout=20)
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
