"""The demo province: made by the product's own import and use cases, and taken away again."""

from demo.services.clearing import Cleared, UnableToClear, clear_demo
from demo.services.loading import Loaded, load_demo
from demo.services.registering import UnableToLoad

__all__ = ["Cleared", "Loaded", "UnableToClear", "UnableToLoad", "clear_demo", "load_demo"]
