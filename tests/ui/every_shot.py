"""Every screen of every role in every state that the tests and pictures show."""

from tests.ui.bringing_in_samples import bringing_in_shots
from tests.ui.desk_samples import devices_shots, number_shots
from tests.ui.display_samples import display_shots
from tests.ui.guide_samples import guide_shots
from tests.ui.hours_samples import hours_shots
from tests.ui.panel_samples import move_shots
from tests.ui.proxy_samples import proxy_shots
from tests.ui.rating_samples import reasons_shots
from tests.ui.samples import Shot, desk_shots, panel_shots, rating_shots, self_service_shots
from tests.ui.scan_samples import scan_shots
from tests.ui.statement_samples import statement_shots
from tests.ui.upkeep_samples import upkeep_shots


def all_shots() -> list[Shot]:
    shots = (
        move_shots()
        + number_shots()
        + devices_shots()
        + hours_shots()
        + statement_shots()
        + self_service_shots()
        + desk_shots()
    )
    shots += bringing_in_shots()
    shots += upkeep_shots()
    shots += reasons_shots()
    return shots + guide_shots() + proxy_shots() + scan_shots() + panel_shots() + rating_shots() + display_shots()
