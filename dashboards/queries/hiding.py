"""The tables among the figures, and which of them a reader may see in which area."""

from collections.abc import Callable, Mapping, Sequence

from dashboards.queries.reading import LAST_YEAR, Numbers, Overdue, Read
from dashboards.suppression import SHOWN, Hidden, Parts, hide_alone, hide_inside
from households.workflow import ExitReason, Stage
from problems.rules import DIMENSIONS
from referrals.workflow import AssistanceKind, Status
from slf.instrument import Capital, Group

STAGES = [stage.value for stage in Stage]
REASONS = [reason.value for reason in ExitReason]
GROUPS = [group.value for group in Group]
STATUSES = [status.value for status in Status]
KINDS = [kind.value for kind in AssistanceKind]
CODES = [dimension.value for dimension in DIMENSIONS]
CAPITALS = [capital.value for capital in Capital]
LEVELS = (1, 2, 3, 4)

Counting = Callable[[Numbers, Overdue], Parts]


def _of(prefix: str, names: Sequence[object]) -> Counting:
    return lambda numbers, _: numbers.counts(prefix, [str(name) for name in names])


def _one(measure: str) -> Counting:
    return lambda numbers, _: (numbers.count(measure),)


def _split(part: str, whole: str) -> Counting:
    """Count a part and the rest of the whole: each tells the other."""

    def parts(numbers: Numbers, _: Overdue) -> Parts:
        return numbers.count(part), numbers.count(whole) - numbers.count(part)

    return parts


def _by_list(numbers: Numbers, _: Overdue) -> Parts:
    """Count all households by the TPMAP list and what was found: coverage tells its length."""
    known = numbers.counts("", ["tpmap.poor", "tpmap.not_poor", "tpmap.gone", "tpmap.waiting"])
    missed = numbers.count("missed.poor")
    everybody = sum(numbers.counts("stage.", STAGES))
    return *known, missed, everybody - sum(known) - missed


def _levels(numbers: Numbers, _: Overdue) -> Parts:
    known = numbers.counts("level.", [str(level) for level in LEVELS])
    return *known, numbers.count("assessed") - sum(known)


def episodes(numbers: Numbers, *, dimension: str = "", kind: str = "") -> int:
    """Count episodes of help, in one dimension or of one kind or both."""
    return int(
        sum(
            value
            for name, value in numbers.under("help.", ".episodes")
            if (not dimension or name.split(".")[0] == dimension)
            and (not kind or name.split(".")[1] == kind)
        )
    )


def _by_kind(numbers: Numbers, _: Overdue) -> Parts:
    return tuple(episodes(numbers, kind=kind) for kind in KINDS)


def _by_dimension(numbers: Numbers, _: Overdue) -> Parts:
    return tuple(episodes(numbers, dimension=code) for code in CODES)


def _helped_in(numbers: Numbers, _: Overdue) -> Parts:
    return tuple(numbers.count(f"help.{code}.households") for code in CODES)


TABLES: dict[str, Counting] = {
    # Exits first: in the present year their sum is a stage.
    "exits": _of("exit.", REASONS),
    "stages": _of("stage.", STAGES),
    "people": _one("people"),
    "targets": _of("target.", ["listed", "added"]),
    # Coverage and both errors share their parts, so they are one table.
    "errors": _by_list,
    "levels": _levels,
    "people_total": _one("people.affected"),
    "kpi": _of("kpi.", ["all", "some", "none"]),
    "groups": _of("group.", GROUPS),
    "change": _split("change.improved", "change.n"),
    "referrals": _of("referral.", STATUSES),
    "overdue": lambda _, overdue: (overdue.count,),
    "exits_with_evidence": _one("exit_evidence"),
    "helped.households": _one("help.households"),
    "helped.people": _one("help.people"),
    "helped.by_kind": _by_kind,
    "helped.by_dimension": _by_dimension,
    "helped.in_dimension": _helped_in,
    **{f"dimension.{code}.open": _one(f"dimension.{code}.open") for code in CODES},
    **{f"dimension.{code}.solved": _one(f"dimension.{code}.solved") for code in CODES},
    **{
        f"dimension.{code}.people": _split(f"dimension.{code}.targets", f"dimension.{code}.people")
        for code in CODES
    },
    **{f"capital.{name}": _one(f"capital.{name}.n") for name in CAPITALS},
    **{f"{LAST_YEAR}capital.{name}": _one(f"{LAST_YEAR}capital.{name}.n") for name in CAPITALS},
}

# Parts of the first are hidden where the total of the second is, since it tells that total.
TELLS = {"stages": "exits", "errors": "stages"}

Decision = Mapping[str, Hidden]
"""Table → what of it is hidden."""
EVERYTHING_SHOWN: Decision = dict.fromkeys(TABLES, SHOWN)


def decide(read: Read, path: Sequence[str], *, smallest: int) -> list[dict[str, Decision]]:
    """Decide level by level: first the province, then what is inside each area of `path`.

    `path` are the codes from the province down. The last decisions are about the areas
    inside its last code, where those were read.
    """
    digits = len(path[0])
    province = read.of((digits, path[0]))
    decisions = [{path[0]: _alone(province, smallest=smallest)}]
    for code in path:
        digits += 2
        parent = decisions[-1].get(code, EVERYTHING_SHOWN)
        inside = {
            child: found for child, found in read.at(digits).items() if child.startswith(code)
        }
        decisions.append(_inside(parent, inside, smallest=smallest))
    return decisions


def _alone(area: tuple[Numbers, Overdue], *, smallest: int) -> Decision:
    decision: dict[str, Hidden] = {}
    for table, count in TABLES.items():
        also = table in TELLS and decision[TELLS[table]].total
        decision[table] = hide_alone(count(*area), smallest=smallest, also=also)
    return _follow(decision)


def _inside(
    parent: Decision, areas: Mapping[str, tuple[Numbers, Overdue]], *, smallest: int
) -> dict[str, Decision]:
    decisions: dict[str, dict[str, Hidden]] = {code: {} for code in areas}
    for table, count in TABLES.items():
        also = {
            code
            for code, found in decisions.items()
            if table in TELLS and found[TELLS[table]].total
        }
        parts = {code: count(*found) for code, found in areas.items()}
        hidden = hide_inside(parent[table], parts, smallest=smallest, also=also)
        for code, found in hidden.items():
            decisions[code][table] = found
    return {code: _follow(decision) for code, decision in decisions.items()}


def _follow(decision: dict[str, Hidden]) -> Decision:
    """Hide what another table would tell."""
    if decision["stages"].parts:
        decision["exits"] = Hidden(parts=True, total=decision["exits"].total)
    if decision["exits"].parts:
        decision["exits_with_evidence"] = Hidden(parts=True, total=True)
    return decision
