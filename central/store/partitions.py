"""Weekly partitions of `reports` on PostgreSQL: made ahead of time, dropped whole when they are past keeping.

A week for which no partition was made in time goes to `reports_else`; nothing is refused for want of a partition.
"""

import re

from central.store.database import Session

WEEK_S = 7 * 86_400
AHEAD = 5
_NAME = re.compile(r"reports_w(\d{1,6})")
_CHILDREN = """SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'reports'::regclass"""
_MISPLACED = "SELECT 1 FROM reports_else WHERE received_at >= ? AND received_at < ? LIMIT 1"


def weeks(session: Session) -> list[int]:
    """The weeks since 1970 that have a partition."""
    found = (_NAME.fullmatch(str(row[0])) for row in session.rows(_CHILDREN))
    return sorted(int(match[1]) for match in found if match)


def ensure(session: Session, now: int) -> list[int]:
    """Partitions for this week and some ahead; the weeks made. A week that already has rows in `reports_else` stays
    there: to move them would lock the table.
    """
    there, made = set(weeks(session)), []
    for week in range(now // WEEK_S, now // WEEK_S + AHEAD):
        first, end = week * WEEK_S, (week + 1) * WEEK_S
        if week not in there and not session.rows(_MISPLACED, (first, end)):
            session.run(
                f"CREATE TABLE IF NOT EXISTS reports_w{week:d} PARTITION OF reports "
                f"FOR VALUES FROM ({first:d}) TO ({end:d})"
            )
            made.append(week)
    return made


def drop_empty(session: Session, moment: int) -> list[int]:
    """Drop the partitions of weeks before `moment` whose reports have all been thinned out; the weeks dropped."""
    past = [week for week in weeks(session) if (week + 1) * WEEK_S <= moment]
    old = [week for week in past if not session.rows(f"SELECT 1 FROM reports_w{week:d} LIMIT 1")]  # noqa: S608 - a number
    for week in old:
        session.run(f"DROP TABLE reports_w{week:d}")
    return old
