-- The desk's ledger: one file, one writer. Bodies are msgpack of the value named in the comment.
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (part INTEGER PRIMARY KEY, reached INTEGER NOT NULL);
-- alerts.case.Case; live = 0 once nothing more is expected and nobody ever saw it.
CREATE TABLE IF NOT EXISTS cases (incident TEXT PRIMARY KEY, live INTEGER NOT NULL, body BLOB NOT NULL);
-- alerts.alert.Alert
CREATE TABLE IF NOT EXISTS alerts (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
-- answerable.incident.LedgerEvent
CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, incident TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS events_incident ON events (incident, seq);
-- alerts.case.Told: what each person was told last
CREATE TABLE IF NOT EXISTS told (incident TEXT, person TEXT, body BLOB NOT NULL, PRIMARY KEY (incident, person)) WITHOUT ROWID;
-- alerts.stages.Notice: orange that waits for company, and what the next digest lists
CREATE TABLE IF NOT EXISTS waiting (incident TEXT, person TEXT, body BLOB NOT NULL, PRIMARY KEY (incident, person)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (person TEXT, incident TEXT, body BLOB NOT NULL, PRIMARY KEY (person, incident)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS digests (at INTEGER, person TEXT, lines INTEGER NOT NULL, PRIMARY KEY (at, person)) WITHOUT ROWID;
-- numbers of held alerts that some digest has listed
CREATE TABLE IF NOT EXISTS listed (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS sent (person TEXT PRIMARY KEY, day TEXT NOT NULL, mails INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS silences (about TEXT, until INTEGER, who TEXT, why TEXT, PRIMARY KEY (about, until, who)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS verdicts (incident TEXT PRIMARY KEY, rule TEXT NOT NULL, at INTEGER NOT NULL, real INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  number INTEGER PRIMARY KEY, recipient TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')), tries INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL, made_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (next_at, number) WHERE state = 'queued';
CREATE INDEX IF NOT EXISTS outbox_body ON outbox (made_at) WHERE length(content) > 0;
-- Append-only: each hash covers the one before, so that an altered line is found.
CREATE TABLE IF NOT EXISTS audit (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TRIGGER IF NOT EXISTS audit_keeps BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
