"""Make the next things in a thread, while the caller works on those that are ready."""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Generic, TypeVar

from ppaos.lib.turns import short_turns

_T = TypeVar("_T")


class Ahead(Generic[_T]):
    """The items of a generator, made by a thread from now on. Closing this closes them too.

    The thread goes on while what waits weighs less than `most`. What making raises is raised
    in its place.
    """

    def __init__(
        self,
        items: Generator[_T, None, None],
        *,
        most: int = 1,
        weigh: Callable[[_T], int] = lambda item: 1,
    ) -> None:
        self._items = items
        self._most = most
        self._weigh = weigh
        self._ready: deque[tuple[_T, int]] = deque()
        self._waiting = 0
        self._is_closed = self._is_over = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._make, name="ahead", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[_T]:
        with short_turns():
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._ready or self._is_over)
                    if not self._ready:
                        break
                    item, weight = self._ready.popleft()
                    self._waiting -= weight
                    self._changed.notify_all()
                yield item
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join()

    def _make(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    break
        except BaseException as error:
            self._error = error
        finally:
            self._items.close()
            with self._changed:
                self._is_over = True
                self._changed.notify_all()

    def _put(self, item: _T) -> bool:
        """Hand over an item once there is room; False if nobody wants it any more."""
        weight = self._weigh(item)
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._waiting < self._most)
            self._ready.append((item, weight))
            self._waiting += weight
            self._changed.notify_all()
            return not self._is_closed


def ahead(items: Generator[_T, None, None]) -> Generator[_T, None, None]:
    """Yield the items; a thread makes the next one while the caller works on this one."""
    made = Ahead(items)
    try:
        yield from made
    finally:
        made.close()
