"""The statements, for both databases (database.py says how). Nothing foreign is ever put into one.

Status in SQL says what central.fleet says; a test holds them together.
"""

RECEIVED = """INSERT INTO received (terminal, epoch_number, block, bits, before) VALUES (?, ?, ?, ?, 0)
ON CONFLICT (terminal, epoch_number, block)
DO UPDATE SET before = received.bits, bits = received.bits | excluded.bits RETURNING before"""

REPORT = """INSERT INTO reports (terminal, epoch_number, seq, type, at, happened_at, received_at, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""

LOST = """INSERT INTO watch (terminal, state, since, check_at, heard, lost_at)
SELECT terminal, 'up', last_heard, 0, last_heard, ? FROM terminal_state WHERE terminal = ?
ON CONFLICT (terminal) DO UPDATE SET lost_at = excluded.lost_at"""
"""Also of a terminal that nobody watches yet: the next sweep looks at it."""
CHANGE = """INSERT INTO changes (terminal, epoch_number, seq, type, code, happened_at, received_at, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""

EPOCH = "SELECT number FROM epochs WHERE terminal = ? AND epoch = ?"
NEW_EPOCH = """INSERT INTO epochs (terminal, epoch, number, first_heard)
SELECT CAST(? AS TEXT), CAST(? AS TEXT), coalesce(max(number), 0) + 1, CAST(? AS BIGINT)
FROM epochs WHERE terminal = ? RETURNING number"""
"""Whoever makes one holds the terminal's row of terminal_state."""

PRESENT = """SELECT terminal, epoch, epoch_number, block, bits, last_heard, repeats, heartbeat_epoch, heartbeat_seq,
change_epoch, change_seq FROM terminal_state WHERE terminal = ? FOR UPDATE"""
FIRST_HEARD = """INSERT INTO terminal_state (terminal, last_heard, clock_skew_s, repeats) VALUES (?, ?, ?, 0)
ON CONFLICT DO NOTHING"""

_ALWAYS = ("last_heard", "clock_skew_s", "repeats", "epoch", "epoch_number", "block", "bits")
_BEAT = (
    "heartbeat_epoch", "heartbeat_seq", "heartbeat_at", "interval_s", "next_due", "verdict", "severity", "iccid",
    "heartbeat",
)  # fmt: skip
_VERDICT = ("change_epoch", "change_seq", "change_code", "change_severity", "change_since", "change_titles")


def _state(*columns: str) -> str:
    return f"UPDATE terminal_state SET {', '.join(f'{name} = ?' for name in columns)} WHERE terminal = ?"  # noqa: S608


STATES = {
    (False, False): _state(*_ALWAYS),
    (True, False): _state(*_ALWAYS, *_BEAT),
    (False, True): _state(*_ALWAYS, *_VERDICT),
    (True, True): _state(*_ALWAYS, *_BEAT, *_VERDICT),
}
"""Whether a heartbeat and whether a verdict moves forward → the update."""

REJECTION = """INSERT INTO rejections AS r (terminal, reason, count, first_at, last_at, last_seq, last_detail)
VALUES (?, ?, 1, ?, ?, ?, ?) ON CONFLICT (terminal, reason) DO UPDATE SET count = r.count + 1,
last_at = excluded.last_at, last_seq = excluded.last_seq, last_detail = excluded.last_detail"""

ADD_TERMINAL = "INSERT INTO terminals (id, name, secret_sha256, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
ROTATE = "UPDATE terminals SET secret_sha256 = ?, rotated_at = ?, revoked_at = NULL WHERE id = ?"
REVOKE = "UPDATE terminals SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?"
CHANGED = """SELECT id FROM terminals WHERE rotated_at >= :since
UNION SELECT id FROM terminals WHERE revoked_at >= :since LIMIT :most"""
LINEAGE = "SELECT drawn FROM lineage WHERE id = 1"
DRAW_LINEAGE = "UPDATE lineage SET drawn = ? WHERE id = 1"
_CREDENTIAL = "id, secret_sha256, revoked_at, rotated_at"
POSTGRES_CREDENTIALS = f"SELECT {_CREDENTIAL} FROM terminals WHERE id = ANY(?)"  # noqa: S608
SQLITE_CREDENTIALS = f"SELECT {_CREDENTIAL} FROM terminals WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608

_INTERVAL = "coalesce(s.interval_s, :interval)"
_LATE = f"""(greatest(coalesce(s.next_due, s.last_heard + :interval), s.last_heard)
+ greatest(:grace_min, :grace_share * {_INTERVAL}))"""
_STATUS = f"""CASE WHEN s.last_heard IS NULL THEN 'never' WHEN :now <= {_LATE} THEN 'up'
WHEN :now <= {_LATE} + :silent * {_INTERVAL} THEN 'late' ELSE 'silent' END"""
_FROM = "FROM terminals t LEFT JOIN terminal_state s ON s.terminal = t.id"

_TERMINAL = f"""SELECT t.id, t.name, t.created_at, t.revoked_at, s.last_heard, s.next_due, s.interval_s, s.clock_skew_s,
s.repeats, s.heartbeat_at, s.heartbeat_epoch, s.heartbeat_seq, s.verdict, s.severity, s.heartbeat,
s.change_epoch, s.change_seq, s.change_code, s.change_severity, s.change_since, s.change_titles {_FROM}"""

IDS = "SELECT id FROM terminals WHERE id > ? AND created_at >= ? ORDER BY id LIMIT ?"
TERMINAL = f"{_TERMINAL} WHERE t.id = :id AND {{seen}}"
"""`{seen}`, here and below: what central.accounts.sight.where says of t.id."""
TERMINALS = f"""{_TERMINAL} WHERE t.id > :after AND (t.revoked_at IS NULL OR :revoked) AND {{seen}}
ORDER BY t.id LIMIT :limit"""
TERMINALS_BY_STATUS = f"""{_TERMINAL} WHERE t.id > :after AND (t.revoked_at IS NULL OR :revoked)
AND {_STATUS} = :status AND {{seen}} ORDER BY t.id LIMIT :limit"""
TERMINALS_NAMED = f"{_TERMINAL} WHERE t.id IN "
COUNT = f"SELECT {_STATUS}, count(*) {_FROM} WHERE t.revoked_at IS NULL AND {{seen}} GROUP BY 1"

REPORTS = """SELECT r.epoch_number, r.seq, e.epoch, r.type, r.at, r.happened_at, r.received_at, r.body
FROM reports r JOIN epochs e ON e.terminal = r.terminal AND e.number = r.epoch_number
WHERE r.terminal = ? AND (r.epoch_number, r.seq) < (?, ?) ORDER BY r.epoch_number DESC, r.seq DESC LIMIT ?"""
CHANGES = """SELECT r.epoch_number, r.seq, e.epoch, r.type, r.code, r.happened_at, r.received_at, r.body
FROM changes r JOIN epochs e ON e.terminal = r.terminal AND e.number = r.epoch_number
WHERE r.terminal = ? AND (r.epoch_number, r.seq) < (?, ?) ORDER BY r.epoch_number DESC, r.seq DESC LIMIT ?"""
REJECTIONS = """SELECT reason, count, first_at, last_at, last_seq, last_detail FROM rejections
WHERE terminal = ? ORDER BY last_at DESC, reason"""
