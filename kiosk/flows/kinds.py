"""The four kinds of words a flow is made of. Every word is a frozen dataclass of one of them."""


class Step:
    """Base of all steps: where a flow stands. Every step is a frozen dataclass and has its own screen."""

    __slots__ = ()


class Happened:
    """Base of all inputs."""

    __slots__ = ()


class Touch(Happened):
    """Base of the inputs that a person makes; each of them restarts the idle clock."""

    __slots__ = ()


class Effect:
    """Base of all effects; `session.py` performs them."""

    __slots__ = ()
