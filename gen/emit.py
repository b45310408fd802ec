"""Design description to Verilog text."""

import re

from amaranth.back import rtlil, verilog
from amaranth.lib import wiring

from zeroskip.hw.config import Config
from zeroskip.hw.lib.once import EmitPlatform

__all__ = ["emit", "emit_parts"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def emit(cfg: Config, name: str = "top") -> str:
    """Synthesizable Verilog of the design; top module ``name``, the others ``name_*``.

    The text depends on ``cfg``, ``name`` and the versions of Amaranth and its Yosys only. Raises
    ``ValueError`` for a name that is no plain Verilog identifier, or that the design has a signal of.
    """
    return emit_parts(cfg, name)[0]


def emit_parts(cfg: Config, name: str = "top") -> tuple[str, dict[str, wiring.Component]]:
    """The text of ``emit``, and the component that each of its shared modules and its top are made from."""
    if not _NAME.match(name) or "__" in name:
        raise ValueError(
            f"name must be a letter followed by letters, digits and single underscores, not {name!r}"
        )
    platform, top = EmitPlatform(name), cfg.engine.core(cfg)
    texts = [rtlil.convert(top, name=name, platform=platform, emit_src=False)]
    texts += [text for _, text in platform.modules.values()]
    # One Yosys run for all modules: starting it costs more than converting. `verilog.convert` would
    # start one for each; the function it calls has no public name.
    text: str = verilog._convert_rtlil_text("\n".join(texts), strip_internal_attrs=True)
    # Yosys makes `always @*` run at time 0 by a register that starts at 0. A simulator may set a declared
    # value before time 0, and then nothing has changed: blocks whose inputs rest would stay X.
    text = re.sub(r"reg (\\\$auto\$verilog_backend\S+)  = 0;", r"reg \1 ; initial \1 = 0;", text)
    # Legal Verilog, but simulators take the module for the signal: Verilator refuses a top named clk.
    if re.search(rf"^\s*(?:input|output|wire|reg) [^;]*\b{name}\b", text, re.MULTILINE):
        raise ValueError(f"name must differ from the design's own ports and signals, not be {name!r}")
    return text, {name: top} | {module: component for module, (component, _) in platform.modules.items()}
