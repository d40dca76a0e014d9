"""The published contract is the one the classes speak."""

from pathlib import Path

from deploy.asyncapi import document, text

PUBLISHED = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"


def test_the_published_contract_is_made_from_the_message_classes() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == text()


def test_every_reference_in_the_contract_leads_somewhere() -> None:
    made = document()
    schemas = made["components"]["schemas"]
    told = text()
    for piece in told.split('"$ref": "#/components/schemas/')[1:]:
        assert piece.split('"')[0] in schemas
    for lane, channel in made["channels"].items():
        assert lane in channel["address"].split("/")
    assert made["channels"]["peers"]["address"] == "hall/{hall}/peers/{terminal}"
