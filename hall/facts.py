"""What every event, request and answer is: frozen, and told apart on the wire by its kind."""

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Base of all events. The tag `kind` on the wire is the class name."""


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Base of all commands. The tag `kind` on the wire is the class name."""


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Base of all answers."""
