"""The one statement that counts: from the tables of every room to (area, year, measure, value).

What each part means is written in dashboards.services.counting. A year is a row's `year`
(พ.ศ.), from `starts` up to and without `ends`.
"""

from typing import Any

from fieldwork.coverage import JUDGING, SETTLING
from households.workflow import ExitReason, Residence
from referrals.workflow import ClosingReason, Status

PARAMETERS: dict[str, Any] = {
    "judging": list(JUDGING),
    "settling": list(SETTLING),
    "living": Residence.living(),
    "reported": [Status.HELPED.value, Status.CHECKED.value],
    "closed": Status.CLOSED.value,
    "solved": ClosingReason.SOLVED.value,
    "risen": [ExitReason.GRADUATED.value, ExitReason.CONTINUING_CARE.value],
    "graduated": ExitReason.GRADUATED.value,
}

_HOUSEHOLDS = """
place AS (
    SELECT lo, hi FROM unnest(%(lo)s::text[], %(hi)s::text[]) AS range(lo, hi)
),
home AS (
    SELECT h.id, h.area_id AS area, h.stage,
           GREATEST(min(LEAST(l.year_be, %(this_year)s)), %(first_year)s) AS first_year
    FROM place
    JOIN households_household h
      ON h.area_id >= place.lo COLLATE "C" AND h.area_id < place.hi COLLATE "C"
     AND h.merged_into_id IS NULL
    JOIN households_sourcelisting l ON l.household_id = h.id
    GROUP BY h.id
),
departure AS (
    SELECT e.household_id AS id, e.reason,
           extract(year FROM e.decided_at AT TIME ZONE %(zone)s)::int + 543 AS year
    FROM home JOIN households_exit e ON e.household_id = home.id AND e.state = 'approved'
),
house AS (
    SELECT h.id, h.area, h.stage, y.year,
           make_date(y.year - 543, 1, 1) AS starts, make_date(y.year - 542, 1, 1) AS ends,
           CASE WHEN d.year = y.year THEN d.reason END AS left_for
    FROM home h
    LEFT JOIN departure d ON d.id = h.id
    CROSS JOIN LATERAL generate_series(
        h.first_year, LEAST(%(this_year)s, COALESCE(d.year, %(this_year)s))
    ) AS y(year)
),
living AS (
    SELECT h.id, h.area, h.year, h.left_for IS NULL AS stays, count(*) AS people
    FROM house h
    JOIN households_member x ON x.household_id = h.id
     AND (x.left_on IS NULL OR x.left_on >= h.ends) AND x.residence = ANY(%(living)s)
    GROUP BY h.id, h.area, h.year, h.left_for
)
"""

_TARGETS = """
listing AS (
    SELECT h.id, h.year, l.member_id,
           COALESCE(l.is_mpi_poor, true) AND COALESCE(l.has_welfare_card, true) AS is_target,
           LEAST(l.year_be, %(this_year)s) = max(LEAST(l.year_be, %(this_year)s))
               OVER (PARTITION BY h.id, h.year) AS is_newest
    FROM house h
    JOIN households_sourcelisting l ON l.household_id = h.id AND l.source = 'tpmap'
     AND LEAST(l.year_be, %(this_year)s) <= h.year
),
listed AS (
    SELECT id, year, bool_or(is_target) AS is_target
    FROM listing WHERE is_newest GROUP BY id, year
),
visited AS (
    SELECT h.id, h.year,
           (array_agg(v.outcome ORDER BY v.recorded_at DESC, v.id DESC)
               FILTER (WHERE v.outcome = ANY(%(judging)s)))[1] AS verdict
    FROM house h
    JOIN households_verification v ON v.household_id = h.id AND v.retracted_at IS NULL
     AND v.outcome = ANY(%(settling)s) AND v.visited_on < h.ends
    GROUP BY h.id, h.year
),
standing AS (
    SELECT h.id, h.area, h.year, h.stage, h.left_for, h.ends,
           l.id IS NOT NULL AS on_tpmap,
           COALESCE(l.is_target, false) AS is_listed,
           COALESCE(v.verdict = 'poor', false) AND NOT COALESCE(l.is_target, false) AS is_added,
           v.id IS NOT NULL AS is_visited,
           v.verdict
    FROM house h
    LEFT JOIN listed l ON l.id = h.id AND l.year = h.year
    LEFT JOIN visited v ON v.id = h.id AND v.year = h.year
)
"""

_PROBLEMS = """
need AS (
    SELECT h.id, h.area, h.year, h.starts, h.ends, h.left_for IS NULL AS stays,
           p.id AS problem, p.dimension,
           p.status = 'open' OR p.resolved_on >= h.ends AS is_open
    FROM house h
    JOIN problems_problem p ON p.household_id = h.id AND p.opened_on < h.ends
     AND (p.status = 'open' OR (p.resolution = 'solved' AND p.resolved_on >= h.starts))
),
lack AS (
    SELECT id, area, year, dimension, bool_or(is_open) AS is_open, bool_or(stays) AS stays
    FROM need GROUP BY id, area, year, dimension
),
affected AS (
    SELECT n.id, n.area, n.year, n.dimension, x.id AS person
    FROM need n
    JOIN problems_problemmember named ON named.problem_id = n.problem
    JOIN households_member x ON x.id = named.member_id AND x.household_id = n.id
     AND (x.left_on IS NULL OR x.left_on >= n.ends)
    WHERE n.is_open AND n.stays
    UNION
    SELECT n.id, n.area, n.year, n.dimension, x.id
    FROM need n
    JOIN households_member x ON x.household_id = n.id
     AND (x.left_on IS NULL OR x.left_on >= n.ends) AND x.residence = ANY(%(living)s)
    WHERE n.is_open AND n.stays AND NOT EXISTS (
        SELECT FROM problems_problemmember named WHERE named.problem_id = n.problem
    )
),
target_person AS (
    SELECT DISTINCT l.id, l.year, x.id AS person
    FROM listing l
    JOIN households_member x ON x.household_id = l.id AND COALESCE(l.member_id, x.id) = x.id
    WHERE l.is_newest AND l.is_target
),
person AS (
    SELECT a.area, a.year, a.dimension, a.person, t.person IS NOT NULL AS is_target
    FROM affected a
    LEFT JOIN target_person t ON t.id = a.id AND t.year = a.year AND t.person = a.person
),
completed AS (
    SELECT n.id, n.year, n.dimension
    FROM need n
    JOIN referrals_referral r ON r.problem_id = n.problem AND (
        r.status = ANY(%(reported)s)
        OR (r.status = %(closed)s AND r.closing_reason = %(solved)s)
    )
    JOIN referrals_assistance a ON a.referral_id = r.id
     AND a.retracted_at IS NULL AND a.helped_on < n.ends
    UNION
    SELECT n.id, n.year, n.dimension
    FROM need n
    JOIN referrals_assistance a ON a.household_id = n.id AND a.referral_id IS NULL
     AND a.dimension = n.dimension AND a.retracted_at IS NULL
     AND a.helped_on >= n.starts AND a.helped_on < n.ends
),
reached AS (
    SELECT l.id, l.area, l.year, count(l.dimension) AS failing, count(c.dimension) AS helped
    FROM lack l
    LEFT JOIN completed c ON c.id = l.id AND c.year = l.year AND c.dimension = l.dimension
    GROUP BY l.id, l.area, l.year
)
"""

# By the alphabet "after" stands before "before", which is the order wanted.
_ASSESSMENTS = """
assessed AS (
    SELECT DISTINCT ON (h.id, h.year) h.id AS household, h.area, h.year, s.*
    FROM house h
    JOIN slf_assessment s ON s.household_id = h.id AND s.year_be = h.year
     AND s.state = 'complete'
    ORDER BY h.id, h.year, s.period, s.round DESC, s.assessed_on DESC, s.id DESC
),
after_help AS (
    SELECT DISTINCT ON (h.id, h.year) h.id, h.area, h.year, s.overall, s.level
    FROM house h
    JOIN slf_assessment s ON s.household_id = h.id AND s.year_be = h.year
     AND s.state = 'complete' AND s.period = 'after' AND s.overall IS NOT NULL
    ORDER BY h.id, h.year, s.round DESC, s.assessed_on DESC, s.id DESC
),
before_help AS (
    SELECT DISTINCT ON (a.id, a.year) a.id, a.year, s.overall, s.level
    FROM after_help a
    JOIN slf_assessment s ON s.household_id = a.id AND s.year_be <= a.year
     AND s.state = 'complete' AND s.period = 'before' AND s.overall IS NOT NULL
    ORDER BY a.id, a.year, s.year_be DESC, s.round DESC, s.assessed_on DESC, s.id DESC
)
"""

_HELP = """
aid AS (
    SELECT h.id, h.area, h.year, a.dimension, a.kind, a.amount_thb, a.people
    FROM house h
    JOIN referrals_assistance a ON a.household_id = h.id AND a.retracted_at IS NULL
     AND a.helped_on >= h.starts AND a.helped_on < h.ends
),
aided AS (
    SELECT a.id, a.area, a.year, d.part, COALESCE(max(a.people), max(l.people), 0) AS people
    FROM aid a
    CROSS JOIN LATERAL (VALUES (''), (a.dimension || '.')) AS d(part)
    LEFT JOIN living l ON l.id = a.id AND l.year = a.year
    GROUP BY a.id, a.area, a.year, d.part
)
"""

_MEASURES = """
    SELECT area, year, 'stage.' || stage AS measure, count(*)::numeric AS value
    FROM standing GROUP BY area, year, stage
UNION ALL
    SELECT area, year, 'people', sum(people) FROM living WHERE stays GROUP BY area, year
UNION ALL
    SELECT s.area, s.year, f.measure, count(*)
    FROM standing s
    CROSS JOIN LATERAL (VALUES
        ('target.listed', s.is_listed AND s.left_for IS NULL),
        ('target.added', s.is_added AND s.left_for IS NULL),
        ('tpmap.poor', s.on_tpmap AND s.verdict = 'poor'),
        ('tpmap.not_poor', s.on_tpmap AND s.verdict = 'not_poor'),
        ('tpmap.gone', s.on_tpmap AND s.is_visited AND s.verdict IS NULL),
        ('tpmap.waiting', s.on_tpmap AND NOT s.is_visited),
        ('missed.poor', NOT s.on_tpmap AND s.verdict = 'poor'),
        ('exit.' || s.left_for, s.left_for IS NOT NULL)
    ) AS f(measure, holds)
    WHERE f.holds
    GROUP BY s.area, s.year, f.measure
UNION ALL
    SELECT s.area, s.year, 'exit_evidence', count(*)
    FROM standing s
    WHERE s.left_for = %(graduated)s AND 2 = (
        SELECT count(DISTINCT a.period) FROM slf_assessment a
        WHERE a.household_id = s.id AND a.state = 'complete' AND a.year_be <= s.year
    )
    GROUP BY s.area, s.year
UNION ALL
    SELECT area, year, 'dimension.' || dimension || '.open', count(*)
    FROM lack WHERE is_open AND stays GROUP BY area, year, dimension
UNION ALL
    SELECT area, year, 'dimension.' || dimension || '.solved', count(*)
    FROM lack WHERE NOT is_open GROUP BY area, year, dimension
UNION ALL
    SELECT area, year, 'dimension.' || dimension || f.suffix, count(*)
    FROM person CROSS JOIN LATERAL (VALUES ('.people', true), ('.targets', is_target))
        AS f(suffix, holds)
    WHERE f.holds GROUP BY area, year, dimension, f.suffix
UNION ALL
    SELECT area, year, 'people.affected', count(DISTINCT person) FROM person GROUP BY area, year
UNION ALL
    SELECT r.area, r.year,
           CASE WHEN r.helped = 0 THEN 'kpi.none' WHEN r.helped < r.failing THEN 'kpi.some'
                ELSE 'kpi.all' END,
           count(*)
    FROM reached r JOIN standing s ON s.id = r.id AND s.year = r.year
    WHERE (s.is_listed OR s.is_added) AND (s.left_for IS NULL OR s.left_for = ANY(%(risen)s))
    GROUP BY 1, 2, 3
UNION ALL
    SELECT area, year, 'level.' || level, count(*)
    FROM assessed WHERE level IS NOT NULL GROUP BY area, year, level
UNION ALL
    SELECT area, year, 'assessed', count(*) FROM assessed GROUP BY area, year
UNION ALL
    SELECT a.area, a.year, 'capital.' || c.name || p.suffix, sum(p.value)
    FROM assessed a
    CROSS JOIN LATERAL (VALUES
        ('human', a.human), ('physical', a.physical), ('financial', a.financial),
        ('natural', a.natural), ('social', a.social)
    ) AS c(name, score)
    CROSS JOIN LATERAL (VALUES
        ('.n', 1::numeric), ('.sum', c.score), ('.squares', c.score * c.score)
    ) AS p(suffix, value)
    WHERE c.score IS NOT NULL
    GROUP BY a.area, a.year, c.name, p.suffix
UNION ALL
    SELECT a.area, a.year, f.measure, sum(f.value)
    FROM after_help a
    JOIN before_help b ON b.id = a.id AND b.year = a.year
    CROSS JOIN LATERAL (VALUES
        ('change.n', 1::numeric), ('change.before', b.overall), ('change.after', a.overall),
        ('change.improved', (a.level > b.level)::int::numeric)
    ) AS f(measure, value)
    GROUP BY a.area, a.year, f.measure
UNION ALL
    SELECT h.area, h.year, 'group.' || g.group, count(*)
    FROM house h
    JOIN slf_livelihoodprofile g ON g.household_id = h.id AND g.superseded_at IS NULL
    WHERE h.left_for IS NULL
    GROUP BY h.area, h.year, g.group
UNION ALL
    SELECT h.area, h.year, 'referral.' || r.status, count(*)
    FROM house h
    JOIN referrals_referral r ON r.household_id = h.id
     AND (r.created_at AT TIME ZONE %(zone)s)::date < h.ends
     AND (r.ended_at IS NULL OR (r.ended_at AT TIME ZONE %(zone)s)::date >= h.starts)
    GROUP BY h.area, h.year, r.status
UNION ALL
    SELECT a.area, a.year, 'help.' || a.part || f.suffix, sum(f.value)
    FROM aided a
    CROSS JOIN LATERAL (VALUES ('households', 1::numeric), ('people', a.people))
        AS f(suffix, value)
    GROUP BY a.area, a.year, a.part, f.suffix
UNION ALL
    SELECT a.area, a.year, 'help.' || a.dimension || '.' || a.kind || f.suffix, sum(f.value)
    FROM aid a
    CROSS JOIN LATERAL (VALUES ('.episodes', 1::numeric), ('.baht', a.amount_thb))
        AS f(suffix, value)
    GROUP BY a.area, a.year, a.dimension, a.kind, f.suffix
"""

WITH_COUNTED = f"""
WITH {_HOUSEHOLDS}, {_TARGETS}, {_PROBLEMS}, {_ASSESSMENTS}, {_HELP},
measured AS ({_MEASURES}),
counted AS (
    SELECT area AS area_code, year AS year_be, measure, value::numeric(20, 4) AS value
    FROM measured WHERE value <> 0
)
"""  # noqa: S608 - parts of this module only
"""Ends with the relation `counted`; what is done with it follows."""
