/*
 * schema.c - the tables of version 1.
 *
 * A column has the name of the struct member it fills; where that is a word of
 * SQL, the table of fields in the subject's file says which.  People are
 * numbers everywhere but in people and identities.  Tables marked $CLUSTERED
 * are kept in the order of their key: the key is the index.
 *
 * What a tick asks, and what answers:
 *
 *   question                                     answered by
 *   the log behind a cursor; whom it is about    log (seq)
 *   was a record with this id here before        seen (hash)
 *   a person's events, by name or its beginning  history (person, name, at_s)
 *   who has this identity                        identities (kind, value)
 *   a person's identities                        identities_person
 *   who has this number                          numbers (number, person)
 *   people one after the other (rebuild)         people (person)
 *   who was merged into this person              people_merged
 *   a device by token                            devices unique (kind, token)
 *   a person's devices                           devices_person
 *   may this number be texted                    consent_state (key)
 *   a person's or a number's proof               consents_person, _number
 *   is it suppressed                             suppressions (kind, value_key)
 *   open reviews                                 reviews_open
 *   a person's subscriptions                     subscriptions (person, topic)
 *   is a person in a segment; who is             members (segment, person)
 *   a person's segments                          members_person
 *   timers that are due                          timers_due
 *   runs that are due                            enrolments_due
 *   runs that an event may concern               enrolments_watch
 *   the newest run, for re-entry                 enrolments unique (workflow …)
 *   live runs of a workflow                      enrolments_workflow
 *   messages to gate; claims over their limit    messages_wake
 *   places taken under the caps                  messages_caps
 *   a run's messages, to cancel them             messages_enrolment
 *   a person's messages                          messages_person
 *   whose reply is it                            messages_address
 *   hand-overs within a span                     messages_accepted
 *   a message by the provider's id               attempts_provider
 *   what happened to a person's messages         metrics_person
 *   what happened to a message                   metrics (message, metric …)
 *   decisions about a person; within a span      decisions_person, _at
 *   a link by its token                          links (token)
 *   links of a message, clicks of a link         links_message, clicks_token
 *   sums since a day: budget, brake, reports     counters (day, …)
 *   newest runs of a command                     runs_command
 */
#include "store/schema.h"

const char *const jr_schema_1[] = {
	/* What came in. */
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
	"CREATE TABLE cursors (name TEXT PRIMARY KEY, seq BIGINT NOT NULL)",
	"CREATE TABLE log (seq $KEY, kind SMALLINT NOT NULL,"
	" flags SMALLINT NOT NULL, person BIGINT NOT NULL, name TEXT,"
	" at_s BIGINT NOT NULL, received_s BIGINT NOT NULL, id TEXT,"
	" data TEXT)",
	/* An index of log, as a table: so that a batch is put in in order. */
	"CREATE TABLE history (person BIGINT NOT NULL, name TEXT NOT NULL,"
	" at_s BIGINT NOT NULL, seq BIGINT NOT NULL, kind SMALLINT NOT NULL,"
	" PRIMARY KEY (person, name, at_s, seq)) $CLUSTERED",
	"CREATE TABLE seen (hash $KEY, seq BIGINT NOT NULL)",

	/* People. */
	"CREATE TABLE people (person $SERIAL, id TEXT NOT NULL,"
	" state SMALLINT NOT NULL, merged_into BIGINT NOT NULL,"
	" attributes TEXT, times TEXT, zone TEXT, created_s BIGINT NOT NULL,"
	" updated_s BIGINT NOT NULL)",
	"CREATE INDEX people_merged ON people (merged_into)"
	" WHERE merged_into > 0",
	"CREATE TABLE identities (kind SMALLINT NOT NULL, value TEXT NOT NULL,"
	" person BIGINT NOT NULL, PRIMARY KEY (kind, value)) $CLUSTERED",
	"CREATE INDEX identities_person ON identities (person)",
	"CREATE TABLE numbers (number TEXT NOT NULL, person BIGINT NOT NULL,"
	" PRIMARY KEY (number, person)) $CLUSTERED",
	"CREATE INDEX numbers_person ON numbers (person)",
	"CREATE TABLE devices (device $SERIAL, person BIGINT NOT NULL,"
	" kind TEXT NOT NULL, token TEXT NOT NULL, platform TEXT, app TEXT,"
	" environment TEXT, attributes TEXT, enabled SMALLINT NOT NULL,"
	" registered_ms BIGINT NOT NULL, last_used_s BIGINT NOT NULL,"
	" gone_ms BIGINT NOT NULL, gone_reason TEXT, UNIQUE (kind, token))",
	"CREATE INDEX devices_person ON devices (person)",

	/* What they allow. */
	"CREATE TABLE consents (consent_row $KEY, person BIGINT NOT NULL,"
	" number TEXT, number_key TEXT NOT NULL, channel SMALLINT NOT NULL,"
	" scope TEXT NOT NULL, agreed SMALLINT NOT NULL, at_s BIGINT NOT NULL,"
	" recorded_s BIGINT NOT NULL, ip TEXT, agent TEXT, source TEXT,"
	" disclosure TEXT, disclosure_sha TEXT, method TEXT, evidence TEXT,"
	" log_seq BIGINT NOT NULL, erased SMALLINT NOT NULL, nonce TEXT,"
	" digest TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL)",
	"CREATE INDEX consents_person ON consents (person, consent_row)",
	"CREATE INDEX consents_number ON consents (number_key, consent_row)",
	"CREATE TABLE consent_state (number_key TEXT NOT NULL,"
	" channel SMALLINT NOT NULL, scope TEXT NOT NULL,"
	" person BIGINT NOT NULL, in_s BIGINT NOT NULL,"
	" in_row BIGINT NOT NULL, out_s BIGINT NOT NULL,"
	" out_row BIGINT NOT NULL,"
	" PRIMARY KEY (number_key, channel, scope, person)) $CLUSTERED",
	"CREATE INDEX consent_state_person ON consent_state (person)",
	"CREATE TABLE suppressions (kind SMALLINT NOT NULL,"
	" value_key TEXT NOT NULL, at_s BIGINT NOT NULL, reason TEXT,"
	" source TEXT, PRIMARY KEY (kind, value_key)) $CLUSTERED",
	"CREATE TABLE reviews (review $SERIAL, person BIGINT NOT NULL,"
	" number TEXT, at_s BIGINT NOT NULL, text TEXT,"
	" log_seq BIGINT NOT NULL, done_s BIGINT NOT NULL, done_by TEXT,"
	" verdict TEXT)",
	"CREATE INDEX reviews_open ON reviews (done_s, review)",
	"CREATE INDEX reviews_person ON reviews (person)",
	"CREATE INDEX reviews_number ON reviews (number)",
	"CREATE TABLE subscriptions (person BIGINT NOT NULL,"
	" topic TEXT NOT NULL, subscribed SMALLINT NOT NULL,"
	" at_s BIGINT NOT NULL, PRIMARY KEY (person, topic)) $CLUSTERED",

	/* Who is where. */
	"CREATE TABLE segments (segment $SERIAL, name TEXT NOT NULL UNIQUE,"
	" hash TEXT, text TEXT, manual SMALLINT NOT NULL,"
	" built_s BIGINT NOT NULL, size BIGINT NOT NULL)",
	"CREATE TABLE members (segment BIGINT NOT NULL,"
	" person BIGINT NOT NULL, since_s BIGINT NOT NULL,"
	" PRIMARY KEY (segment, person)) $CLUSTERED",
	"CREATE INDEX members_person ON members (person)",
	"CREATE TABLE timers (kind SMALLINT NOT NULL, owner TEXT NOT NULL,"
	" person BIGINT NOT NULL, due_s BIGINT NOT NULL, note TEXT,"
	" PRIMARY KEY (kind, owner, person)) $CLUSTERED",
	"CREATE INDEX timers_due ON timers (kind, due_s, owner, person)",
	"CREATE INDEX timers_person ON timers (person)",
	"CREATE TABLE versions (hash TEXT PRIMARY KEY,"
	" workflow TEXT NOT NULL, text TEXT NOT NULL,"
	" first_s BIGINT NOT NULL)",
	"CREATE TABLE enrolments (enrolment $SERIAL, workflow TEXT NOT NULL,"
	" version TEXT NOT NULL, person BIGINT NOT NULL, key TEXT NOT NULL,"
	" run BIGINT NOT NULL, entered_s BIGINT NOT NULL,"
	" trigger_seq BIGINT NOT NULL, trigger_s BIGINT NOT NULL, step TEXT,"
	" state SMALLINT NOT NULL, due_s BIGINT NOT NULL,"
	" watch_s BIGINT NOT NULL, goal_s BIGINT NOT NULL,"
	" ended_s BIGINT NOT NULL, end_reason TEXT, vars TEXT,"
	" UNIQUE (workflow, person, key, run))",
	"CREATE INDEX enrolments_due ON enrolments (due_s, enrolment)"
	" WHERE state = 1",
	"CREATE INDEX enrolments_watch ON enrolments (person, watch_s)",
	"CREATE INDEX enrolments_workflow ON enrolments (workflow, enrolment)"
	" WHERE state = 1",

	/* What they are sent. */
	"CREATE TABLE messages (id TEXT PRIMARY KEY,"
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
	"CREATE INDEX messages_wake ON messages (state, wake_s)",
	"CREATE INDEX messages_person ON messages (person, due_s)",
	"CREATE INDEX messages_caps ON messages (person, channel, counted_s)"
	" WHERE counted_s > 0",
	"CREATE INDEX messages_enrolment ON messages (enrolment)",
	"CREATE INDEX messages_address ON messages (address, channel,"
	" accepted_s) WHERE accepted_s > 0",
	"CREATE INDEX messages_accepted ON messages (accepted_s)"
	" WHERE accepted_s > 0",
	"CREATE TABLE re_permissions (number_key TEXT PRIMARY KEY,"
	" message TEXT NOT NULL)",
	"CREATE INDEX re_permissions_message ON re_permissions (message)",
	"CREATE TABLE attempts (message TEXT NOT NULL,"
	" attempt BIGINT NOT NULL, device BIGINT NOT NULL,"
	" started_s BIGINT NOT NULL, ended_s BIGINT NOT NULL,"
	" state SMALLINT NOT NULL, provider TEXT, provider_id TEXT,"
	" code TEXT, reason TEXT, cost_micros BIGINT NOT NULL, currency TEXT,"
	" PRIMARY KEY (message, attempt, device)) $CLUSTERED",
	"CREATE INDEX attempts_provider ON attempts (provider, provider_id)"
	" WHERE provider_id IS NOT NULL",
	/* first: 1 for the first of the devices.  Day, provider and country are
	 * those it counts under, whatever becomes of the message later. */
	"CREATE TABLE metrics (message TEXT NOT NULL,"
	" metric SMALLINT NOT NULL, device BIGINT NOT NULL,"
	" person BIGINT NOT NULL, at_s BIGINT NOT NULL, day BIGINT NOT NULL,"
	" provider TEXT, country TEXT, seq BIGINT NOT NULL,"
	" first SMALLINT NOT NULL,"
	" PRIMARY KEY (message, metric, device)) $CLUSTERED",
	"CREATE INDEX metrics_person ON metrics (person, metric, at_s)",
	"CREATE TABLE links (token TEXT PRIMARY KEY, message TEXT NOT NULL,"
	" url TEXT NOT NULL, created_s BIGINT NOT NULL,"
	" expires_s BIGINT NOT NULL) $CLUSTERED",
	"CREATE INDEX links_message ON links (message)",
	"CREATE TABLE clicks (click $SERIAL, token TEXT NOT NULL,"
	" at_s BIGINT NOT NULL, agent TEXT, bot SMALLINT NOT NULL,"
	" seq BIGINT NOT NULL)",
	"CREATE INDEX clicks_token ON clicks (token)",

	/* Why, and how much. */
	"CREATE TABLE decisions (decision $SERIAL, at_s BIGINT NOT NULL,"
	" person BIGINT NOT NULL, workflow TEXT, step TEXT,"
	" enrolment BIGINT NOT NULL, message TEXT, gate TEXT, verdict TEXT,"
	" reason TEXT, details TEXT, opens_s BIGINT NOT NULL)",
	"CREATE INDEX decisions_person ON decisions (person, decision)",
	"CREATE INDEX decisions_at ON decisions (at_s)",
	"CREATE TABLE holds (workflow TEXT NOT NULL, held_s BIGINT NOT NULL,"
	" held_by TEXT, reason TEXT, released_s BIGINT NOT NULL,"
	" released_by TEXT, PRIMARY KEY (workflow, held_s)) $CLUSTERED",
	"CREATE TABLE senders (provider TEXT NOT NULL, sender TEXT NOT NULL,"
	" status TEXT, details TEXT, checked_s BIGINT NOT NULL,"
	" PRIMARY KEY (provider, sender)) $CLUSTERED",
	"CREATE TABLE counters (day BIGINT NOT NULL, workflow TEXT NOT NULL,"
	" step TEXT NOT NULL, variant TEXT NOT NULL,"
	" channel SMALLINT NOT NULL, provider TEXT NOT NULL,"
	" country TEXT NOT NULL, counted SMALLINT NOT NULL,"
	" n BIGINT NOT NULL, segments BIGINT NOT NULL,"
	" cost_micros BIGINT NOT NULL, PRIMARY KEY (day, workflow, step,"
	" variant, channel, provider, country, counted)) $CLUSTERED",
	"CREATE TABLE runs (run $SERIAL, command TEXT NOT NULL, version TEXT,"
	" host TEXT, pid BIGINT NOT NULL, started_ms BIGINT NOT NULL,"
	" ended_ms BIGINT NOT NULL, exit_code SMALLINT NOT NULL, counts TEXT,"
	" note TEXT)",
	"CREATE INDEX runs_command ON runs (command, run)",

	/*
	 * Messages that must not be handed over now, whoever asks: to someone
	 * who is not there or suppressed; to a number that is unknown, or
	 * suppressed, or without a yes that is newer than every no.  Channels
	 * 1 and 4 are SMS and WhatsApp; purpose 4 asks for the first yes, once
	 * for each number, and not of who said no.
	 */
	"CREATE VIEW forbidden AS SELECT m.id AS id FROM messages m"
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
