"""Views of a format or a PE, found by its name: a module each, in the folder of what views it."""

from functools import cache
from importlib import import_module
from typing import Any

__all__ = ["view"]


@cache
def view(package: str, name: str, attribute: str) -> Any:
    """``attribute`` of the module ``name`` of ``package``.

    Raises ``LookupError``, naming the file that is missing, where there is no such module.
    """
    try:
        module = import_module(f"{package}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{package}.{name}":
            raise
        path = f"{package}.{name}".removeprefix("zeroskip.").replace(".", "/")
        raise LookupError(f"{path}.py must have the {attribute} of {name}, and is not there") from None
    return getattr(module, attribute)
