import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.ids import EventId, StaffId
from hall.services.register import Register, Revision, RevisionFlag, as_of, changes, current, rebuilt, take


def revision(
    event_id: str, entry: str = "c1", base: int = 0, *, year: int = 2026, reason: str = "", **fields: str
) -> Revision:
    return Revision(
        event_id=EventId(event_id),
        entry=entry,
        year=year,
        base=base,
        staff=StaffId("0201"),
        at=0.0,
        reason=reason or ("更正" if base else ""),
        fields=fields,
    )


written = st.lists(
    st.builds(
        revision,
        st.integers(0, 40).map(str),
        st.sampled_from(["c1", "c2", "c3", "c4"]),
        st.integers(0, 3),
        year=st.sampled_from([2026, 2027]),
        要点=st.sampled_from(["退休条件", "补缴", "转移"]),
    ),
    max_size=25,
)


@pytest.mark.row("LED-07", part="rule")
@given(written, st.data())
def test_the_same_message_twice_makes_one_record_and_an_edit_keeps_the_old_revision(
    told: list[Revision], data: st.DataObject
) -> None:
    once = list({one.event_id: one for one in reversed(told)}.values())
    register = Register()
    kept: dict[tuple[str, int], Revision] = {}
    for one in data.draw(st.permutations(once + once[:5])):
        take(register, one)
        for name, entry in register.entries.items():
            for number, revision_now in enumerate(entry.revisions):
                assert kept.setdefault((name, number), revision_now) is revision_now
    assert sorted(one.event_id for one in kept.values()) == sorted(one.event_id for one in once)


@pytest.mark.row("LED-07", part="rule")
@given(written)
def test_serials_have_no_gap_per_year_and_an_edit_takes_none(told: list[Revision]) -> None:
    register = rebuilt(told)
    for year in (2026, 2027):
        serials = [entry.serial for entry in register.entries.values() if entry.year == year]
        assert serials == list(range(1, len(serials) + 1))


def test_an_answer_that_is_put_right_shows_both_and_what_changed() -> None:
    register = rebuilt(
        [revision("e1", 要点="退休条件", 答复方式="电话"), revision("e2", base=1, 要点="中断月份能否补缴")]
    )
    entry = register.entries["c1"]
    assert current(entry) == {"要点": "中断月份能否补缴", "答复方式": "电话"}
    assert as_of(entry, 1) == {"要点": "退休条件", "答复方式": "电话"}
    assert as_of(entry, 0) == {}
    assert changes(entry, 2) == (("要点", "退休条件", "中断月份能否补缴"),)
    assert changes(entry, 1) == (("答复方式", "", "电话"), ("要点", "", "退休条件"))
    assert entry.serial == 1


def test_two_clerks_who_change_the_same_entry_both_stand_and_somebody_is_told() -> None:
    register = rebuilt([revision("e1", 要点="a"), revision("e2", base=1, 要点="b")])
    assert take(register, revision("e3", base=1, 要点="c")) == (RevisionFlag.CHANGED_MEANWHILE,)
    assert [one.fields["要点"] for one in register.entries["c1"].revisions] == ["a", "b", "c"]
    assert take(register, revision("e3", base=1, 要点="c")) == ()


def test_an_edit_without_its_first_without_a_reason_or_of_another_year_is_kept_and_flagged() -> None:
    register = Register()
    lonely = revision("e1", base=2, 要点="a")
    assert take(register, lonely) == (RevisionFlag.FIRST_MISSING,)
    assert take(register, revision("e2", base=1, reason=" ", 要点="b")) == (RevisionFlag.NO_REASON,)
    assert take(register, revision("e3", base=2, year=2027, 要点="c")) == (RevisionFlag.OTHER_YEAR,)
    assert (register.entries["c1"].serial, register.entries["c1"].year) == (1, 2026)
