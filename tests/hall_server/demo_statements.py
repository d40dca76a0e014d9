"""The sample people's statements, complete as the hall server hands them out."""

from hall.errors import Reason
from hall.events import StatementPrepared
from hall.ids import Serial, TerminalId
from hall.pack.tables import Form
from hall.people.holders import Holder, Proof
from hall.statements.sheets import Statement
from hall_server.records.building import build, digest
from hall_server.records.demo import load_people
from hall_server.records.ports import PersonRecord
from tests.hall.world import MONDAY, PACK_DIR, qinghe

SOURCE = load_people(PACK_DIR / "people.toml")
LI_HE = ("李和", "000000198907220025")
ZHANG_AN = ("张安", "000000196203150015")
WANG_PING = ("王平", "000000197511030036")
LIU_YUE = ("刘悦", "000000199312310069")


def fetch(form: str, who: tuple[str, str], year: int = 2025) -> PersonRecord | Reason:
    return SOURCE.fetch(form, year, Holder(name=who[0], number=who[1], proof=Proof.ID_CARD))


def built(form: str, who: tuple[str, str]) -> Statement:
    record = fetch(form, who)
    assert isinstance(record, PersonRecord)
    prepared = StatementPrepared(
        form=form,
        terminal=TerminalId("K1"),
        person="p",
        serial=Serial("QH-20261123-K1-000001"),
        check_code="7F3K9QAZ",
        digest=digest(form, record),
        proof="id_card",
    )
    return build(qinghe(), form_of(form), record, prepared, MONDAY)


def form_of(code: str) -> Form:
    return next(form for form in qinghe().forms if form.code == code)
