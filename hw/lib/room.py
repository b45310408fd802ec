"""The rooms of the architecture, which cells are booked to: every component ``books`` its own."""

import enum

__all__ = ["Room"]


class Room(enum.StrEnum):
    """Where in the flow of a tile a component works; its value is what people read."""

    DECODE = "decode"
    SCHEDULE = "schedule"
    MULTIPLY = "multiply, accumulate"
    MEMORY = "memory interface"
    ENCODE = "encode"
    STATUS = "status"  # counters and flags; a core is wires, and what adds up what its rows report
