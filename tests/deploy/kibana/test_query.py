"""Every panel's query on the real node gives the figures that plain counting gives."""

from __future__ import annotations

import pytest

from deploy.kibana.boards import BOARDS
from tests.deploy.kibana.oracle import counted, documents
from tests.deploy.kibana.town import Town

PANELS = {f"{board.id}/{panel.id}": panel for board in BOARDS for panel in board.panels}


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_shows_what_the_posts_say(name: str, town: Town) -> None:
    panel = PANELS[name]
    expected = counted(panel, documents(town, panel.view.family))
    assert town.asked(panel) == {key: pytest.approx(row) for key, row in expected.items()}
    assert expected
