"""The tables of a hall pack by which it guides people: rule pack, directory, referrals, answers, search words."""

from typing import Literal

from hall.ids import ItemCode
from hall.pack.tables import Level, Table
from hall.speech.courtesy import Taboo


class Rules(Table, frozen=True, kw_only=True):
    """The rule pack: which standard its figures come from, and the figures. Days are working days."""

    id: str
    standard: str
    dated: str
    statement: str
    """What the page About says of it."""
    big_city_over: int
    """Above so many urban residents the first of the two figures below holds (4.2)."""
    insured_per_window_big: int
    insured_per_window: int
    arranged_days: int
    asked_days: int
    letter_days: int
    rectify_days: int
    """Within which a bad rating is called back and corrected; each hall decides (国办发〔2019〕51号)."""


class Reference(Table, frozen=True, kw_only=True):
    """A document that the rules or the texts lean on, with the version that is meant."""

    title: str
    number: str
    version: str
    status: str


class Insurance(Table, frozen=True, kw_only=True):
    """A kind of insurance; one that this hall does not handle names the referral."""

    title: str
    referral: str = ""


class Link(Table, frozen=True, kw_only=True):
    """A link of the agency's work (经办环节): a category of items, or left out of the hall with the reason."""

    title: str
    excluded: str = ""


class RulesFile(Table, frozen=True, kw_only=True):
    """`rules.toml`."""

    rules: Rules
    references: tuple[Reference, ...]
    insurances: tuple[Insurance, ...]
    links: tuple[Link, ...]
    taboos: tuple[Taboo, ...] = ()


class Department(Table, frozen=True, kw_only=True):
    """A department of the hall's agency."""

    name: str
    room: str
    phone: str
    duties: str


class Agency(Table, frozen=True, kw_only=True):
    """An agency of the district, of one of five levels; `parent` is the code of the one above."""

    code: str
    level: Level
    name: str
    parent: str = ""
    address: str
    phone: str
    hours: str
    duties: str


class Office(Table, frozen=True, kw_only=True):
    """Another authority to which people are referred."""

    code: str
    name: str
    address: str
    phone: str
    hours: str


class Referral(Table, frozen=True, kw_only=True):
    """What is not this hall's to do: the words people use for it, who does it, and why."""

    code: str
    title: str
    words: tuple[str, ...]
    office: str
    basis: str


class DirectoryFile(Table, frozen=True, kw_only=True):
    """`directory.toml`."""

    departments: tuple[Department, ...]
    agencies: tuple[Agency, ...]
    offices: tuple[Office, ...]
    referrals: tuple[Referral, ...]


class Answer(Table, frozen=True, kw_only=True):
    """One published answer with its basis; `valid_until` is its last day, empty while it stands."""

    code: str
    kind: Literal["law", "clause", "point", "reading", "case"]
    """法律法规, 政策条款, 政策要点, 政策解读 or 针对具体问题适用条款 (standard 6.1)."""
    question: str
    answer: str
    basis: tuple[str, ...]
    items: tuple[ItemCode, ...] = ()
    referral: str = ""
    valid_from: str
    valid_until: str = ""


class AnswersFile(Table, frozen=True, kw_only=True):
    """`answers.toml`."""

    answers: tuple[Answer, ...]


class SearchWord(Table, frozen=True, kw_only=True):
    """A text that people search and its pinyin, syllables apart, without tones. Made when the pack is built."""

    text: str
    pinyin: str


class SearchFile(Table, frozen=True, kw_only=True):
    """`search.toml`, written by `python -m deploy.pack_search`."""

    words: tuple[SearchWord, ...]
