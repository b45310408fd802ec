"""LiteX module of a design with AXI4-Stream ports. Its Verilog and manifest, of the same name, lie beside it.

In a SoC, for a design called ``array``::

    from array_litex import Zeroskip

    self.array = Zeroskip(platform)
    self.irq.add("array")
    self.comb += reader.source.connect(self.array.sink_b)  # and so on

Streams are ``sink_tile``, ``sink_b`` and what else the design reads, and ``source_c``. Each has ``last``, and
``data``, whose bits are those of the manifest and the C header.
"""

import json
from pathlib import Path
from typing import Any

from litex.gen import LiteXModule
from litex.soc.interconnect import stream
from litex.soc.interconnect.csr import CSRField, CSRStatus, CSRStorage
from litex.soc.interconnect.csr_eventmanager import EventManager, EventSourceLevel
from migen import ClockSignal, Instance, ResetSignal, Signal

NAME = Path(__file__).stem.removesuffix("_litex")
MANIFEST = json.loads(Path(__file__).with_name(f"{NAME}.json").read_text(encoding="utf-8"))


class Zeroskip(LiteXModule):
    """The design in a clock domain.

    CSRs: ``count_NAME`` for each counter, ``cause`` with a field for each cause, ``overflow``, ``clear``,
    which zeroes all of these, and an event ``error`` for as long as there is a cause or an overflow.
    """

    def __init__(self, platform: Any, clock_domain: str = "sys") -> None:
        platform.add_source(str(Path(__file__).with_name(f"{NAME}.v")))
        ports = {port["name"]: port for port in MANIFEST["ports"]}
        self.clear = CSRStorage(fields=[CSRField("clear", pulse=True)])
        pins = {
            "i_aclk": ClockSignal(clock_domain),
            "i_aresetn": ~ResetSignal(clock_domain),
            "i_i_clear": self.clear.fields.clear,
        }
        for prefix in MANIFEST["axis"]:
            endpoint = stream.Endpoint([("data", ports[f"{prefix}_tdata"]["width"])], name=f"{NAME}_{prefix}")
            side, _, name = prefix.partition("_axis_")
            setattr(self, f"{'sink' if side == 's' else 'source'}_{name}", endpoint)
            parts = {
                "data": endpoint.data,
                "valid": endpoint.valid,
                "ready": endpoint.ready,
                "last": endpoint.last,
            }
            for part, signal in parts.items():
                port = f"{prefix}_t{part}"
                pins[f"{ports[port]['direction'][0]}_{port}"] = signal
        told = {
            name: Signal(port["width"], name=f"{NAME}_{name}")
            for name, port in ports.items()
            if port["direction"] == "output" and f"o_{name}" not in pins
        }
        self.specials += Instance(NAME, **pins, **{f"o_{name}": signal for name, signal in told.items()})

        for field in ports["o_counters"]["fields"]:
            count = CSRStatus(field["width"], name=f"count_{field['name']}")
            setattr(self, f"count_{field['name']}", count)
            self.comb += count.status.eq(
                told["o_counters"][field["offset"] : field["offset"] + field["width"]]
            )
        causes = {field["name"]: field["offset"] for field in ports["o_cause"]["fields"]}
        self.cause = CSRStatus(fields=[CSRField(name, offset=offset) for name, offset in causes.items()])
        for name, offset in causes.items():
            self.comb += getattr(self.cause.fields, name).eq(told["o_cause"][offset])
        self.overflow = CSRStatus()
        self.ev = EventManager()
        self.ev.error = EventSourceLevel()
        self.ev.finalize()
        self.comb += [
            self.overflow.status.eq(told["o_overflow"]),
            self.ev.error.trigger.eq(told["o_interrupt"]),
        ]
