"""The small cases of all designs, by what their steps are; each is probed."""

from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.parts.values import ValuesConfig
from zeroskip.hw.engines.beats.config import BeatsConfig


def _small(kind):
    return [cfg for design in DESIGNS.values() if issubclass(design.config, kind) for cfg in design.small()]


BEATS = _small(BeatsConfig)
VALUES = _small(ValuesConfig)
DIGITS = _small(DigitsConfig)
