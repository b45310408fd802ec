"""Design description to Verilog text."""

import re

from amaranth.back import verilog

from zeroskip.hw.config import ArrayConfig
from zeroskip.hw.core import Core
from zeroskip.hw.lib.once import EmitPlatform

__all__ = ["emit"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def emit(cfg: ArrayConfig, name: str = "top") -> str:
    """Synthesizable Verilog of the design; top module ``name``, the others ``name_*``.

    The text depends on ``cfg``, ``name`` and the versions of Amaranth and its Yosys only. Raises
    ``ValueError`` for a name that is no plain Verilog identifier.
    """
    if not _NAME.match(name) or "__" in name:
        raise ValueError(
            f"name must be a letter followed by letters, digits and single underscores, not {name!r}"
        )
    platform = EmitPlatform(name)
    options = {"platform": platform, "emit_src": False, "strip_internal_attrs": True}
    texts = [verilog.convert(Core(cfg), name=name, **options)]
    done = 0
    while done < len(platform.modules):  # a shared module may use further shared modules
        module, component = list(platform.modules.items())[done]
        texts.append(verilog.convert(component, name=module, **options))
        done += 1
    return "\n".join(texts)
