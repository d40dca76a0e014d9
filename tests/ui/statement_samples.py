"""Pictures of the other three statements, with the sample people's own records."""

from msgspec.structs import replace

from kiosk.flows import steps
from kiosk.flows.words import CardKind
from tests.hall_server.demo_statements import LI_HE, WANG_PING, ZHANG_AN, built
from tests.ui.samples import SELF_SERVICE, Shot, frame


def statement_shots() -> list[Shot]:
    """Return the choice of all four forms, and each other form as its person sees it."""
    at = frame("K1", "self_service")
    assert at.pack is not None
    forms = {form: built(form, who) for form, who in (("certificate", LI_HE), ("pension_payments", ZHANG_AN))}
    gaps = built("rights_record", WANG_PING)
    titles = {each.form: each.title for each in (*forms.values(), gaps)} | at.pack.statement_forms
    choosing = frame("K1", "self_service", pack=replace(at.pack, statement_forms=titles))
    told = [
        ("form_four", choosing, steps.ChoosingForm()),
        ("statement_certificate", at, steps.ShowingStatement(forms["certificate"], CardKind.ID)),
        ("statement_certificate_more", at, steps.ShowingStatement(forms["certificate"], CardKind.ID, page=1)),
        ("statement_rights", at, steps.ShowingStatement(gaps, CardKind.SOCIAL)),
        ("statement_pension", at, steps.ShowingStatement(forms["pension_payments"], CardKind.ID)),
    ]
    return [(name, SELF_SERVICE, around, step) for name, around, step in told]
