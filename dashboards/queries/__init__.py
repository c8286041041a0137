"""The figures of an area and year, read from the cells; small ones hidden from who must not see.

What each figure counts is written in dashboards.services.counting. Rates, means and deviations
are made here from sums; what depends on the day (overdue, forums) is counted here too.
"""

from dashboards.queries.showing import breakdown, freshness, summary, years

__all__ = ["breakdown", "freshness", "summary", "years"]
