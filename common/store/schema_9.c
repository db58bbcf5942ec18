/*
 * schema_9.c - what version 9 changes: a message has a number, and what is said
 * of it stands by that number.  Ids are as good as random, so that rows of one
 * batch were each on a page of their own; numbers rise as messages are planned,
 * so that those of a batch are side by side.
 *
 *   question                                     answered by
 *   a message by its id                          messages unique (id)
 *   a message's attempts, by device              attempts (message_row ...)
 *   what happened to a message                   metrics (message_row ...)
 */
#include "store/schema.h"

#define MESSAGE                                                                \
	"id, enrolment, workflow, version, step, variant, person,"             \
	" channel, purpose, priority, state, trigger_s, due_s,"                \
	" wake_s, deadline_s, address, number_key, scope, sender,"             \
	" country, content, segments, cost_micros, currency,"                  \
	" counted_s, attempts, accepted_s, settled_s, provider,"               \
	" provider_id, code, reason"

const char *const jr_schema_9[] = {
	"DROP VIEW forbidden",
	"CREATE TABLE messages_9 (message_row $SERIAL,"
	" id TEXT NOT NULL,"
	" enrolment BIGINT NOT NULL, workflow TEXT NOT NULL, version TEXT,"
	" step TEXT, variant TEXT, person BIGINT NOT NULL,"
	" channel SMALLINT NOT NULL, purpose SMALLINT NOT NULL,"
	" priority BIGINT NOT NULL, state SMALLINT NOT NULL,"
	" trigger_s BIGINT NOT NULL, due_s BIGINT NOT NULL,"
	" wake_s BIGINT NOT NULL, deadline_s BIGINT NOT NULL, address TEXT,"
	" number_key TEXT, scope TEXT, sender TEXT, country TEXT,"
	" content TEXT, segments BIGINT NOT NULL, cost_micros BIGINT NOT NULL,"
	" currency TEXT, counted_s BIGINT NOT NULL, attempts BIGINT NOT NULL,"
	" accepted_s BIGINT NOT NULL, settled_s BIGINT NOT NULL,"
	" provider TEXT, provider_id TEXT, code TEXT, reason TEXT)",
	"INSERT /* all */ INTO messages_9 (" MESSAGE ") SELECT " MESSAGE
	" FROM messages ORDER BY enrolment, due_s, id",
	/* Sorted at once: row by row each id would be put on a page of its own.
	 */
	"CREATE UNIQUE INDEX messages_id ON messages_9 (id)",
	"CREATE TABLE attempts_9 (message_row BIGINT NOT NULL,"
	" attempt BIGINT NOT NULL, device BIGINT NOT NULL,"
	" started_s BIGINT NOT NULL, ended_s BIGINT NOT NULL,"
	" state SMALLINT NOT NULL, provider TEXT, provider_id TEXT,"
	" code TEXT, reason TEXT, cost_micros BIGINT NOT NULL, currency TEXT,"
	" PRIMARY KEY (message_row, attempt, device)) $CLUSTERED",
	"INSERT /* all */ INTO attempts_9 (message_row, attempt,"
	" device, started_s, ended_s, state, provider, provider_id,"
	" code, reason, cost_micros, currency) SELECT"
	" m.message_row, a.attempt, a.device, a.started_s,"
	" a.ended_s, a.state, a.provider, a.provider_id, a.code,"
	" a.reason, a.cost_micros, a.currency FROM attempts a JOIN"
	" messages_9 m ON m.id = a.message ORDER BY m.message_row,"
	" a.attempt, a.device",
	/* first: 1 for the first of the devices.  Day, provider and country are
	 * those it counts under, whatever becomes of the message later. */
	"CREATE TABLE metrics_9 (message_row BIGINT NOT NULL,"
	" metric SMALLINT NOT NULL, device BIGINT NOT NULL,"
	" person BIGINT NOT NULL, at_s BIGINT NOT NULL, day BIGINT NOT NULL,"
	" provider TEXT, country TEXT, seq BIGINT NOT NULL,"
	" first SMALLINT NOT NULL,"
	" PRIMARY KEY (message_row, metric, device)) $CLUSTERED",
	"INSERT /* all */ INTO metrics_9 (message_row, metric,"
	" device, person, at_s, day, provider, country, seq, first)"
	" SELECT m.message_row, t.metric, t.device, t.person,"
	" t.at_s, t.day, t.provider, t.country, t.seq, t.first FROM"
	" metrics t JOIN messages_9 m ON m.id = t.message ORDER BY"
	" m.message_row, t.metric, t.device",
	"DROP TABLE attempts",
	"ALTER TABLE attempts_9 RENAME TO attempts",
	"DROP TABLE metrics",
	"ALTER TABLE metrics_9 RENAME TO metrics",
	"DROP TABLE messages",
	"ALTER TABLE messages_9 RENAME TO messages",
	"CREATE INDEX messages_wake ON messages (state, wake_s)",
	"CREATE INDEX messages_person ON messages (person, due_s)",
	"CREATE INDEX messages_caps ON messages (person, channel, counted_s)"
	" WHERE counted_s > 0",
	"CREATE INDEX messages_enrolment ON messages (enrolment)",
	"CREATE INDEX messages_address ON messages (address, channel,"
	" accepted_s) WHERE accepted_s > 0 AND address IS NOT NULL",
	"CREATE INDEX messages_accepted ON messages (accepted_s)"
	" WHERE accepted_s > 0",
	"CREATE INDEX messages_sender ON messages (sender, counted_s,"
	" segments) WHERE counted_s > 0 AND sender IS NOT NULL",
	"CREATE INDEX attempts_provider ON attempts (provider, provider_id)"
	" WHERE provider_id IS NOT NULL",
	"CREATE INDEX metrics_person ON metrics (person, metric, at_s)",
	/* As in schema.c, and says its number. */
	"CREATE VIEW forbidden AS SELECT m.message_row AS message_row,"
	" m.id AS id FROM messages m"
	" WHERE NOT EXISTS (SELECT 1 FROM people p WHERE p.person = m.person"
	"  AND p.state = 1)"
	" OR (m.channel IN (1, 4) AND (m.number_key IS NULL"
	"  OR EXISTS (SELECT 1 FROM suppressions s WHERE s.kind = 1"
	"   AND s.value_key = m.number_key)"
	"  OR (m.purpose = 4 AND (EXISTS (SELECT 1 FROM re_permissions r"
	"    WHERE r.number_key = m.number_key AND r.message <> m.id)"
	"   OR EXISTS (SELECT 1 FROM consent_state n"
	"    WHERE n.number_key = m.number_key AND n.channel = m.channel"
	"    AND n.out_s > 0)))"
	"  OR (m.purpose <> 4 AND NOT EXISTS (SELECT 1 FROM consent_state y"
	"   WHERE y.number_key = m.number_key AND y.channel = m.channel"
	"   AND y.scope IN ('', COALESCE(m.scope, ''))"
	"   AND y.person = m.person"
	"   AND y.in_s > COALESCE((SELECT MAX(n.out_s) FROM consent_state n"
	"    WHERE n.number_key = m.number_key AND n.channel = m.channel"
	"    AND n.scope IN ('', COALESCE(m.scope, ''))), 0)"
	"   AND y.in_s > COALESCE((SELECT MAX(o.out_s) FROM consent_state o"
	"    WHERE o.number_key = '' AND o.channel = m.channel"
	"    AND o.scope IN ('', COALESCE(m.scope, ''))"
	"    AND o.person = m.person), 0)))))",
	NULL,
};
