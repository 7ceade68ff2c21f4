"""The statements of the SQLite store. Status in SQL says what central.fleet says; a test holds them together."""

REPORT = """INSERT INTO reports (terminal, epoch_number, seq, type, at, happened_at, received_at, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""

CHANGE = """INSERT INTO changes (terminal, epoch_number, seq, type, code, happened_at, received_at, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""

EPOCH = "SELECT number FROM epochs WHERE terminal = ? AND epoch = ?"
NEW_EPOCH = """INSERT INTO epochs (terminal, epoch, number, first_heard)
SELECT ?1, ?2, coalesce(max(number), 0) + 1, ?3 FROM epochs WHERE terminal = ?1 RETURNING number"""

HEARD = """INSERT INTO terminal_state (terminal, last_heard, clock_skew_s, repeats) VALUES (?, ?, ?, ?)
ON CONFLICT (terminal) DO UPDATE SET last_heard = max(last_heard, excluded.last_heard),
clock_skew_s = excluded.clock_skew_s, repeats = repeats + excluded.repeats"""

HEARTBEAT = """UPDATE terminal_state SET heartbeat_epoch = ?1, heartbeat_seq = ?2, heartbeat_at = ?3, interval_s = ?4,
next_due = ?5, verdict = ?6, severity = ?7, iccid = ?8, heartbeat = ?9
WHERE terminal = ?10 AND (heartbeat_epoch IS NULL OR (heartbeat_epoch, heartbeat_seq) < (?1, ?2))"""

VERDICT = """UPDATE terminal_state SET change_epoch = ?1, change_seq = ?2, change_code = ?3, change_severity = ?4,
change_since = ?5, change_titles = ?6
WHERE terminal = ?7 AND (change_epoch IS NULL OR (change_epoch, change_seq) < (?1, ?2))"""

REJECTION = """INSERT INTO rejections (terminal, reason, count, first_at, last_at, last_seq, last_detail)
VALUES (?1, ?2, 1, ?3, ?3, ?4, ?5) ON CONFLICT (terminal, reason) DO UPDATE SET count = count + 1,
last_at = excluded.last_at, last_seq = excluded.last_seq, last_detail = excluded.last_detail"""

ADD_TERMINAL = "INSERT INTO terminals (id, name, secret_sha256, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
ROTATE = "UPDATE terminals SET secret_sha256 = ?, rotated_at = ?, revoked_at = NULL WHERE id = ?"
REVOKE = "UPDATE terminals SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?"
CREDENTIAL = "SELECT secret_sha256, revoked_at FROM terminals WHERE id = ?"

_INTERVAL = "coalesce(s.interval_s, :interval)"
_LATE = f"""(max(coalesce(s.next_due, s.last_heard + :interval), s.last_heard)
+ max(:grace_min, :grace_share * {_INTERVAL}))"""
_STATUS = f"""CASE WHEN s.last_heard IS NULL THEN 'never' WHEN :now <= {_LATE} THEN 'up'
WHEN :now <= {_LATE} + :silent * {_INTERVAL} THEN 'late' ELSE 'silent' END"""
_FROM = "FROM terminals t LEFT JOIN terminal_state s ON s.terminal = t.id"

_TERMINAL = f"""SELECT t.id, t.name, t.created_at, t.revoked_at, s.last_heard, s.next_due, s.interval_s, s.clock_skew_s,
s.repeats, s.heartbeat_at, s.heartbeat_epoch, s.heartbeat_seq, s.verdict, s.severity, s.heartbeat,
s.change_epoch, s.change_seq, s.change_code, s.change_severity, s.change_since, s.change_titles {_FROM}"""

TERMINAL = f"{_TERMINAL} WHERE t.id = :id"
TERMINALS = f"{_TERMINAL} WHERE t.id > :after AND (t.revoked_at IS NULL OR :revoked) ORDER BY t.id LIMIT :limit"
TERMINALS_BY_STATUS = f"""{_TERMINAL} WHERE t.id > :after AND (t.revoked_at IS NULL OR :revoked)
AND {_STATUS} = :status ORDER BY t.id LIMIT :limit"""
COUNT = f"SELECT {_STATUS}, count(*) {_FROM} WHERE t.revoked_at IS NULL GROUP BY 1"

REPORTS = """SELECT r.epoch_number, r.seq, e.epoch, r.type, r.at, r.happened_at, r.received_at, r.body
FROM reports r JOIN epochs e ON e.terminal = r.terminal AND e.number = r.epoch_number
WHERE r.terminal = ? AND (r.epoch_number, r.seq) < (?, ?) ORDER BY r.epoch_number DESC, r.seq DESC LIMIT ?"""
CHANGES = """SELECT r.epoch_number, r.seq, e.epoch, r.type, r.code, r.happened_at, r.received_at, r.body
FROM changes r JOIN epochs e ON e.terminal = r.terminal AND e.number = r.epoch_number
WHERE r.terminal = ? AND (r.epoch_number, r.seq) < (?, ?) ORDER BY r.epoch_number DESC, r.seq DESC LIMIT ?"""
REJECTIONS = """SELECT reason, count, first_at, last_at, last_seq, last_detail FROM rejections
WHERE terminal = ? ORDER BY last_at DESC, reason"""
