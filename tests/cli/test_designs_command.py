"""Every parameter of every design is explained where a user looks for it."""

from zeroskip.cli.designs import MEANINGS
from zeroskip.gen.designs import DESIGNS, parameters


def test_every_parameter_is_explained_and_nothing_else() -> None:
    assert MEANINGS.keys() == {name for design in DESIGNS for name in parameters(design)}
