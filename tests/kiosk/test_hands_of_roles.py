from dataclasses import fields

import pytest

from kiosk.devices.loading import FOLDERS
from kiosk.performing.hands import Hands
from kiosk.roles import ROLES, UNASKED, Role


@pytest.mark.parametrize("role", ROLES.values(), ids=list(ROLES))
def test_every_device_that_a_role_can_have_is_in_its_hands_or_is_never_asked(role: Role) -> None:
    devices = role.needs | role.may_have
    assert devices <= set(FOLDERS)
    assert devices - UNASKED <= {field.name for field in fields(Hands)}
