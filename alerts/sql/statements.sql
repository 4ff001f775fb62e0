-- put_mark
INSERT INTO marks VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value;
-- put_position
INSERT INTO positions VALUES (?, ?) ON CONFLICT DO UPDATE SET reached = max(reached, excluded.reached);
-- put_case
INSERT INTO cases VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET live = excluded.live, body = excluded.body;
-- put_alert
INSERT INTO alerts VALUES (?, ?);
-- put_event
INSERT INTO events VALUES (?, ?, ?);
-- put_told
INSERT INTO told VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body;
-- put_waiting
INSERT INTO waiting VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body;
-- drop_waiting
DELETE FROM waiting WHERE incident = ? AND person = ?;
-- put_held
INSERT INTO held VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body;
-- drop_held
DELETE FROM held WHERE person = ? AND incident = ?;
-- put_digest
INSERT INTO digests VALUES (?, ?, ?) ON CONFLICT DO NOTHING;
-- put_listed
INSERT INTO listed VALUES (?) ON CONFLICT DO NOTHING;
-- put_sent
INSERT INTO sent VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET day = excluded.day, mails = excluded.mails;
-- put_silence
INSERT INTO silences VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING;
-- put_verdict
INSERT INTO verdicts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET rule = excluded.rule, at = excluded.at, real = excluded.real;
-- put_mail
INSERT INTO outbox (number, recipient, name, content, state, next_at, made_at) VALUES (?, ?, ?, ?, 'queued', ?, ?);
-- due_mails
SELECT number, recipient, name, content, tries, made_at FROM outbox WHERE state = 'queued' AND (next_at <= ? OR tries = 0) ORDER BY number LIMIT ?;
-- settle_mail
UPDATE outbox SET state = ?, tries = ?, next_at = ? WHERE number = ?;
-- purge_mails
UPDATE outbox SET content = x'', state = iif(state = 'queued', 'failed', state) WHERE made_at < ? AND length(content) > 0;
-- give_up_mails
UPDATE outbox SET state = 'failed' WHERE state = 'queued' AND made_at < ?;
-- queued_mails
SELECT count(*) FROM outbox WHERE state = 'queued';
-- marks
SELECT name, value FROM marks;
-- positions
SELECT part, reached FROM positions;
-- live_cases
SELECT body FROM cases WHERE live = 1 ORDER BY incident;
-- one_case
SELECT body FROM cases WHERE incident = ?;
-- told
SELECT told.incident, told.person, told.body FROM told JOIN cases USING (incident) WHERE cases.live = 1;
-- waiting
SELECT body FROM waiting ORDER BY incident, person;
-- held
SELECT body FROM held ORDER BY person, incident;
-- listed
SELECT number FROM listed;
-- sent
SELECT person, day, mails FROM sent;
-- silences
SELECT about, until, who, why FROM silences ORDER BY about, until, who;
-- verdicts
SELECT incident, rule, at, real FROM verdicts;
-- alerts
SELECT body FROM alerts WHERE number > ? ORDER BY number;
-- events
SELECT seq, body FROM events WHERE seq > ? ORDER BY seq;
-- events_of
SELECT body FROM events WHERE incident = ? ORDER BY seq;
-- put_audit
INSERT INTO audit VALUES (?, ?, ?);
-- last_audit
SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1;
-- audits
SELECT seq, body, hash FROM audit ORDER BY seq;
