"""No command, answer, topic or page lists members of a unit, or finds anybody by name or number (RGT-07, RGT-08)."""

import tomllib
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from benchmarks.hall_rig import PACK
from hall.commands import AnyCommand, AnyReply, StatementSealed
from hall.facts import Command, Reply
from hall.ledger.sealing import public_key
from hall.pack.hall_pack import HallPack
from hall.people.holders import Holder, Proof
from hall.proxies import AskProxy, ProxyNames
from hall.statements.forms import FORMS
from hall.statements.sheets import Statement
from hall.wire.board import Board
from hall.wire.health_reports import HealthReport
from hall.wire.lanes import Beat, Link, Mark, Orders
from hall.wire.pack_shown import PackShown
from hall_server.border import AUTHORITY
from hall_server.ledger.store import Ledger
from hall_server.records.ports import RecordSource
from tests.hall_server.conftest import HandWriter
from tests.hall_server.console_hall import DATA, PAGES, Hall
from tests.hall_server.test_border import SESSION, Counter, counter, make_counter, opened, read

__all__ = ["counter", "make_counter"]
PEOPLE = tomllib.loads((PACK / "people.toml").read_text(encoding="utf-8"))["people"]
OF_A_PERSON = {"number", "social_number", "id_number", "phone", "members", "employees", "people", "persons", "unit"}
"""Names of fields that would hold somebody's data, or a unit's."""
KEYED = {("LeaseLabel", "person"), ("AskProxy", "agent"), ("AskProxy", "person")}
"""Hashes that the hall server itself puts in, refused from terminals; nothing is found by them."""
FREE_TEXT = {("ReadStatement", "form"), ("AdoptTicket", "slip")}
"""Plain text that a resident's terminal may send: the code of a form of the pack, the signed code of a slip."""


def kinds(told: Any) -> Iterator[type]:
    """Every class that stands in a type."""
    if get_origin(told) in (Union, UnionType) or get_args(told):
        for part in get_args(told):
            yield from kinds(part)
    elif isinstance(told, type):
        yield told


def structs(told: Any, met: set[type] | None = None) -> set[type]:
    """Every message class that can be reached from a type."""
    met = set() if met is None else met
    for kind in kinds(told):
        if issubclass(kind, msgspec.Struct) and kind not in met:
            met.add(kind)
            for hint in get_type_hints(kind).values():
                structs(hint, met)
    return met


@pytest.mark.row("RGT-08", part="rule")
def test_no_command_can_name_a_person_or_a_unit() -> None:
    for kind in get_args(AnyCommand):
        assert issubclass(kind, Command)
        for reached in structs(kind):
            for name, hint in get_type_hints(reached).items():
                assert name not in OF_A_PERSON | {"name"} or hint is int, (kind, reached, name)
                if reached is kind and hint is str and kind in AUTHORITY["self_service"]:
                    assert (kind.__name__, name) in KEYED | FREE_TEXT, (kind, name)
    assert set(get_type_hints(AskProxy)) == {"proxy", "reply_key", "sealed", "agent", "person"}


@pytest.mark.row("RGT-08", part="rule")
def test_no_answer_and_no_topic_carries_records_in_clear_and_one_answer_is_one_persons() -> None:
    for told in (AnyReply, Board, PackShown, HealthReport, Beat, Link, Mark, Orders):
        for reached in structs(told):
            assert reached not in (Statement, Holder, ProxyNames), told
            assert not OF_A_PERSON.intersection(set(get_type_hints(reached)) - {"number"}), (told, reached)
    assert {
        kind.__name__ for kind in get_args(AnyReply) if issubclass(kind, Reply) and "sealed" in get_type_hints(kind)
    } == {
        "StatementSealed",
        "ProxySealed",
    }
    assert set(get_type_hints(StatementSealed)) == {"serial", "sealed"}
    several = structs(Statement) - {Statement}
    assert not [kind for kind in several if {"name", "number", "social_number"} & set(get_type_hints(kind))]


@pytest.mark.row("RGT-07", part="rule")
def test_the_record_source_is_asked_by_a_holder_only_and_a_terminal_reaches_it_by_one_command() -> None:
    asked = [name for name in vars(RecordSource) if not name.startswith("_")]
    assert asked == ["fetch"]
    assert get_type_hints(RecordSource.fetch)["holder"] is Holder
    readers = {
        kind.__name__ for kinds in AUTHORITY.values() for kind in kinds if "sealed_person" in get_type_hints(kind)
    }
    assert readers == {"ReadStatement", "LeaseLabel"}
    assert [role for role, may in AUTHORITY.items() if "ReadStatement" in {kind.__name__ for kind in may}] == [
        "self_service"
    ]


@pytest.mark.row("RGT-08", part="rule")
def test_a_persons_statement_holds_no_colleague_of_theirs(counter: Counter) -> None:
    """Every sample person, every form: nobody else's name or number, whoever shares their employer."""
    given = 0
    for person in PEOPLE:
        for form in FORMS:
            holder = Holder(name=person["name"], number=person["number"], proof=Proof.ID_CARD)
            reply = counter.ask("K2", read(holder, form, key=public_key(SESSION)))
            if not isinstance(reply, StatementSealed):
                continue
            given += 1
            told = msgspec.json.encode(opened(reply)).decode()
            others = [one for one in PEOPLE if one is not person]
            assert not [one["name"] for one in others if one["name"] in told or one["number"] in told]
    assert given >= len(FORMS)


@pytest.mark.row("RGT-08", part="face")
def test_no_page_of_the_console_names_an_insured_person_or_their_unit(
    pack: HallPack, ledger: Ledger, writer: HandWriter
) -> None:
    hall = Hall(pack, ledger, writer)
    routes = {
        str(getattr(one, "path", "")) for one in hall.app.routes if "GET" in (getattr(one, "methods", None) or ())
    }
    paths = {path for path in routes if "{" not in path} | {*PAGES, *DATA}
    assert len(paths) >= len(PAGES)
    for path in sorted(paths):
        told = hall.get(path).text
        for person in PEOPLE:
            assert person["number"] not in told, path
            if "样例" in person.get("unit", ""):  # an employer; the others are the pack's own words
                assert person["unit"] not in told, path
    assert not [path for path in routes if any(word in path for word in ("person", "people", "unit", "member"))]
