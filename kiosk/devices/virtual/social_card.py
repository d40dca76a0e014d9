"""Virtual social-security card by its name on the command line: the slot with the card in it."""

from kiosk.devices.virtual.card_slot import CardSlot, add_arguments, run
from kiosk.devices.virtual.social_chip import SocialFace, third_generation

__all__ = ["CardSlot", "SocialFace", "add_arguments", "run", "third_generation"]
