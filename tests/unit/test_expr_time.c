/*
 * No change is missed: for random expressions over random histories, near
 * where clocks are turned, the answer stays until the instant that was
 * announced.  Seeds are the loop's index, so that a failure comes again.
 */
#include "base/instant.h"
#include "expr_source.h"
#include "lang/expr.h"
#include "instants.h"
#include "unit.h"

#define DAY ((gint64)86400)
#define SEEDS 150
#define EXPRESSIONS 8 /* a seed */
#define JUMPS 40      /* announced instants followed, for each */
#define SAMPLES 8     /* instants looked at in between */

static const struct {
	const char *zone, *turn;
} places[] = {
	{ "UTC", "2026-11-23T12:00:00Z" },
	{ "America/New_York", "2026-03-08T07:00:00Z" },
	{ "America/New_York", "2026-11-01T06:00:00Z" },
	{ "Australia/Lord_Howe", "2026-10-03T15:30:00Z" },
	{ "Australia/Lord_Howe", "2026-04-04T15:00:00Z" },
	{ "America/St_Johns", "2006-10-29T02:31:00Z" },
	{ "America/St_Johns", "2007-03-11T03:31:00Z" },
	{ "Pacific/Apia", "2011-12-30T10:00:00Z" },
	{ "Africa/Cairo", "2026-04-23T22:00:00Z" },
	{ "America/Havana", "2026-11-01T05:00:00Z" },
	{ "America/Sao_Paulo", "2018-11-04T03:00:00Z" },
	{ "Asia/Kathmandu", "2026-02-28T18:15:00Z" },
	{ "Europe/Lisbon", "2024-02-29T00:00:00Z" },
};

typedef struct {
	GRand *rand;
	GStringChunk *texts;
	gint64 turn_s;
	JrMember members[4];
	JrMember props[64][3];
	JrVal maps[64], person;
	TestSource source;
	JrFacts facts;
} World;

static guint pick(World *w, guint n)
{
	return (guint)g_rand_int_range(w->rand, 0, (gint32)n);
}

#define ONE_OF(w, list) list[pick(w, G_N_ELEMENTS(list))]

/* Somewhere near the turn of the clocks, often just so far from it. */
static gint64 near_turn(World *w)
{
	static const gint64 steps[] = { 0,	  1,	      60,
					1800,	  3600,	      7200,
					DAY,	  DAY + 3600, DAY * 7,
					DAY - 60, DAY * 28,   DAY * 30,
					DAY * 31, DAY / 2 };
	gint64 at = w->turn_s;

	for (guint i = 0; i < 2; i++)
		at += ONE_OF(w, steps) * (pick(w, 2) ? 1 : -1);
	return at + (pick(w, 3) == 0 ? (gint64)pick(w, 3) - 1 : 0);
}

static JrMember member(const char *key, JrVal val)
{
	return (JrMember){ .key = key,
			   .key_len = (guint32)strlen(key),
			   .val = val };
}

/* A number, or a text with or without its zone. */
static JrVal time_value(World *w)
{
	gint64 at = near_turn(w);
	char buffer[JR_INSTANT_SIZE];
	g_autofree char *text = NULL;

	if (pick(w, 2))
		return jr_val_int(at);
	text = g_strdup(jr_instant_format(at, buffer));
	if (pick(w, 2))
		text[19] = '\0'; /* no Z */
	return jr_val_text(g_string_chunk_insert(w->texts, text));
}

static JrVal map_of(JrMember *members, guint32 n)
{
	JrVal map = { .type = JR_VAL_MAP, .len = n };

	map.members = members;
	return map;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const TestEvent *x = a, *y = b;

	return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

static GArray *random_events(World *w, const char *const *names, guint n_names)
{
	GArray *events = g_array_new(FALSE, FALSE, sizeof(TestEvent));
	guint n = pick(w, 9);

	for (guint i = 0; i < n; i++) {
		TestEvent event = { .name = names[pick(w, n_names)],
				    .at_s = near_turn(w),
				    .channel = pick(w, 2) ? "sms" : "push",
				    .data = &w->maps[i] };

		w->props[i][0] = member("n", jr_val_int(pick(w, 4)));
		w->props[i][1] = member("t", time_value(w));
		w->props[i][2] = member("task", jr_val_int(pick(w, 2)));
		w->maps[i] = map_of(w->props[i], 3);
		g_array_append_val(events, event);
	}
	g_array_sort(events, by_time);
	return events;
}

static void world_open(World *w, guint seed, JrZones *zones)
{
	static const char *const names[] = { "A", "B", "AB" };
	static const char *const metrics[] = { "sent", "clicked" };
	guint place = seed % G_N_ELEMENTS(places);

	w->rand = g_rand_new_with_seed(seed);
	w->texts = g_string_chunk_new(1024);
	w->turn_s = instant(places[place].turn);
	w->members[0] = member("a", time_value(w));
	w->members[1] = member("b", time_value(w));
	w->members[2] = member("n", jr_val_int(pick(w, 4)));
	w->members[3] = member("s", jr_val_text("x"));
	w->person = map_of(w->members, 4);
	w->source = (TestSource){ 0 };
	w->source.messages = random_events(w, metrics, 2);
	w->source.events = random_events(w, names, 3);
	w->facts = (JrFacts){
		.person_id = "u_1",
		.person = &w->person,
		.zone = jr_zones_get(zones, places[place].zone, NULL),
		.source = &test_source,
		.data = &w->source,
	};
	ck_assert_ptr_nonnull(w->facts.zone);
}

static void world_close(World *w)
{
	g_rand_free(w->rand);
	g_string_chunk_free(w->texts);
	g_array_unref(w->source.events);
	g_array_unref(w->source.messages);
}

/* Random texts of the language: %-words below are replaced by what they name.
 */

static const char *const conditions[] = {
	"%time %order %time",
	"%time %order %time",
	"%time within last %span",
	"%time within next %span",
	"%number %compare %digit",
	"%number %compare %digit",
	"happened(%select)",
	"happened(%select)",
	"count(%select) %compare %digit",
	"distinct(%value of %select) > %digit",
	"sum(event.n of %events%bounds) >= %digit",
	"%duration %order %duration",
	"(%condition) and (%condition)",
	"(%condition) or (%condition)",
	"not (%condition)",
	"(%condition) == (%condition)",
	"date(%time) in [date(now), date(%time)]",
	"hour(now) >= %digit and weekday(now) <= 5",
	"%time == %time",
	"month(%time) == month(now) and day(%time) == day(now)",
};
static const char *const times[] = {
	"now",
	"a",
	"b",
	"%span ago",
	"now + %span",
	"a + %span",
	"a - %span",
	"date(now)",
	"date(now) + %span",
	"last(%select)",
	"first(%select)",
	"last(event.t of %events%bounds)",
	"now - %span + %span",
	"date(a)",
	"date(now - %span)",
	"max(time(event.t) of %events%bounds)",
	"now + (now - a)",
	"1mo ago - (now - b)",
	"%time + (now - a) - %span",
};
static const char *const numbers[] = {
	"hour(%time)",
	"minute(%time)",
	"weekday(now)",
	"day(%time)",
	"month(now)",
	"year(now) - 2025",
	"count(%select)",
	"n",
	"max(event.n of %events%bounds)",
	"hour(now) + count(%select)",
	"last(event.n of %events%bounds)",
	"avg(event.n of %events%bounds)",
};
static const char *const durations[] = {
	"%span",
	"now - a",
	"b - now",
	"now - last(%select)",
	"(now - a) + (now - b)",
	"a - now + %span",
	"-(now - a)",
};
static const char *const selects[] = {
	"%events%bounds",
	"%events%bounds where %where",
	"%events%bounds followed by %events",
	"%events%bounds not followed by %events within %span",
	"%events%bounds where %where not followed by %events within %span",
	"%events%bounds not followed by %events with same event.task",
	"%events followed by %events within %span where %where",
	"sent sms%bounds",
	"clicked%bounds",
};
static const char *const bounds[] = {
	"",
	" within %span",
	" within %span",
	" since %span ago",
	" before %span ago",
	" since a",
	" since %span ago before %span ago",
	" since date(now)",
	" within %span before b",
};
static const char *const wheres[] = {
	"event.n > 1",
	"event.t after now",
	"event.t within last %span",
	"now - time(event) > %span",
	"hour(time(event)) < 12",
	"event.t before %span ago",
	"hour(now) > event.n",
};
static const char *const values[] = { "event.n", "event.t", "date(event.t)",
				      "hour(now)" };
static const char *const event_names[] = { "\"A\"", "\"B\"", "\"A*\"",
					   "\"*\"" };
static const char *const orders[] = { "<", "<=", ">", ">=" };
static const char *const compares[] = { "<", "<=", ">", ">=", "==", "!=" };
static const char *const spans[] = { "1s", "90s", "1h",	  "2h", "24h", "1d",
				     "7d", "1mo", "1d1h", "2w", "30m", "2mo" };
static const char *const digits[] = { "0", "1", "2", "3", "9", "12", "23" };

#define WORD(name, list)                                                       \
	{                                                                      \
		"%" name, list, G_N_ELEMENTS(list)                             \
	}

static const struct {
	const char *word;
	const char *const *list;
	guint n;
} words[] = {
	WORD("condition", conditions), WORD("time", times),
	WORD("number", numbers),       WORD("duration", durations),
	WORD("select", selects),       WORD("bounds", bounds),
	WORD("where", wheres),	       WORD("value", values),
	WORD("events", event_names),   WORD("order", orders),
	WORD("compare", compares),     WORD("span", spans),
	WORD("digit", digits),
};

/* What "%word" at @text becomes; deep down, the first and plainest. */
static const char *replace(World *w, const char *text, guint depth,
			   gsize *bytes)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(text, words[i].word)) {
			*bytes = strlen(words[i].word);
			return words[i]
				.list[depth > 5 ? 0 : pick(w, words[i].n)];
		}
	g_error("no such word: %s", text);
}

static void expand(World *w, const char *text, guint depth, GString *out)
{
	while (*text) {
		gsize bytes = 1;

		if (*text == '%')
			expand(w, replace(w, text, depth, &bytes), depth + 1,
			       out);
		else
			g_string_append_c(out, *text);
		text += bytes;
	}
}

/* Following it */

typedef struct {
	World *world;
	const JrExpr *expr;
} Walk;

static int answer(const Walk *walk, gint64 now_s, gint64 *next_s)
{
	g_autoptr(GError) error = NULL;
	int holds;

	walk->world->facts.now_s = now_s;
	holds = jr_expr_holds(walk->expr, &walk->world->facts, next_s, &error);
	if (holds < 0)
		ck_abort_msg("%s: %s", jr_expr_text(walk->expr),
			     error->message);
	return holds;
}

static void check_same(const Walk *walk, gint64 now_s, int holds, gint64 next_s,
		       gint64 at_s)
{
	char now[JR_INSTANT_SIZE], next[JR_INSTANT_SIZE], at[JR_INSTANT_SIZE];

	if (answer(walk, at_s, NULL) == holds)
		return;
	ck_abort_msg(
		"%s\n  in %s, a %s, b %s\n  at %s %d, announced %s, "
		"but changed by %s",
		jr_expr_text(walk->expr), jr_zone_id(walk->world->facts.zone),
		walk->world->members[0].val.type == JR_VAL_TEXT
			? walk->world->members[0].val.text
			: "a number",
		walk->world->members[1].val.type == JR_VAL_TEXT
			? walk->world->members[1].val.text
			: "a number",
		jr_instant_format(now_s, now), holds,
		jr_instant_format(next_s, next), jr_instant_format(at_s, at));
}

static gint64 between(World *w, gint64 from, gint64 until)
{
	double at = g_rand_double(w->rand) * (double)(until - from);

	return from + (gint64)at;
}

static void walk_through(const Walk *walk)
{
	World *w = walk->world;
	gint64 now_s = w->turn_s - 40 * DAY + pick(w, (guint)(41 * DAY));
	const gint64 end_s = w->turn_s + 70 * DAY;

	for (guint i = 0; i < JUMPS && now_s < end_s; i++) {
		gint64 next_s = G_MAXINT64, last_s;
		int holds = answer(walk, now_s, &next_s);

		ck_assert_int_gt(next_s, now_s);
		ck_assert_int_eq(holds, answer(walk, now_s, NULL));
		last_s = MIN(next_s, end_s) - 1;
		check_same(walk, now_s, holds, next_s, MAX(last_s, now_s));
		for (guint j = 0; j < SAMPLES && last_s > now_s; j++)
			check_same(walk, now_s, holds, next_s,
				   between(w, now_s, last_s));
		now_s = next_s;
	}
}

START_TEST(the_answer_stays_until_announced)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	World *w = g_new0(World, 1);

	world_open(w, (guint)_i, zones);
	for (guint i = 0; i < EXPRESSIONS; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(JrExpr) expr = NULL;

		expand(w, "%condition", 0, text);
		expr = jr_expr_new(text->str, NULL, &error);
		if (!expr)
			continue; /* two kinds that cannot be compared */
		for (guint j = 0; j < 4; j++)
			walk_through(&(Walk){ w, expr });
	}
	world_close(w);
	g_free(w);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, the_answer_stays_until_announced, 0, SEEDS);
}
