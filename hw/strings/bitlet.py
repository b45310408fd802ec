"""As ``pragmatic``."""

from zeroskip.hw.strings.pragmatic import LAYOUT

__all__ = ["LAYOUT"]
