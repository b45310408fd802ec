"""Every parameter of every design is explained where a user looks for it."""

import pytest
from command_line import run_cli

from zeroskip.gen.designs import parameters
from zeroskip.hw.config import stated
from zeroskip.hw.designs import DESIGNS


@pytest.mark.parametrize("design", DESIGNS)
def test_every_parameter_has_a_row_that_explains_it(design: str) -> None:
    told = " ".join(run_cli("designs", design, columns=600).out.split())
    for name, (words, _) in parameters(design).items():
        assert f"│ {name} │ {words} │" in told
        assert stated(DESIGNS[design].config)[name]["meaning"] in told
