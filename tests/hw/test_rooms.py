"""Every component books its cells to the room of the architecture that it works in."""

import importlib
import pkgutil
from collections.abc import Iterator

from amaranth.lib.wiring import Component

import zeroskip.hw
from zeroskip.hw.lib.room import Room

ROOMS = {
    "DECODE": """
        RowDecoder DenseRow NMRow NMIndexRow NMBitmaskRow HSSRow
        GroupDecoder Gearbox Parser PlainParser ActivationParser BitmaskParser TwoLevelParser RunLengthParser
        CountedParser CSRParser COOParser ELLParser CSCParser BSRParser
        SerialParser BitSerialParser BitColumnParser PragmaticParser CSDParser BitletParser BitBalanceParser
        BitSliceParser
        ElementCheck DigitCheck RisingCheck ColumnCheck SliceCheck""",
    "SCHEDULE": "Scheduler TileProgress WindowFiller HeaderQueue Loader Ring IssueRegister",
    "MULTIPLY": """
        Array PEGroup ColumnPE Pipeline DrainControl
        MAC GatedMAC NestedMAC DigitPE PlanePE ShiftPE InterleavedPE SlicePE
        WindowRAM WindowRegisters WindowMux BlockRAM BlockMux""",
    "MEMORY": "Collector AxiStream",
    "ENCODE": "Packer BitmaskEncoder RunLengthEncoder CSDEncoder",
    "STATUS": "Core FreeCore Status",
}
NONE = {"Once"}  # what it wraps has one


def below(kind: type) -> Iterator[type]:
    for derived in kind.__subclasses__():
        yield derived
        yield from below(derived)


def test_every_component_has_its_room() -> None:
    for module in pkgutil.walk_packages(zeroskip.hw.__path__, "zeroskip.hw."):
        importlib.import_module(module.name)
    components = {kind for kind in below(Component) if kind.__module__.startswith("zeroskip.hw.")}
    found = {kind.__name__: getattr(kind, "books", None) for kind in components}
    assert len(found) == len(components)
    wanted = {name: Room[room] for room, names in ROOMS.items() for name in names.split()}
    assert found == wanted | dict.fromkeys(NONE)


def test_rooms_are_named_as_in_the_architecture() -> None:
    assert {room.name: room.value for room in Room} == {
        **{"DECODE": "decode", "SCHEDULE": "schedule", "MULTIPLY": "multiply, accumulate"},
        **{"MEMORY": "memory interface", "ENCODE": "encode", "STATUS": "status"},
    }
