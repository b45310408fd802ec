"""Drivers and monitors of the valid/ready streams, on cocotb-bus.

All of them act right after a clock edge and sample right before the next one, so a value read after
``RisingEdge`` is that of the cycle which the edge ends.
"""

from collections.abc import Callable
from typing import Any

from cocotb.handle import HierarchyObject, LogicArrayObject, LogicObject
from cocotb.triggers import RisingEdge
from cocotb_bus.drivers import BusDriver
from cocotb_bus.monitors import BusMonitor

__all__ = ["ResultMonitor", "StreamDriver"]

SIGNALS = ["payload", "valid", "ready"]


class StreamDriver(BusDriver):  # type: ignore[misc]
    """Offers one beat after the other to an input stream; ``append(beat, gap=cycles)`` queues one.

    A beat is an int. ``gap`` idle cycles pass between the move of the beat before (or cycle 0) and the offer.
    """

    _signals = SIGNALS

    def __init__(self, dut: HierarchyObject, name: str, clock: LogicObject) -> None:
        super().__init__(dut, name, clock, bus_separator="__", case_insensitive=False)
        self.moved = 0
        self._edge = RisingEdge(clock)

    async def _driver_send(self, transaction: int, sync: bool = True, gap: int = 0) -> None:
        """Takes no part in ``sync``: it is called in the cycle in which the gap begins."""
        for _ in range(gap):
            await self._edge
        self.bus.payload.value = transaction
        self.bus.valid.value = 1
        await self._edge
        while not self.bus.ready.value:
            await self._edge
        self.moved += 1
        self.bus.valid.value = 0  # stays 1 if the next beat is offered at once: the last write counts


class ResultMonitor(BusMonitor):  # type: ignore[misc]
    """Receives ``decode(payload)`` for every beat that moves out, and keeps the cycle of each.

    Cycle 0 is the one in which the monitor is made. It also checks that an offered beat stays.
    """

    _signals = SIGNALS

    def __init__(
        self, dut: HierarchyObject, name: str, clock: LogicObject, decode: Callable[[int], Any]
    ) -> None:
        self.cycles: list[int] = []
        self._decode = decode
        super().__init__(dut, name, clock, bus_separator="__", case_insensitive=False)

    async def _monitor_recv(self) -> None:
        edge = RisingEdge(self.clock)
        payload: LogicArrayObject = self.bus.payload
        cycle, waiting = 0, None
        while True:
            await edge
            offered = payload.value.to_unsigned() if self.bus.valid.value else None
            if waiting is not None and offered != waiting:
                raise AssertionError(f"cycle {cycle}: {self.name} offered {waiting}, then {offered}")
            waiting = offered
            if offered is not None and self.bus.ready.value:
                waiting = None
                self.cycles.append(cycle)
                self._recv(self._decode(offered))
            cycle += 1
