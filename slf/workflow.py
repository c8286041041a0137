"""States of a questionnaire and of an assessment."""

from ppaos.lib.labelled import LabelledEnum


class QuestionnaireStatus(LabelledEnum):
    DRAFT = "draft", "ร่าง"
    ACTIVE = "active", "ใช้งาน"
    RETIRED = "retired", "เลิกใช้"


class State(LabelledEnum):
    """A draft may be left and taken up again; a complete one keeps its history."""

    DRAFT = "draft", "กำลังกรอก"
    COMPLETE = "complete", "เสร็จแล้ว"


class Period(LabelledEnum):
    BEFORE = "before", "ก่อนช่วยเหลือ"
    AFTER = "after", "หลังช่วยเหลือ"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.COMPLETE}),
    State.COMPLETE: frozenset(),
}
