"""The cards of the page: figures in order, in words, each with the list behind it."""

from dashboards.views.shapes import (
    CapitalLine,
    Change,
    DimensionLine,
    ExitGroup,
    Headline,
    Helped,
    Levels,
    Ratio,
    Referrals,
)
from dashboards.views.telling import Bar, Figure, Kind, Remark, Teller
from households.workflow import ExitReason, Stage
from ppaos.web import pills
from ppaos.web.templatetags.components import CAPITALS, lay_out
from problems.rules import Dimension
from referrals.workflow import AssistanceKind, Status
from slf.instrument import Group


# ---- the head --------------------------------------------------------------------------
def headlines(teller: Teller) -> list[Headline]:
    return [_targets(teller), _helped_share(teller), _overdue(teller), _left(teller)]


def _targets(teller: Teller) -> Headline:
    targets, lists = teller.summary.targets, teller.lists
    return Headline(
        label="ครัวเรือนเป้าหมาย",
        figure=teller.figure(targets.total, "targets.total", url=lists.counted("target")),
        parts=[
            Remark(
                "จาก TPMAP",
                teller.figure(targets.listed, "targets.listed", url=lists.counted("target-listed")),
            ),
            Remark(
                "พบเพิ่ม (ตกหล่น)",
                teller.figure(targets.added, "targets.added", url=lists.counted("target-added")),
            ),
        ],
    )


def _helped_share(teller: Teller) -> Headline:
    kpi, lists = teller.summary.kpi, teller.lists
    reached = kpi.a.percent is not None and kpi.a.percent >= kpi.goal
    return Headline(
        label="ได้รับความช่วยเหลือ",
        figure=teller.share(kpi.a, "kpi.a"),
        pill_tone="good" if reached else "late" if kpi.a.percent is not None else "plain",
        pill_text=f"{'ถึง' if reached else ''}เป้า {kpi.goal}%",
        parts=[
            Remark(
                "อย่างน้อยหนึ่งด้าน",
                teller.figure(kpi.a.numerator, "kpi.a", url=lists.counted("helped-some")),
                "ครัวเรือน",
            ),
            Remark(
                "ครบทุกด้าน",
                teller.figure(kpi.b.numerator, "kpi.b", url=lists.counted("helped-all")),
                "ครัวเรือน",
                share=teller.share(kpi.b, "kpi.b"),
            ),
            Remark(
                "จากเป้าหมายที่มีปัญหา รวมที่พ้นแล้ว",
                teller.figure(kpi.a.denominator, "kpi.a", url=lists.counted("in-need")),
                "ครัวเรือน",
            ),
        ],
    )


def _overdue(teller: Teller) -> Headline:
    referrals, lists = teller.summary.referrals, teller.lists
    parts = []
    if referrals.oldest_overdue_days is not None:
        oldest = Figure(referrals.oldest_overdue_days)
        parts.append(Remark("นานสุด", oldest, "วันทำการ"))
    if referrals.overdue_by_agency:
        worst, count = referrals.overdue_by_agency[0]
        parts.append(Remark(worst, Figure(count, url=lists.overdue_at(worst))))
    return Headline(
        label="ส่งต่อค้างเกินกำหนด",
        figure=teller.figure(referrals.overdue, "referrals.overdue", url=lists.overdue()),
        parts=parts,
        tone="late" if referrals.overdue else "",
    )


def _left(teller: Teller) -> Headline:
    summary, lists = teller.summary, teller.lists
    graduated = summary.exits.get(ExitReason.GRADUATED.value)
    return Headline(
        label=f"พ้นความยากจนในปี {summary.year_be}",
        figure=teller.figure(
            graduated, "exits.graduated", url=lists.exits(ExitReason.GRADUATED.value)
        ),
        parts=[
            Remark(
                "มีหลักฐานก่อน–หลังครบ",
                teller.figure(
                    summary.exits_with_evidence,
                    "exits_with_evidence",
                    url=lists.counted("with-evidence"),
                ),
            )
        ],
    )


# ---- the cards -------------------------------------------------------------------------
def dimensions(teller: Teller) -> list[DimensionLine]:
    """The dimension with the most people first."""
    found = teller.summary.dimensions
    longest = max((line.people or 0 for line in found.values()), default=0)
    lines = []
    for code in Dimension:
        line, key = found[code.value], f"dimensions.{code.value}"
        lines.append(
            DimensionLine(
                code=code.value,
                people=teller.figure(line.people, f"{key}.people"),
                households=teller.figure(
                    line.households, f"{key}.households", url=teller.lists.dimension(code.value)
                ),
                solved=teller.share(line.solved, f"{key}.solved_households"),
                bar=line.people or 0,
                longest=longest,
            )
        )
    return sorted(lines, key=lambda line: -(line.people.value or 0))


def levels(teller: Teller) -> Levels:
    summary = teller.summary
    named = [(level, name, f"level-{level}") for level, name in pills.LEVELS.items()]
    lines = teller.bars(summary.levels, named, key="levels", url=teller.lists.level)
    known = [(line.label, int(line.figure.value or 0), line.tone) for line in lines]
    complete = all(line.figure.value is not None for line in lines)
    parts = lay_out(known) if complete and any(value for _, value, _ in known) else []
    spoken = " ".join(f"{part.label} {part.value:,}" for part in parts)
    return Levels(
        assessed=teller.figure(summary.assessed, "assessed", url=teller.lists.counted("assessed")),
        lines=lines,
        parts=parts,
        spoken=f"ครัวเรือนตามระดับการดำรงชีพ: {spoken}",
    )


def capitals(teller: Teller) -> list[CapitalLine]:
    lines = []
    for code, name in CAPITALS.items():
        found, key = teller.summary.capitals[code], f"capitals.{code}"
        change = found.change_from_last_year
        lines.append(
            CapitalLine(
                label=name,
                mean=teller.figure(found.mean, key, Kind.SCORE),
                sd=teller.figure(found.sd, key, Kind.SCORE),
                change=teller.figure(change, key, Kind.CHANGE),
                tone="" if not change else "good" if change > 0 else "late",
            )
        )
    return lines


def groups(teller: Teller) -> list[Bar]:
    named = [(group.value, group.label, "brand") for group in Group]
    return teller.bars(teller.summary.groups, named, key="groups", url=teller.lists.group)


def listing(teller: Teller) -> list[Bar]:
    """How much of the list was visited."""
    share, lists = teller.summary.coverage, teller.lists
    return [
        Bar(
            "อยู่ในบัญชี TPMAP",
            teller.figure(share.denominator, "coverage", url=lists.counted("tpmap")),
            "plain",
            share.denominator or 0,
            share.denominator or 0,
        ),
        Bar(
            "สอบทานแล้ว",
            teller.figure(share.numerator, "coverage", url=lists.counted("visited")),
            "good",
            share.numerator or 0,
            share.denominator or 0,
        ),
    ]


def change(teller: Teller) -> Change:
    found = teller.summary.change
    return Change(
        n=teller.figure(found.n, "change.n"),
        before=teller.figure(found.before, "change", Kind.SCORE),
        after=teller.figure(found.after, "change", Kind.SCORE),
        difference=teller.figure(found.change, "change", Kind.CHANGE),
        improved=teller.figure(found.improved, "change.improved"),
    )


def stages(teller: Teller) -> list[Bar]:
    tones = {Stage.LISTED: "wait", Stage.IN_HELP: "brand", Stage.EXITED: "good"}
    named = [(stage.value, stage.label, tones.get(stage, "plain")) for stage in Stage]
    return teller.bars(teller.summary.stages, named, key="stages", url=teller.lists.stage)


_TONES = {
    Status.DRAFT: "plain",
    Status.RETURNED: "wait",
    Status.REJECTED: "late",
    Status.HELPED: "good",
    Status.CHECKED: "good",
    Status.CLOSED: "good",
    Status.CANCELLED: "plain",
}


def referrals(teller: Teller) -> Referrals:
    """By status, those without any left out; and who is late."""
    found = teller.summary.referrals
    named = [
        (status.value, status.label, _TONES.get(status, "brand"))
        for status in Status
        if found.by_status.get(status.value) != 0
    ]
    late = found.overdue_by_agency
    longest = max((count for _, count in late), default=0)
    return Referrals(
        total=teller.figure(found.total, "referrals.total"),
        lines=teller.bars(found.by_status, named, key="referrals", url=teller.lists.status),
        agencies=[
            Bar(name, Figure(count, url=teller.lists.overdue_at(name)), "late", count, longest)
            for name, count in late
        ],
        # Agencies are named to nobody from whom figures are hidden.
        late_elsewhere=max((found.overdue or 0) - sum(n for _, n in late), 0) if late else 0,
        is_late=bool(found.overdue),
    )


def helped(teller: Teller) -> Helped:
    """Help in baht by dimension, and by the kinds that were given."""
    found, key = teller.summary.helped, "helped"
    kinds = [
        (kind.value, kind.label, "brand")
        for kind in AssistanceKind
        if kind.value in found.by_kind and found.by_kind[kind.value].episodes != 0
    ]
    return Helped(
        households=teller.figure(
            found.households, f"{key}.households", url=teller.lists.counted("aided")
        ),
        people=teller.figure(found.people, f"{key}.people"),
        episodes=teller.figure(found.episodes, f"{key}.episodes"),
        baht=teller.figure(found.baht, f"{key}.baht", Kind.BAHT),
        by_dimension=teller.bars(
            {code: part.baht for code, part in found.by_dimension.items()},
            [(code.value, code.label, code.value) for code in Dimension],
            key=f"{key}.by_dimension",
        ),
        by_kind=teller.bars(
            {code: part.baht for code, part in found.by_kind.items()},
            kinds,
            key=f"{key}.by_kind",
        ),
    )


_OUT_OF_POVERTY = (ExitReason.GRADUATED,)
_NEVER_POOR = (ExitReason.NOT_POOR,)
_OTHERWISE = tuple(
    reason for reason in ExitReason if reason not in (*_OUT_OF_POVERTY, *_NEVER_POOR)
)


def exits(teller: Teller) -> list[ExitGroup]:
    """Out of poverty, never poor, and otherwise gone: three things that must not be added up."""
    found = teller.summary.exits

    def line(reason: ExitReason) -> Bar:
        figure = teller.figure(
            found.get(reason.value), f"exits.{reason.value}", url=teller.lists.exits(reason.value)
        )
        return Bar(reason.label, figure)

    return [
        ExitGroup(
            "พ้นความยากจน",
            "ครัวเรือนที่เคยจนจริง ได้รับการช่วยเหลือ และประเมินแล้วพ้นเกณฑ์",
            line(ExitReason.GRADUATED).figure,
            [],
        ),
        ExitGroup(
            "ไม่จนตั้งแต่แรก (รั่วไหล)",
            "อยู่ในบัญชี แต่สอบทานแล้วไม่จน จึงไม่นับเป็นผลของการช่วยเหลือ",
            line(ExitReason.NOT_POOR).figure,
            [],
        ),
        ExitGroup("พ้นด้วยเหตุอื่น", "", None, [line(reason) for reason in _OTHERWISE]),
    ]


def errors(teller: Teller) -> list[Ratio]:
    found, lists = teller.summary.errors, teller.lists
    return [
        Ratio(
            label="อยู่ในบัญชีแต่ไม่จน (รั่วไหล)",
            formula="ครัวเรือนใน TPMAP ที่สอบทานแล้วไม่จน ÷ ครัวเรือนใน TPMAP ที่สอบทานแล้ว",
            share=teller.share(found.inclusion, "errors.inclusion"),
            part=teller.figure(
                found.inclusion.numerator, "errors.inclusion", url=lists.counted("leaked")
            ),
            of=teller.figure(
                found.inclusion.denominator, "errors.inclusion", url=lists.counted("judged")
            ),
        ),
        Ratio(
            label="จนจริงแต่ไม่อยู่ในบัญชี (ตกหล่น)",
            formula="ครัวเรือนที่สอบทานแล้วจนจริงและไม่อยู่ใน TPMAP ÷ ครัวเรือนที่สอบทานแล้วจนจริงทั้งหมด",
            share=teller.share(found.exclusion, "errors.exclusion"),
            part=teller.figure(
                found.exclusion.numerator, "errors.exclusion", url=lists.counted("missed")
            ),
            of=teller.figure(
                found.exclusion.denominator, "errors.exclusion", url=lists.counted("found-poor")
            ),
        ),
    ]


def forums(teller: Teller) -> list[Bar]:
    found = teller.summary.forums
    if found is None:
        return []
    return [
        Bar("จัดแล้ว", Figure(found.held)),
        Bar("อยู่ในแผน", Figure(found.planned)),
        Bar("มติที่ยังไม่เสร็จ", Figure(found.open_resolutions)),
        Bar("มติที่เกินกำหนด", Figure(found.overdue_resolutions)),
    ]
