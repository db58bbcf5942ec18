/*
 * A simulation jumps from one instant that matters to the next, and leaves out
 * events that nobody listens to: the same must come of it as of stopping at
 * each tick of cron and taking in everything.
 *
 * Each seed is a history of random records with some of the definitions below.
 * Seeds count from JR_SEED, so that a failure comes again; JR_HISTORIES is how
 * many.
 */
#include "base/doc.h"
#include "base/error.h"
#include "flow/ingest/ingest.h"
#include "flow/simulate/impl.h"
#include "store/erase.h"
#include "ok.h"
#include "unit.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HISTORIES 40
#define PARTS 4 /* each a case of its own, so that they fit its time */
#define PEOPLE 8
#define RECORDS 160
#define START_S ((gint64)1793620800) /* 2026-11-02T12:00:00Z */
#define DAY_S 86400
#define DAYS 12

static const char jr_yaml[] =
	"timezone: America/New_York\n"
	"brand: Acme\n"
	"channels: {sms: {provider: sandbox}, push: {provider: sandbox}}\n"
	"caps: {sms: [\"1 per 24h\"], push: \"2 per 24h\"}\n"
	"senders: {main: {from: \"+12065550100\", type: 10dlc,"
	" registered: true}}\n";

static const char segments_yaml[] =
	"pro: plan == \"pro\"\n"
	"lately: happened(\"y\" within 2d)\n"
	"often: count(\"x\" within 3d) >= 2\n"
	"lapsed: happened(\"x\") and not happened(\"x\" within 50h)\n"
	"soon: ends_at within next 36h\n"
	"newcomers: created_at within last 1d\n"
	"nameless: not has plan\n";

/* What a workflow says beside its name and its approval. */
static const char *const workflows[] = {
	"trigger: {event: x}\n"
	"reentry: always\n"
	"goal: {event: won, within: 2d}\n"
	"steps: [{wait: 5h}, {sms: {id: a, body: 'Hi', cap: defer,"
	" deadline: 3d}}, {wait: 1d}, {push: {id: b, title: T, body: B}}]\n",
	/* A filter that time changes: each event may find it out. */
	"trigger: {event: x}\n"
	"filter: hour(now) >= 9 and hour(now) < 21\n"
	"settle: 3h\n"
	"reentry: 1d\n"
	"exit: {on: [filter]}\n"
	"steps: [{wait: 7h}, {push: {id: a, title: T, body: B}}]\n",
	"trigger: {event: y}\n"
	"reentry: always\n"
	"steps: [{wait_for: {id: w, event: came, timeout: 30h,"
	" then: [{push: {id: a, title: T, body: B}}],"
	" else: [{sms: {id: b, body: Hi}}]}}]\n",
	"trigger: {enters: lapsed}\n"
	"reentry: always\n"
	"filter: plan != \"free\"\n"
	"exit: {on: [filter], events: [quit]}\n"
	"steps: [{wait: 9h}, {push: {id: a, title: T, body: B}}]\n",
	"trigger: {leaves: often}\n"
	"reentry: 12h\n"
	"goal: {enters: lately, within: 3d}\n"
	"exit: {on: [goal]}\n"
	"steps: [{wait: {until: '09:30'}}, {push: {id: a, title: T,"
	" body: B}}, {wait: 40h}, {sms: {id: b, body: Hi, deadline: 20h}}]\n",
	"trigger: {date: ends_at, offset: -1d}\n"
	"steps: [{sms: {id: a, body: Hi, deadline: 30h, cap: defer}}]\n",
	"trigger: {schedule: {segment: pro, at: '10:00', days: [tue, fri]}}\n"
	"steps: [{push: {id: a, title: T, body: B}}]\n",
	"trigger: {event: q}\n"
	"reentry: always\n"
	"steps: [{wait_for: {id: w, condition: 'happened(\"xy\" within 1d)',"
	" timeout: 2d, then: [{track: {event: z}}]}},"
	" {branch: [{if: plan == \"pro\", then: [{push: {id: a, title: T,"
	" body: B}}]}]}]\n",
	/* Whoever comes into being, by whatever it is. */
	"trigger: {enters: nameless}\n"
	"steps: [{wait: 1h}, {track: {event: came}}]\n",
	/* Names that begin so. */
	"trigger: {event: x}\n"
	"reentry: 2d\n"
	"filter: count(\"pre*\" within 4d) < 1\n"
	"steps: [{wait: 1d}, {push: {id: a, title: T, body: B}}]\n",
};

typedef struct {
	char *folder, *config, *state;
	GRand *rand;
	guint seed;
} Case;

static guint pick(Case *c, guint n)
{
	return (guint)g_rand_int_range(c->rand, 0, (gint32)n);
}

static void write_file(const Case *c, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(c->folder, name, NULL);

	OK(g_file_set_contents(path, text, -1, &failed));
}

/* Each workflow is there in half of the histories: what one listens to would
 * hide that another does not. */
static void write_files(Case *c)
{
	write_file(c, "jr.yaml", jr_yaml);
	write_file(c, "segments.yaml", segments_yaml);
	for (guint i = 0; i < G_N_ELEMENTS(workflows); i++) {
		g_autofree char *name =
			g_strdup_printf("workflows/w%u.yaml", i);
		g_autofree char *text = g_strdup_printf(
			"name: w%u\napproved_by: a\napproved_on: 2026-01-01\n"
			"why_sms: a test\npriority: %u\nenabled: %s\n%s",
			i, i, pick(c, 4) ? "true" : "false", workflows[i]);

		if (pick(c, 2))
			write_file(c, name, text);
	}
}

/* ---- what happened ---- */

static void say_event(Case *c, GString *said)
{
	static const char *const names[] = {
		"x",	"x",	"x",	"y",	"z",	"q",	"xy",
		"won",	"won",	"came", "came", "quit", "quit", "pre_1",
		"idle", "idle", "idle", "idle", "idle", "idle",
	};

	g_string_append_printf(said,
			       "\"action\":\"event\",\"name\":\"%s\","
			       "\"id\":\"%u\"",
			       names[pick(c, G_N_ELEMENTS(names))],
			       (guint)said->len);
}

static void say_identify(Case *c, GString *said)
{
	static const char *const attributes[] = {
		"\"plan\":\"pro\"", "\"plan\":\"free\"",
		"\"timezone\":\"Asia/Kathmandu\"",
		"\"timezone\":\"Europe/London\""
	};

	g_string_append(said, "\"action\":\"identify\",\"attributes\":{");
	if (pick(c, 3))
		g_string_append(said,
				attributes[pick(c, G_N_ELEMENTS(attributes))]);
	else
		g_string_append_printf(said, "\"%s\":%" G_GINT64_FORMAT,
				       pick(c, 2) ? "ends_at" : "created_at",
				       START_S + pick(c, DAYS * DAY_S));
	g_string_append_c(said, '}');
}

static void say_agreed(Case *c, GString *said)
{
	g_string_append_printf(
		said,
		"\"action\":\"identify\",\"attributes\":{"
		"\"phone\":\"+1206555%04u\","
		"\"sms_consent\":true,\"sms_consent_at\":%" G_GINT64_FORMAT
		",\"sms_consent_ip\":\"192.0.2.1\"}",
		pick(c, 9000), START_S);
}

static void say_device(Case *c, GString *said)
{
	g_string_append_printf(said,
			       "\"action\":\"add_device\",\"device\":{"
			       "\"token\":\"t%u\",\"platform\":\"ios\"}",
			       pick(c, 20));
}

/* Often at a full minute, or at that of another. */
static gint64 some_time(Case *c)
{
	gint64 at_s = START_S - DAY_S + pick(c, DAYS * DAY_S);

	return pick(c, 3) ? at_s : at_s - at_s % 600;
}

static void say_something(Case *c, GString *said)
{
	static void (*const all[])(Case *, GString *) = {
		say_event, say_event,	 say_event,  say_event,
		say_event, say_identify, say_agreed, say_device,
	};

	g_string_append_printf(said,
			       "{\"type\":\"person\",\"identifiers\":{\"id\":"
			       "\"u%u\"},\"timestamp\":%" G_GINT64_FORMAT ",",
			       pick(c, PEOPLE), some_time(c));
	all[pick(c, G_N_ELEMENTS(all))](c, said);
	g_string_append(said, "}\n");
}

static void open_flow(const Case *c, JrFlow *flow)
{
	JrCli cli = { .name = "jr-ingest",
		      .config = c->config,
		      .state = c->state,
		      .clock = { TRUE,
				 (START_S + (DAYS + 1) * DAY_S) * 1000 } };

	OK(jr_flow_open(flow, &cli, JR_FLOW_WRITES, &failed));
	g_ptr_array_unref(cli.shown);
	g_clear_pointer(&flow->out, jr_writer_free);
}

static void happen(Case *c, JrFlow *flow)
{
	g_autofree char *path = g_build_filename(c->folder, "records", NULL);
	g_autofree char *rejects = g_build_filename(c->folder, "rejects", NULL);
	const JrIngestOptions options = { .max_age_s = -1,
					  .backfill = TRUE,
					  .rejects = rejects };
	g_autoptr(GString) said = g_string_new(NULL);
	int fd;

	for (guint i = 0; i < RECORDS; i++)
		say_something(c, said);
	write_file(c, "records", said->str);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	g_autoptr(JrReader) reader = jr_reader_new(fd, "records");
	g_autoptr(JrIngest) in = jr_ingest_new(flow, &options, &failed);
	OK(in != NULL);
	OK(jr_ingest_read(in, reader, &failed));
	OK(jr_ingest_finish(in, &failed));
	ck_assert_int_eq(jr_ingest_refused(in), 0);
	close(fd);
}

/* ---- what comes of it ---- */

/* Of all that a world keeps: what is about journeys, messages and segments. */
static const char *const tables[] = {
	"attempts", "counters", "decisions", "enrolments", "holds", "members",
	"messages", "metrics",	"people",    "segments",   NULL,
};

/* Which row of the log it was, what the state's own secret made of a number,
 * and when the pages of a build ended. */
static const char *const others[] = { "trigger_seq", "seq", "number_key" };

static gboolean add_line(const char *line, gsize len, gpointer user)
{
	GString *answer = user;
	g_autoptr(json_t) doc = json_loadb(line, len, 0, NULL);
	g_autofree char *text = NULL;

	ck_assert_ptr_nonnull(doc);
	if (!g_strv_contains(tables,
			     json_string_value(json_object_get(doc, "table"))))
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		json_object_del(json_object_get(doc, "row"), others[i]);
	text = json_dumps(doc, JSON_COMPACT);
	g_string_append_printf(answer, "%s\n", text);
	return TRUE;
}

typedef struct {
	JrFlow *flow;
	JrSimulateAsk ask;
	guint ticks;
	GString *answer;
} Life;

static gboolean count(gpointer user, gint64 at_s G_GNUC_UNUSED,
		      GError **error G_GNUC_UNUSED)
{
	((Life *)user)->ticks++;
	return TRUE;
}

static gboolean live(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Life *life = data;
	g_autoptr(JrWorld) world = jr_world_new(life->flow, NULL, error);

	if (!world || !jr_world_live(world, &life->ask, count, life, error))
		return FALSE;
	return jr_store_dump(world->flow.db, 0, 0, add_line, life->answer,
			     error);
}

static gboolean compare(const Case *c, JrFlow *flow, gint64 every_s)
{
	const JrSimulateAsk ask = { .from_s = START_S,
				    .until_s = START_S + DAYS * DAY_S,
				    .every_s = every_s };
	Life jumps = { flow, ask, 0, g_string_new(NULL) }, plods = jumps;

	gboolean decided;

	plods.ask.plodding = TRUE;
	plods.answer = g_string_new(NULL);
	OK(jr_db_read(flow->db, live, &jumps, &failed));
	OK(jr_db_read(flow->db, live, &plods, &failed));
	ck_assert_msg(jumps.ticks < plods.ticks, "seed %u: it does not jump",
		      c->seed);
	if (!g_str_equal(jumps.answer->str, plods.answer->str)) {
		write_file(c, "jumps", jumps.answer->str);
		write_file(c, "plods", plods.answer->str);
		ck_abort_msg("seed %u: diff %s/{jumps,plods}", c->seed,
			     c->folder);
	}
	decided = strstr(jumps.answer->str, "\"gate\":") != NULL;
	g_string_free(jumps.answer, TRUE);
	g_string_free(plods.answer, TRUE);
	return decided;
}

static void remove_all(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			remove_all(path);
		else
			g_unlink(path);
	}
	g_dir_close(dir);
	g_rmdir(folder);
}

/* Whether a gate decided on anything. */
static gboolean try_seed(guint seed)
{
	static const gint64 everies_s[] = { 300, 600, 1200, 3600 };
	gboolean decided;
	Case c = { .seed = seed, .rand = g_rand_new_with_seed(seed) };
	JrFlow flow = { 0 };

	c.folder = g_dir_make_tmp("jr-unit-XXXXXX", NULL);
	c.config = g_build_filename(c.folder, "jr.yaml", NULL);
	c.state = g_build_filename(c.folder, "jr.db", NULL);
	g_autofree char *folder = g_build_filename(c.folder, "workflows", NULL);
	g_mkdir(folder, 0700);
	write_files(&c);
	open_flow(&c, &flow);
	happen(&c, &flow);
	decided = compare(&c, &flow,
			  everies_s[pick(&c, G_N_ELEMENTS(everies_s))]);
	OK(jr_flow_close(&flow, 0, &failed));
	remove_all(c.folder);
	g_free(c.folder);
	g_free(c.config);
	g_free(c.state);
	g_rand_free(c.rand);
	return decided;
}

static guint number_of(const char *variable, guint otherwise)
{
	const char *text = g_getenv(variable);

	return text ? (guint)strtoul(text, NULL, 10) : otherwise;
}

START_TEST(jumping_is_plodding)
{
	guint first = number_of("JR_SEED", 1);
	guint n = number_of("JR_HISTORIES", HISTORIES);
	guint decided = 0, tried = 0;

	for (guint i = (guint)_i; i < n; i += PARTS) {
		decided += try_seed(first + i);
		tried++;
	}
	ck_assert_int_gt(2 * decided, tried);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, jumping_is_plodding, 0, PARTS);
}
