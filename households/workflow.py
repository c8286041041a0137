"""Stages of a household, verdicts of a visit, reasons to exit; and how they are tied."""

from ppaos.lib.labelled import LabelledEnum


class Stage(LabelledEnum):
    LISTED = "listed", "รอสอบทาน"
    VERIFIED_POOR = "verified_poor", "สอบทานแล้ว: จนจริง"
    VERIFIED_NOT_POOR = "verified_not_poor", "สอบทานแล้ว: ไม่จน"
    IN_HELP = "in_help", "อยู่ระหว่างช่วยเหลือ"
    EXIT_PROPOSED = "exit_proposed", "เสนอให้พ้นเป้าหมาย"
    EXITED = "exited", "พ้นเป้าหมายแล้ว"


class Outcome(LabelledEnum):
    """What a visit found."""

    POOR = "poor", "จนจริง"
    NOT_POOR = "not_poor", "ไม่จน (รั่วไหล)"
    NOT_FOUND = "not_found", "ไม่พบครัวเรือน"
    MOVED = "moved", "ย้ายออกจากพื้นที่"
    DECEASED = "deceased", "เสียชีวิตทั้งครัวเรือน"
    REFUSED = "refused", "ไม่ประสงค์ให้ข้อมูล"


class ExitReason(LabelledEnum):
    GRADUATED = "graduated", "พ้นเกณฑ์ความยากจน"
    NOT_POOR = "not_poor", "สอบทานแล้วไม่จน (รั่วไหล)"
    MOVED = "moved", "ย้ายออกจากพื้นที่"
    DECEASED = "deceased", "เสียชีวิต"
    DUPLICATE = "duplicate", "ซ้ำกับครัวเรือนอื่น"
    CONTINUING_CARE = "continuing_care", "ดูแลต่อเนื่องในระบบสงเคราะห์"


class ExitState(LabelledEnum):
    PROPOSED = "proposed", "รออนุมัติ"
    APPROVED = "approved", "อนุมัติแล้ว"
    REJECTED = "rejected", "ไม่อนุมัติ"
    WITHDRAWN = "withdrawn", "ถอนคำเสนอ"
    REVOKED = "revoked", "ยกเลิกการพ้นเป้าหมาย"


class MoveReason(LabelledEnum):
    """Why a household stands elsewhere in the register."""

    MOVED = "moved", "ย้ายที่อยู่จริง"
    CORRECTED = "corrected", "แก้ที่อยู่ที่บันทึกผิด"
    AREA_CHANGED = "area_changed", "เขตหรือรหัสพื้นที่เปลี่ยน"
    UNDONE = "undone", "ย้ายกลับเพราะบันทึกผิด"


class MoveState(LabelledEnum):
    ASKED = "asked", "รอพื้นที่ปลายทางรับ"
    DONE = "done", "ย้ายแล้ว"
    REFUSED = "refused", "ปลายทางไม่รับ"
    WITHDRAWN = "withdrawn", "ถอนคำขอ"


class Source(LabelledEnum):
    """The lists a household or person can be on; figures of areas name neither."""

    TPMAP = "tpmap", "TPMAP"
    BMN = "bmn", "จปฐ."
    THAIQM = "thaiqm", "ThaiQM"
    PPPCONNEXT = "pppconnext", "PPPConnext"
    MISSED = "missed", "บัญชีผู้ตกหล่น"
    WELFARE_CARD = "welfare_card", "บัตรสวัสดิการแห่งรัฐ"
    VULNERABLE = "vulnerable", "ครัวเรือนเปราะบาง"
    ASSISTANCE = "assistance", "ผลการช่วยเหลือ"
    HOUSEHOLDS = "households", "บัญชีครัวเรือนทั่วไป"
    AREA_FIGURES = "area_figures", "ตัวเลขรายพื้นที่"
    ADD_ON = "add_on", "พบเพิ่มในพื้นที่ (ตกหล่น)"


class Consent(LabelledEnum):
    NOT_ASKED = "not_asked", "ยังไม่ได้ขอ"
    GIVEN = "given", "ยินยอม"
    REFUSED = "refused", "ไม่ยินยอม"


class LegalBasis(LabelledEnum):
    """On what ground data is used, by the sections of the act; to be confirmed by a lawyer."""

    CONSENT = "consent", "ความยินยอม (มาตรา 19)"
    PUBLIC_TASK = "public_task", "ภารกิจเพื่อประโยชน์สาธารณะ (มาตรา 24 (4))"
    LAW = "law", "ปฏิบัติตามกฎหมาย (มาตรา 24 (6))"
    LIFE = "life", "ป้องกันอันตรายต่อชีวิตหรือสุขภาพ (มาตรา 24 (2))"
    RESEARCH = "research", "วิจัยหรือสถิติ (มาตรา 24 (1))"


class Residence(LabelledEnum):
    """Status in the house registration; the first and third live here."""

    LISTED_AND_LIVING = "listed_and_living", "มีชื่อและอาศัยอยู่"
    LISTED_NOT_LIVING = "listed_not_living", "มีชื่อแต่ไม่อาศัย"
    LIVING_NOT_LISTED = "living_not_listed", "ไม่มีชื่อแต่อาศัยอยู่"

    @classmethod
    def living(cls) -> list[str]:
        return [cls.LISTED_AND_LIVING.value, cls.LIVING_NOT_LISTED.value]


class Sex(LabelledEnum):
    MALE = "male", "ชาย"
    FEMALE = "female", "หญิง"


class LeftReason(LabelledEnum):
    MOVED = "moved", "ย้ายออก"
    DECEASED = "deceased", "เสียชีวิต"
    MISTAKE = "mistake", "บันทึกผิด"
    MERGED = "merged", "รวมกับรายการเดียวกัน"

    @classmethod
    def to_choose(cls) -> list[tuple[str, str]]:
        """Return those that a person may give; only a merge says that rows were one."""
        return [(one.value, str(one.label)) for one in cls if one is not cls.MERGED]


# What a visit's verdict makes of the household. None: the verdict alone moves nothing.
STAGE_AFTER: dict[Outcome, Stage | None] = {
    Outcome.POOR: Stage.VERIFIED_POOR,
    Outcome.NOT_POOR: Stage.VERIFIED_NOT_POOR,
    Outcome.NOT_FOUND: None,
    Outcome.MOVED: Stage.EXIT_PROPOSED,
    Outcome.DECEASED: Stage.EXIT_PROPOSED,
    Outcome.REFUSED: None,
}

# Verdicts that propose an exit, and the reason they give. A person approves it.
EXIT_PROPOSED_BY: dict[Outcome, ExitReason] = {
    Outcome.NOT_POOR: ExitReason.NOT_POOR,
    Outcome.MOVED: ExitReason.MOVED,
    Outcome.DECEASED: ExitReason.DECEASED,
}

# Reasons that are proposed on evidence, held against the rule of who has risen out of poverty.
NEEDS_EVIDENCE: frozenset[ExitReason] = frozenset(
    {ExitReason.GRADUATED, ExitReason.CONTINUING_CARE}
)

# Verdicts that need a reason in words.
NEEDS_REASON: frozenset[Outcome] = frozenset(
    {Outcome.NOT_POOR, Outcome.NOT_FOUND, Outcome.MOVED, Outcome.DECEASED, Outcome.REFUSED}
)

TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    Stage.LISTED: frozenset({Stage.VERIFIED_POOR, Stage.VERIFIED_NOT_POOR, Stage.EXIT_PROPOSED}),
    Stage.VERIFIED_POOR: frozenset(
        {
            Stage.LISTED,
            Stage.VERIFIED_NOT_POOR,
            Stage.IN_HELP,
            Stage.EXIT_PROPOSED,
        }
    ),
    Stage.VERIFIED_NOT_POOR: frozenset(
        {Stage.LISTED, Stage.VERIFIED_POOR, Stage.EXIT_PROPOSED, Stage.EXITED}
    ),
    Stage.IN_HELP: frozenset({Stage.VERIFIED_POOR, Stage.VERIFIED_NOT_POOR, Stage.EXIT_PROPOSED}),
    Stage.EXIT_PROPOSED: frozenset(
        {Stage.LISTED, Stage.VERIFIED_POOR, Stage.VERIFIED_NOT_POOR, Stage.IN_HELP, Stage.EXITED}
    ),
    Stage.EXITED: frozenset(
        {Stage.LISTED, Stage.VERIFIED_POOR, Stage.VERIFIED_NOT_POOR, Stage.IN_HELP}
    ),
}
