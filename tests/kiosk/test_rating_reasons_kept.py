from hall.ids import ServiceId
from hall.rating_facts import Dimension, RatingReasonsGiven
from kiosk.flows.rating_words import RecordReasons
from tests.flows import samples
from tests.kiosk.test_performing import ME, FakeLine, Stage


def test_reasons_of_a_poor_rating_are_journalled_with_their_time() -> None:
    stage = Stage(FakeLine(samples.pack()))
    stage.performer()(RecordReasons(ServiceId("t/1"), (Dimension.TIMELINESS,)), ME)
    told = RatingReasonsGiven(service=ServiceId("t/1"), dimensions=("服务时限",), given_at=1_000.0)
    assert stage.line.recorded == [told]
