"""Turns the numbers of one area into figures, and says which are hidden."""

from dataclasses import dataclass, field
from decimal import Decimal

from dashboards.figures import (
    NO_SHARE,
    BeforeAfter,
    CapitalFigures,
    DimensionFigures,
    ForumFigures,
    Freshness,
    HelpFigures,
    HelpKind,
    HelpPart,
    KpiFigures,
    ReferralFigures,
    Row,
    Share,
    Summary,
    TargetingErrors,
    Targets,
    deviation_of,
    mean_of,
)
from dashboards.queries.hiding import (
    CAPITALS,
    CODES,
    GROUPS,
    KINDS,
    LEVELS,
    REASONS,
    STAGES,
    STATUSES,
    Decision,
    episodes,
)
from dashboards.queries.reading import LAST_YEAR, Numbers, Overdue
from fieldwork.coverage import coverage_of, exclusion_error_of, inclusion_error_of
from households.workflow import ExitReason


@dataclass
class Teller:
    """The figures of one area for one reader. What was hidden is kept in `suppressed`."""

    numbers: Numbers
    overdue: Overdue
    decision: Decision
    restricted: bool
    suppressed: set[str] = field(default_factory=set)

    # ---- what is hidden ------------------------------------------------------------
    def part(self, table: str, key: str, value: int) -> int | None:
        return self._unless(self.decision[table].parts, key, value)

    def total(self, table: str, key: str, value: int) -> int | None:
        return self._unless(self.decision[table].total, key, value)

    def _unless(self, hidden: bool, key: str, value: int) -> int | None:
        if hidden:
            self.suppressed.add(key)
            return None
        return value

    def _share(self, table: str, key: str, found: Share) -> Share:
        if self.decision[table].parts:
            self.suppressed.add(key)
            return NO_SHARE
        return found

    # ---- all of a page ---------------------------------------------------------------
    def summary(
        self,
        *,
        area: str,
        year_be: int,
        freshness: Freshness,
        days_late: int | None,
        forums: ForumFigures,
    ) -> Summary:
        count = self.numbers.count
        return Summary(
            area=area,
            year_be=year_be,
            freshness=freshness,
            households=self.households(),
            people=self.total("people", "people", count("people")),
            stages={
                code: self.part("stages", f"stages.{code}", count(f"stage.{code}"))
                for code in STAGES
            },
            targets=self.targets(),
            levels={
                level: self.part("levels", f"levels.{level}", count(f"level.{level}"))
                for level in LEVELS
            },
            assessed=self.total("levels", "assessed", count("assessed")),
            dimensions={code: self._dimension(code) for code in CODES},
            people_total=self.people_total(),
            capitals={name: self._capital(name) for name in CAPITALS},
            change=self._change(),
            groups={
                code: self.part("groups", f"groups.{code}", count(f"group.{code}"))
                for code in GROUPS
            },
            referrals=self._referrals(days_late),
            helped=self._helped(),
            kpi=self.kpi(),
            errors=self._errors(),
            coverage=self.coverage(),
            exits={
                reason: self.part("exits", f"exits.{reason}", count(f"exit.{reason}"))
                for reason in REASONS
            },
            exits_with_evidence=self.total(
                "exits_with_evidence", "exits_with_evidence", count("exit_evidence")
            ),
            forums=forums,
            suppressed=frozenset(self.suppressed),
        )

    def row(self, *, area: str, name: str, is_own: bool) -> Row:
        kpi = self.kpi()
        return Row(
            area=area,
            name=name,
            is_own=is_own,
            households=self.households(),
            targets=self._all_targets(),
            people_total=self.people_total(),
            coverage=self.coverage(),
            kpi_a=kpi.a,
            kpi_b=kpi.b,
            helped_households=self._helped_households(),
            baht=self._baht(),
            overdue=self._overdue(),
            exits=self.part(
                "exits", "exits", self.numbers.count(f"exit.{ExitReason.GRADUATED.value}")
            ),
            suppressed=frozenset(self.suppressed),
        )

    # ---- households --------------------------------------------------------------------
    def households(self) -> int | None:
        return self.total("stages", "households", sum(self.numbers.counts("stage.", STAGES)))

    def _all_targets(self) -> int | None:
        number = sum(self.numbers.counts("target.", ["listed", "added"]))
        return self.total("targets", "targets.total", number)

    def targets(self) -> Targets:
        listed, added = self.numbers.counts("target.", ["listed", "added"])
        return Targets(
            total=self._all_targets(),
            listed=self.part("targets", "targets.listed", listed),
            added=self.part("targets", "targets.added", added),
        )

    def coverage(self) -> Share:
        settled = sum(self.numbers.counts("tpmap.", ["poor", "not_poor", "gone"]))
        listed = settled + self.numbers.count("tpmap.waiting")
        return self._share("errors", "coverage", coverage_of(settled=settled, listed=listed))

    def _errors(self) -> TargetingErrors:
        poor, not_poor = self.numbers.counts("tpmap.", ["poor", "not_poor"])
        missed = self.numbers.count("missed.poor")
        return TargetingErrors(
            inclusion=self._share(
                "errors", "errors.inclusion", inclusion_error_of(poor=poor, not_poor=not_poor)
            ),
            exclusion=self._share(
                "errors",
                "errors.exclusion",
                exclusion_error_of(poor_listed=poor, poor_outside=missed),
            ),
        )

    def kpi(self) -> KpiFigures:
        in_all, in_some, in_none = self.numbers.counts("kpi.", ["all", "some", "none"])
        base = in_all + in_some + in_none
        return KpiFigures(
            a=self._share("kpi", "kpi.a", Share(in_all + in_some, base)),
            b=self._share("kpi", "kpi.b", Share(in_all, base)),
        )

    # ---- problems and capitals -----------------------------------------------------------
    def people_total(self) -> int | None:
        return self.total("people_total", "people_total", self.numbers.count("people.affected"))

    def _dimension(self, code: str) -> DimensionFigures:
        name = f"dimension.{code}"
        key = f"dimensions.{code}"
        count = self.numbers.count
        return DimensionFigures(
            households=self.total(f"{name}.open", f"{key}.households", count(f"{name}.open")),
            people=self.total(f"{name}.people", f"{key}.people", count(f"{name}.people")),
            targets=self.part(f"{name}.people", f"{key}.targets", count(f"{name}.targets")),
            solved_households=self.total(
                f"{name}.solved", f"{key}.solved_households", count(f"{name}.solved")
            ),
        )

    def _mean(self, measure: str) -> tuple[Decimal | None, Decimal | None, int]:
        n = self.numbers.count(f"{measure}.n")
        total = self.numbers.get(f"{measure}.sum", Decimal(0))
        squares = self.numbers.get(f"{measure}.squares", Decimal(0))
        return mean_of(total, n), deviation_of(total, squares, n), n

    def _capital(self, name: str) -> CapitalFigures:
        measure = f"capital.{name}"
        mean, sd, n = self._mean(measure)
        before, _, _ = self._mean(f"{LAST_YEAR}{measure}")
        if self.decision[measure].total:
            self.suppressed |= {
                f"capitals.{name}.{figure}"
                for figure in ("mean", "sd", "n", "change_from_last_year")
            }
            return CapitalFigures(mean=None, sd=None, n=None, change_from_last_year=None)
        change = mean - before if mean is not None and before is not None else None
        if self.decision[f"{LAST_YEAR}{measure}"].total:
            self.suppressed.add(f"capitals.{name}.change_from_last_year")
            change = None
        return CapitalFigures(mean=mean, sd=sd, n=n, change_from_last_year=change)

    def _change(self) -> BeforeAfter:
        n = self.numbers.count("change.n")
        shown = not self.decision["change"].total
        if not shown:
            self.suppressed |= {"change.before", "change.after"}
        return BeforeAfter(
            n=self.total("change", "change.n", n),
            before=mean_of(self.numbers["change.before"], n) if shown else None,
            after=mean_of(self.numbers["change.after"], n) if shown else None,
            improved=self.part("change", "change.improved", self.numbers.count("change.improved")),
        )

    # ---- referrals and help -----------------------------------------------------------------
    def _overdue(self) -> int | None:
        return self.total("overdue", "referrals.overdue", self.overdue.count)

    def _referrals(self, days_late: int | None) -> ReferralFigures:
        by_status = {
            status: self.part(
                "referrals", f"referrals.{status}", self.numbers.count(f"referral.{status}")
            )
            for status in STATUSES
        }
        overdue = self._overdue()
        if overdue is None:
            self.suppressed.add("referrals.oldest_overdue_days")
        # Which agency is late is for those who work with it: it would tell small numbers.
        if self.restricted and self.overdue.count:
            self.suppressed.add("referrals.overdue_by_agency")
        agencies = sorted(self.overdue.by_agency.items(), key=lambda item: (-item[1], item[0]))
        return ReferralFigures(
            total=self.total(
                "referrals", "referrals.total", sum(self.numbers.counts("referral.", STATUSES))
            ),
            by_status=by_status,
            overdue=overdue,
            oldest_overdue_days=None if overdue is None else days_late,
            overdue_by_agency=() if self.restricted else tuple(agencies),
        )

    def _helped_households(self) -> int | None:
        return self.total(
            "helped.households", "helped.households", self.numbers.count("help.households")
        )

    def _sum_of_baht(self, *, dimension: str = "", kind: str = "") -> Decimal:
        return sum(
            (
                value
                for name, value in self.numbers.under("help.", ".baht")
                if (not dimension or name.split(".")[0] == dimension)
                and (not kind or name.split(".")[1] == kind)
            ),
            Decimal(0),
        ).quantize(Decimal("0.01"))

    def _baht(self) -> Decimal | None:
        if self.decision["helped.households"].total or self.decision["helped.by_kind"].total:
            self.suppressed.add("helped.baht")
            return None
        return self._sum_of_baht()

    def _helped(self) -> HelpFigures:
        return HelpFigures(
            households=self._helped_households(),
            people=self.total("helped.people", "helped.people", self.numbers.count("help.people")),
            episodes=self.total("helped.by_kind", "helped.episodes", episodes(self.numbers)),
            baht=self._baht(),
            by_dimension={code: self._help_in(code) for code in CODES},
            by_kind={kind: self._help_of(kind) for kind in KINDS},
        )

    def _help_in(self, code: str) -> HelpPart:
        if (
            self.decision["helped.by_dimension"].parts
            or self.decision["helped.in_dimension"].parts
            or self.decision["helped.people"].total
        ):
            key = f"helped.by_dimension.{code}"
            self.suppressed |= {
                f"{key}.{name}" for name in ("households", "people", "episodes", "baht")
            }
            return HelpPart(households=None, people=None, episodes=None, baht=None)
        return HelpPart(
            households=self.numbers.count(f"help.{code}.households"),
            people=self.numbers.count(f"help.{code}.people"),
            episodes=episodes(self.numbers, dimension=code),
            baht=self._sum_of_baht(dimension=code),
        )

    def _help_of(self, kind: str) -> HelpKind:
        if self.decision["helped.by_kind"].parts or self.decision["helped.households"].total:
            self.suppressed |= {f"helped.by_kind.{kind}.{name}" for name in ("episodes", "baht")}
            return HelpKind(episodes=None, baht=None)
        return HelpKind(
            episodes=episodes(self.numbers, kind=kind), baht=self._sum_of_baht(kind=kind)
        )
