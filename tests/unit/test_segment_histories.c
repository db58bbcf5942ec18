/*
 * Whatever happened, in whatever order: the members that were found step by
 * step are those that looking at everyone from nothing finds.
 *
 * A history is a state of its own, to which random records come (late ones,
 * merges, deletions, attributes that go, lists) while time goes by and
 * definitions change.  After each step all people are asked anew, by another
 * way than jr-segment's own; at the end a rebuild finds nothing amiss.  Seeds
 * count from JR_SEED, so that a failure comes again; JR_HISTORIES is how many.
 */
#include "base/error.h"
#include "flow/facts_store.h"
#include "flow/ingest/ingest.h"
#include "flow/segment/segment.h"
#include "io/json.h"
#include "store/conn.h"
#include "store/lists.h"
#include "store/people.h"
#include "store/segments.h"
#include "ok.h"
#include "unit.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HISTORIES 2000
#define PARTS 8 /* each a case of its own, so that they fit its time */
#define STEPS 8
#define PEOPLE 5
#define RECORDS 6 /* at most, in a step */
#define START_S ((gint64)1793800800)
#define DAY_S 86400

/* Definitions: of each the first is there at first. */
static const struct {
	const char *name;
	const char *forms[3];
} defs[] = {
	{ "plain", { "plan == \"pro\"", "plan != \"pro\"", NULL } },
	{ "number", { "score >= 3 and score < 7", "score > 2", NULL } },
	{ "gone", { "has address.city", "address.city == null", NULL } },
	{ "often",
	  { "count(\"x\" within 3d) >= 2", "count(\"x\" within 5d) >= 2",
	    "count(\"x\") == 1" } },
	{ "lately", { "happened(\"y\" within 1d)", NULL, NULL } },
	{ "odd",
	  { "in_segment(\"often\") and not in_segment(\"lately\")",
	    "in_segment(\"often\") or in_segment(\"plain\")", NULL } },
	{ "odder", { "not in_segment(\"odd\")", NULL, NULL } },
	{ "soon", { "ends_at within next 36h", "ends_at before now", NULL } },
	{ "total",
	  { "sum(event.n of \"x\" within 7d) > 5",
	    "max(event.n of \"x\" since 9d ago before 2d ago) >= 3", NULL } },
	{ "left",
	  { "happened(\"x\" not followed by \"y\" within 24h)",
	    "happened(\"x\" not followed by \"y\")", NULL } },
	{ "paid",
	  { "happened(\"x\" where event.n > 1 followed by \"y\" within 30h "
	    "with same event.k)",
	    NULL, NULL } },
	{ "day",
	  { "hour(now) >= 9 and hour(now) < 17 and weekday(now) <= 5",
	    "date(now) == date(born)", NULL } },
	{ "lot", { "bucket(\"q\") < 0.5", "bucket(\"r\") < 0.3", NULL } },
	{ "phone", { "has device_token", "has_device(\"ios\")", NULL } },
	{ "news", { "subscribed(\"topic_1\")", NULL, NULL } },
	{ "first", { "first(\"x\") < 5d ago", "last(\"y\") > 4d ago", NULL } },
	{ "kinds",
	  { "distinct(event.k of \"*\" within 9d) >= 2",
	    "distinct(event.k of \"x*\") >= 2", NULL } },
	{ "told",
	  { "happened(delivered sms within 2d)",
	    "count(opened workflow \"w\" step \"s\" within 9d) > 0", NULL } },
	{ "fate",
	  { "not happened(\"*\" within 4d) and created_at <= 2d ago", NULL,
	    NULL } },
};

#define LISTS 3 /* by records, in a file, and one that asks for both */

typedef struct {
	char *folder, *state, *segments, *ids;
	char *blank; /* a state in which nothing happened yet */
	gssize blank_bytes;
	GRand *rand;
	JrFlow flow;
	JrSegmentFile *file;
	guint form[G_N_ELEMENTS(
		defs)]; /* which of its forms; none: forms end */
	gboolean dropped[G_N_ELEMENTS(defs)];
	gint64 now_s;
	guint seed, step, messages;
	GString *said; /* what came, for whoever must understand a failure */
} World;

static guint pick(World *w, guint n)
{
	return (guint)g_rand_int_range(w->rand, 0, (gint32)n);
}

static gboolean once_in(World *w, guint n)
{
	return pick(w, n) == 0;
}

/* ---- what comes in ---- */

/* When it happened: just now, or a while ago. */
static gint64 some_time(World *w)
{
	static const gint64 back_s[] = {
		0,     0,	  60,	 3600,	    7200,      DAY_S - 1,
		DAY_S, DAY_S + 1, 90000, 2 * DAY_S, 5 * DAY_S, 20 * DAY_S
	};

	return w->now_s - back_s[pick(w, G_N_ELEMENTS(back_s))] -
	       (once_in(w, 2) ? pick(w, 3000) : 0);
}

static void begin_record(World *w, const char *action)
{
	g_string_append_printf(
		w->said,
		"{\"type\":\"person\",\"identifiers\":{\"id\":\"u%u\"},"
		"\"timestamp\":%" G_GINT64_FORMAT ",\"action\":\"%s\"",
		pick(w, PEOPLE), some_time(w), action);
}

static void say_identify(World *w)
{
	static const char *const attributes[] = {
		"\"plan\":\"pro\"",
		"\"plan\":\"free\"",
		"\"plan\":null",
		"\"score\":5",
		"\"score\":9.5",
		"\"score\":null",
		"\"address\":{\"city\":\"Graz\"}",
		"\"address\":null",
		"\"timezone\":\"Asia/Kathmandu\"",
		"\"timezone\":\"America/New_York\"",
		"\"cio_subscription_preferences.topics.topic_1\":false",
		"\"cio_subscription_preferences.topics.topic_1\":true",
	};

	begin_record(w, "identify");
	g_string_append(w->said, ",\"attributes\":{");
	if (once_in(w, 3))
		g_string_append_printf(w->said, "\"%s\":%" G_GINT64_FORMAT,
				       once_in(w, 2) ? "ends_at" : "created_at",
				       w->now_s + (gint64)pick(w, 5 * DAY_S) -
					       2 * DAY_S);
	else if (once_in(w, 9))
		g_string_append_printf(w->said, "\"born\":%" G_GINT64_FORMAT,
				       w->now_s + pick(w, 2 * DAY_S));
	else
		g_string_append(w->said,
				attributes[pick(w, G_N_ELEMENTS(attributes))]);
	g_string_append(w->said, "}}\n");
}

static void say_event(World *w)
{
	static const char *const names[] = { "x", "x", "y", "xy", "z" };

	begin_record(w, once_in(w, 9) ? "page" : "event");
	g_string_append_printf(w->said,
			       ",\"name\":\"%s\",\"id\":\"%u-%u-%u\","
			       "\"attributes\":{\"n\":%u,\"k\":\"%c\"}}\n",
			       names[pick(w, G_N_ELEMENTS(names))], w->seed,
			       w->step, (guint)w->said->len, pick(w, 5),
			       'a' + pick(w, 2));
}

/* A device that another had is theirs no longer. */
static void say_device(World *w)
{
	gboolean add = !once_in(w, 3);

	begin_record(w, add ? "add_device" : "delete_device");
	g_string_append_printf(w->said,
			       ",\"device\":{\"token\":\"t%u\","
			       "\"platform\":\"%s\"}}\n",
			       pick(w, 3), once_in(w, 2) ? "ios" : "android");
}

static void say_merge(World *w)
{
	g_string_append_printf(
		w->said,
		"{\"type\":\"person\",\"action\":\"merge\","
		"\"timestamp\":%" G_GINT64_FORMAT
		",\"primary\":{\"id\":\"u%u\"},\"secondary\":{\"id\":\"u%u\"}}\n",
		w->now_s, pick(w, PEOPLE), pick(w, PEOPLE));
}

static void say_list(World *w)
{
	begin_record(w,
		     once_in(w, 3) ? "remove_from_segment" : "add_to_segment");
	g_string_append_printf(w->said, ",\"segment\":\"%s\"}\n",
			       once_in(w, 9) ? "nobody" : "friends");
}

static void say_delete(World *w)
{
	begin_record(w, "delete");
	g_string_append(w->said, "}\n");
}

static void say_delivery(World *w)
{
	static const char *const names[] = { "delivered", "opened", "clicked" };

	if (w->messages == 0)
		return;
	g_string_append_printf(
		w->said,
		"{\"type\":\"delivery\",\"action\":\"event\","
		"\"identifiers\":{\"id\":\"m_%u\"},\"name\":\"%s\","
		"\"timestamp\":%" G_GINT64_FORMAT "}\n",
		pick(w, w->messages), names[pick(w, G_N_ELEMENTS(names))],
		some_time(w));
}

static void say_something(World *w)
{
	static void (*const all[])(World *) = {
		say_event,    say_event,    say_event,	  say_event,
		say_event,    say_event,    say_identify, say_identify,
		say_identify, say_identify, say_device,	  say_delivery,
		say_delivery, say_list,
	};

	if (once_in(w, 30))
		say_merge(w);
	else if (once_in(w, 40))
		say_delete(w);
	else
		all[pick(w, G_N_ELEMENTS(all))](w);
}

/* A message that was sent to someone, for receipts to come. */
static gboolean send_one(JrDb *db, gpointer data, GError **error)
{
	World *w = data;
	g_autofree char *sql = g_strdup_printf(
		"INSERT INTO messages (id, enrolment, workflow, step, person,"
		" channel, purpose, priority, state, trigger_s, due_s, wake_s,"
		" deadline_s, content, segments, cost_micros, counted_s,"
		" attempts, accepted_s, settled_s) SELECT 'm_%u', 0, 'w', 's',"
		" person, 1, 1, 0, 4, 0, 0, 0, 0, '{}', 1, 0, 1, 1, 1, 1"
		" FROM people WHERE state = 1 ORDER BY person LIMIT 1"
		" OFFSET %u",
		w->messages++, pick(w, PEOPLE));

	return jr_stmt_run_text(db, sql, error);
}

static void ingest(World *w, const char *lines, gsize len)
{
	const JrIngestOptions options = { .max_age_s = -1 };
	g_autofree char *path = g_build_filename(w->folder, "records", NULL);
	JrWriter *out = w->flow.out;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	g_unlink(path);
	ck_assert_int_eq(write(fd, lines, len), (gssize)len);
	lseek(fd, 0, SEEK_SET);
	w->flow.out = NULL;
	g_autoptr(JrReader) reader = jr_reader_new(fd, "records");
	g_autoptr(JrIngest) in = jr_ingest_new(&w->flow, &options, &failed);
	OK(in != NULL);
	OK(jr_ingest_read(in, reader, &failed));
	ck_assert_msg(jr_ingest_refused(in) == 0, "refused: see %s: %s",
		      jr_ingest_rejects_path(in), lines);
	w->flow.out = out;
	close(fd);
}

static void something_happens(World *w)
{
	gsize before = w->said->len;

	for (guint n = pick(w, RECORDS); n > 0; n--)
		say_something(w);
	ingest(w, w->said->str + before, w->said->len - before);
	if (once_in(w, 4))
		OK(jr_db_write(w->flow.db, send_one, w, &failed));
}

/* ---- definitions ---- */

static void write_list(World *w)
{
	g_autoptr(GString) text = g_string_new("# ours\n\n");

	for (guint i = 0; i < PEOPLE; i++)
		if (once_in(w, 3))
			g_string_append_printf(text, " u%u # one\n", i);
	OK(g_file_set_contents(w->ids, text->str, (gssize)text->len, &failed));
	g_string_append_printf(w->said, "ids: %s", text->str);
}

static void write_definitions(World *w)
{
	g_autoptr(GString) text = g_string_new("# here they are\n");

	g_string_append(text, "friends: {manual: true}\n"
			      "family:\n  file: ids.txt\n"
			      "close: in_segment(\"friends\") !="
			      " in_segment(\"family\")\n");
	for (guint i = 0; i < G_N_ELEMENTS(defs); i++)
		if (!w->dropped[i])
			g_string_append_printf(text, "%s: >-\n  %s\n",
					       defs[i].name,
					       defs[i].forms[w->form[i]]);
	OK(g_file_set_contents(w->segments, text->str, (gssize)text->len,
			       &failed));
	g_string_append_printf(w->said, "%s", text->str);
	g_clear_pointer(&w->file, jr_segment_file_free);
	w->file = jr_segment_file_load(w->segments, &failed);
	OK(w->file != NULL);
}

static gboolean is_asked_for(const char *name)
{
	static const char *const names[] = { "often", "plain", "lately", "odd",
					     NULL };

	return g_strv_contains(names, name);
}

static void change_definitions(World *w)
{
	if (once_in(w, 2))
		write_list(w);
	for (guint n = 1 + pick(w, 3); n > 0; n--) {
		guint i = pick(w, G_N_ELEMENTS(defs));

		if (once_in(w, 3) && !is_asked_for(defs[i].name))
			w->dropped[i] = !w->dropped[i];
		else if (defs[i].forms[1])
			w->form[i] =
				(w->form[i] + 1) % (defs[i].forms[2] ? 3 : 2);
	}
	write_definitions(w);
}

/* ---- what is found ---- */

static void no_news(const JrSegmentBuilt *built, gpointer user)
{
	const World *w = user;

	ck_assert_msg(built->enter == 0 && built->leave == 0,
		      "seed %u: a rebuild of '%s' finds %d and %d amiss",
		      w->seed, built->segment, (int)built->enter,
		      (int)built->leave);
}

static void tick(World *w, gboolean rebuild)
{
	const JrSegmentOptions options = {
		.rebuild = rebuild,
		.built = rebuild ? no_news : NULL,
		.user = w,
	};
	g_autoptr(JrSegmenter) segmenter =
		jr_segmenter_new(&w->flow, w->file, &options);

	OK(jr_segmenter_tick(segmenter, &failed));
}

typedef struct {
	const World *w;
	JrStoreFacts store;
	gboolean in[G_N_ELEMENTS(defs) + LISTS]; /* as the file orders them */
} Anew;

static gboolean ask_events(gpointer data, const JrFactEventQuery *query,
			   JrFactEventFn each, gpointer user, GError **error)
{
	return jr_store_fact_source.events(&((Anew *)data)->store, query, each,
					   user, error);
}

static gboolean ask_messages(gpointer data, const JrFactMessageQuery *query,
			     JrFactEventFn each, gpointer user, GError **error)
{
	return jr_store_fact_source.messages(&((Anew *)data)->store, query,
					     each, user, error);
}

static gboolean ask_segment(gpointer data, const char *name, gboolean *yes,
			    GError **error G_GNUC_UNUSED)
{
	const Anew *anew = data;
	const GArray *all = anew->w->file->defs;

	for (guint i = 0; i < all->len; i++)
		if (g_str_equal(g_array_index(all, JrSegmentDef, i).name, name))
			*yes = anew->in[i];
	return TRUE;
}

static gboolean ask_device(gpointer data, const char *platform, gboolean *yes,
			   GError **error)
{
	return jr_store_fact_source.has_device(&((Anew *)data)->store, platform,
					       yes, error);
}

static gboolean ask_subscribed(gpointer data, const char *name, gboolean *yes,
			       GError **error)
{
	return jr_store_fact_source.subscribed(&((Anew *)data)->store, name,
					       yes, error);
}

static const JrFactSource anew_source = {
	.events = ask_events,
	.messages = ask_messages,
	.in_segment = ask_segment,
	.has_device = ask_device,
	.subscribed = ask_subscribed,
};

static JrZone *zone_of(const World *w, const JrPerson *person)
{
	JrZone *zone = person->zone
			       ? jr_zones_get(w->flow.zones, person->zone, NULL)
			       : NULL;

	return zone ? zone : jr_zones_get(w->flow.zones, "UTC", NULL);
}

static gboolean is_listed(const Anew *anew, const JrSegmentDef *def,
			  const JrPerson *person)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 20);
	g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(JrIdentity));
	g_autofree char *ids = NULL;
	gboolean yes = FALSE;

	if (!def->list) {
		OK(jr_list_has(anew->w->flow.db, def->name, person->person,
			       &yes, &failed));
		return yes;
	}
	OK(g_file_get_contents(anew->w->ids, &ids, NULL, &failed));
	OK(jr_person_identities(anew->w->flow.db, person->person, arena, names,
				&failed));
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *line = g_strdup_printf(
			" %s #", g_array_index(names, JrIdentity, i).value);

		yes |= strstr(ids, line) != NULL;
	}
	return yes;
}

/* All that @person is in, by the text of each definition alone. */
static void find_anew(Anew *anew, const JrPerson *person, JrArena *arena)
{
	const World *w = anew->w;
	const JrFacts facts = {
		.person_id = person->id,
		.person = jr_json_parse(arena, person->attributes,
					strlen(person->attributes), &failed),
		.now_s = w->now_s,
		.zone = zone_of(w, person),
		.source = &anew_source,
		.data = anew,
	};

	OK(facts.person != NULL);
	anew->store = (JrStoreFacts){ &w->flow, person->person, NULL };
	for (guint i = 0; i < w->file->defs->len; i++) {
		const JrSegmentDef *def =
			&g_array_index(w->file->defs, JrSegmentDef, i);
		int holds = def->expr ? jr_expr_holds(def->expr, &facts, NULL,
						      &failed)
				      : is_listed(anew, def, person);

		OK(holds >= 0);
		anew->in[i] = holds;
	}
}

static gint64 number_of(const GArray *stored, const char *name)
{
	for (guint i = 0; i < stored->len; i++)
		if (g_str_equal(g_array_index(stored, JrSegment, i).name, name))
			return g_array_index(stored, JrSegment, i).segment;
	return 0;
}

static void compare(const Anew *anew, const JrPerson *person,
		    const GArray *stored, gint64 *sizes)
{
	const World *w = anew->w;

	for (guint i = 0; i < w->file->defs->len; i++) {
		const char *name =
			g_array_index(w->file->defs, JrSegmentDef, i).name;
		gboolean yes;

		OK(jr_segment_has(w->flow.db, number_of(stored, name),
				  person->person, &yes, NULL, &failed));
		ck_assert_msg(yes == anew->in[i],
			      "seed %u, step %u: at %d '%s' is %s '%s':\n%s",
			      w->seed, w->step, (int)w->now_s, person->id,
			      yes ? "wrongly in" : "missing in", name,
			      w->said->str);
		sizes[i] += yes;
	}
}

static void check_sizes(const World *w, const GArray *stored,
			const gint64 *sizes)
{
	for (guint i = 0; i < w->file->defs->len; i++) {
		const char *name =
			g_array_index(w->file->defs, JrSegmentDef, i).name;

		for (guint j = 0; j < stored->len; j++) {
			const JrSegment *one =
				&g_array_index(stored, JrSegment, j);

			if (g_str_equal(one->name, name))
				ck_assert_int_eq(one->size, sizes[i]);
		}
	}
}

static void check_all(const World *w)
{
	g_autoptr(JrArena) arena = jr_arena_new(64 * 1024 * 1024);
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(JrPerson));
	g_autoptr(GArray) stored = g_array_new(FALSE, FALSE, sizeof(JrSegment));
	gint64 sizes[G_N_ELEMENTS(defs) + LISTS] = { 0 };

	OK(jr_segments_load(w->flow.db, arena, stored, &failed));
	OK(jr_people_page(w->flow.db, 0, 1000, arena, people, &failed));
	for (guint i = 0; i < people->len; i++) {
		Anew anew = { .w = w };

		find_anew(&anew, &g_array_index(people, JrPerson, i), arena);
		compare(&anew, &g_array_index(people, JrPerson, i), stored,
			sizes);
	}
	check_sizes(w, stored, sizes);
}

/* ---- histories ---- */

static void time_goes_by(World *w)
{
	static const gint64 most_s[] = { 1,	60,	   3600,      8 * 3600,
					 DAY_S, 3 * DAY_S, 12 * DAY_S };

	w->now_s += pick(w, (guint)most_s[pick(w, G_N_ELEMENTS(most_s))]);
	w->flow.clock.fixed_ms = w->now_s * 1000;
}

static void live(World *w)
{
	for (w->step = 0; w->step < STEPS; w->step++) {
		time_goes_by(w);
		if (!once_in(w, 5))
			something_happens(w);
		if (w->step == 0) {
			write_list(w);
			write_definitions(w);
		} else if (once_in(w, 6))
			change_definitions(w);
		tick(w, FALSE);
		check_all(w);
	}
	tick(w, TRUE);
}

/* Where files are memory: there is nothing to wait for. */
static char *make_folder(void)
{
	char *folder = g_strdup("/dev/shm/jr-unit-XXXXXX");

	if (g_mkdtemp(folder))
		return folder;
	g_free(folder);
	folder = g_dir_make_tmp("jr-unit-XXXXXX", &failed);
	OK(folder != NULL);
	return folder;
}

static void open_flow(World *w)
{
	JrFlow *flow = &w->flow;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	flow->command = "jr-segment";
	flow->clock = (JrClock){ TRUE, w->now_s * 1000 };
	OK((flow->config = jr_config_load(NULL, w->state, &failed)) != NULL);
	flow->policy = jr_policy_new(flow->config->doc, NULL, &failed);
	OK(flow->policy != NULL);
	flow->zones = jr_zones_new();
	OK((flow->db = jr_db_open(w->state, NULL, &failed)) != NULL);
	flow->facts = jr_fact_cache_new();
	flow->counts =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	flow->out = jr_writer_new(null, "null");
}

static void close_flow(World *w)
{
	OK(jr_writer_flush(w->flow.out, &failed));
	OK(jr_flow_close(&w->flow, 0, &failed));
}

/* The tables are made once: to copy them is faster. */
static void make_template(World *w)
{
	gsize len;

	OK((w->flow.db = jr_db_open(w->state, NULL, &failed)) != NULL);
	jr_db_close(g_steal_pointer(&w->flow.db));
	OK(g_file_get_contents(w->state, &w->blank, &len, &failed));
	w->blank_bytes = (gssize)len;
	g_unlink(w->state);
}

static void remove_files(const World *w)
{
	static const char *const ends[] = { "", "-wal", "-shm" };

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *path = g_strconcat(w->state, ends[i], NULL);

		g_unlink(path);
	}
	g_unlink(w->segments);
	g_unlink(w->ids);
}

static void live_once(World *w, guint seed)
{
	w->seed = seed;
	w->rand = g_rand_new_with_seed(seed);
	w->now_s = START_S + (gint64)pick(w, 400 * DAY_S);
	w->said = g_string_new(NULL);
	w->messages = 0;
	memset(w->form, 0, sizeof w->form);
	memset(w->dropped, 0, sizeof w->dropped);
	OK(g_file_set_contents(w->state, w->blank, w->blank_bytes, &failed));
	open_flow(w);
	live(w);
	close_flow(w);
	remove_files(w);
	g_clear_pointer(&w->file, jr_segment_file_free);
	g_string_free(w->said, TRUE);
	g_rand_free(w->rand);
}

static guint asked(const char *name, guint otherwise)
{
	const char *text = g_getenv(name);

	return text ? (guint)g_ascii_strtoull(text, NULL, 10) : otherwise;
}

START_TEST(members_are_those_found_anew)
{
	guint histories = asked("JR_HISTORIES", HISTORIES) / PARTS;
	guint first = asked("JR_SEED", 1) + (guint)_i * histories;
	World w = { .folder = make_folder() };

	g_unsetenv("JR_CONFIG");
	w.state = g_build_filename(w.folder, "jr.db", NULL);
	w.ids = g_build_filename(w.folder, "ids.txt", NULL);
	w.segments = g_build_filename(w.folder, "segments.yaml", NULL);
	make_template(&w);
	for (guint i = 0; i < MAX(histories, 1); i++)
		live_once(&w, first + i);
	g_rmdir(w.folder);
	g_free(w.folder);
	g_free(w.state);
	g_free(w.segments);
	g_free(w.ids);
	g_free(w.blank);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, members_are_those_found_anew, 0, PARTS);
}
