"""No valid waits for its ready, no ready for its own valid: two copies in one state."""

from collections.abc import Sequence
from typing import Any, Literal

from amaranth.hdl import Cat, Signal, Value
from amaranth.lib.wiring import In

from zeroskip.hw.config import Config
from zeroskip.hw.decode import decoder as decoder_of
from zeroskip.hw.decode.gearbox import Gearbox
from zeroskip.hw.engines.beats.core import Core
from zeroskip.hw.engines.beats.drain import DrainControl
from zeroskip.hw.engines.beats.window import WindowFiller
from zeroskip.hw.engines.free.collect import Collector
from zeroskip.hw.engines.free.headers import HeaderQueue
from zeroskip.hw.engines.free.loader import Loader
from zeroskip.verif.formal.bench import Bench, equal

__all__ = ["Component", "independent"]

Component = Literal["window", "drain", "core", "gearbox", "collector", "loader", "headers"]


def _make(component: Component, cfg: Any) -> Any:
    """The component, as the module names it now: a test may have put another one in its place."""
    if component == "gearbox":
        return Gearbox(cfg, decoder_of(cfg).grain(cfg))
    kinds: dict[Component, Any] = {
        "window": WindowFiller,
        "drain": DrainControl,
        "core": Core,
        "collector": Collector,
        "loader": Loader,
        "headers": HeaderQueue,
    }
    return kinds[component](cfg)


def independent(
    bench: Bench, component: Component, cfg: Config, inputs: Sequence[str], outputs: Sequence[str]
) -> None:
    """``outputs`` of a component do not depend on ``inputs`` of the same cycle.

    Two copies, in the same state and with the same other inputs, may differ in ``inputs`` (ports by name,
    levels joined by "__"): their outputs are the same. The state is an arbitrary one, reachable or not.
    """
    copies = [_make(component, cfg), _make(component, cfg)]
    insides = [bench.add(f"copy_{i}", copy) for i, copy in enumerate(copies)]
    registers = [list(inside.registers()) for inside in insides]
    same = [Value.cast(x) == Value.cast(y) for x, y in zip(*registers, strict=True)]
    bench.assume(Cat(*same, 1).all())
    ports: list[dict[str, tuple[Any, Any]]] = []
    for copy in copies:
        flat = copy.signature.flatten(copy)
        ports.append({"__".join(map(str, path)): (member.flow, value) for path, member, value in flat})
    unknown = [name for name in (*inputs, *outputs) if name not in ports[0]]
    if unknown:
        raise ValueError(f"ports must be some of {', '.join(ports[0])}, not {unknown}")
    for name, (flow, first) in ports[0].items():
        if flow is In:
            value, second = Value.cast(first), Value.cast(ports[1][name][1])
            free = bench.any_signal(name, len(value))
            other = bench.any_signal(f"{name}_other", len(value)) if name in inputs else free
            bench.comb += [value.eq(free), second.eq(other)]
    for name in outputs:
        bench.claim(f"{name}_is_independent", equal([(ports[0][name][1], ports[1][name][1])]))
    differ = Signal(name="inputs_differ")
    bench.comb += differ.eq(
        Cat(Value.cast(ports[0][n][1]) != Value.cast(ports[1][n][1]) for n in inputs).all()
    )
    bench.reach("inputs_differ", differ)
    for name in outputs:
        bench.reach(f"{name}_is_set", Value.cast(ports[0][name][1]).any())
