"""Storage formats of the sparse side `a`: one module each, found by its name.

A codec turns tiles into beat field arrays and back, as docs/contract.md says under "What a pair
means", docs/unstructured.md under "Formats: bit strings and steps" and docs/bits.md under "Bit strings
and steps"; it says how many bits are stored, and where the steps of a string lie.
"""

from zeroskip.hw.config import Config
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.views import view
from zeroskip.sw.codecs.codec import Codec, Fields, Pattern, Take
from zeroskip.sw.codecs.strings import StringCodec

__all__ = ["Codec", "Fields", "Pattern", "Take", "codec_of", "string_codec"]


def codec_of(cfg: Config, without_skipping: bool = False) -> Codec:
    """The codec of a tile: that of plain storage ``without_skipping`` (a tile's ``dense``)."""
    found: Codec = view(__name__, "plain" if without_skipping else cfg.format, "CODEC")
    return found


def string_codec(cfg: FreeConfig, without_skipping: bool = False) -> StringCodec:
    """As ``codec_of``, for a format of bit strings."""
    found: StringCodec = view(__name__, "plain" if without_skipping else cfg.format, "CODEC")
    return found
