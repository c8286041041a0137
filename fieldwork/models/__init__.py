"""Who visits what until when, and which visits are made again."""

from fieldwork.models.assignment import Assignment
from fieldwork.models.backcheck import BackCheck, BackCheckDraw, BackCheckShare

__all__ = ["Assignment", "BackCheck", "BackCheckDraw", "BackCheckShare"]
