"""What every event is: frozen, past tense, and told apart on the wire by its kind."""

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Base of all events. The tag `kind` on the wire is the class name."""
