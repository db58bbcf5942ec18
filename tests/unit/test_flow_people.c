/*
 * Who is who, and what is known of them: the same whatever order records come
 * in and however they are batched, and whoever is merged with whom.
 *
 * Seeds count from JR_SEED, so that a failure comes again.
 */
#include "flow.h"
#include "store/consents.h"
#include "store/people.h"

#include <stdlib.h>

#define SEEDS 40 /* of each case, in parts that fit its time */
#define PARTS 4
#define PEOPLE 5
#define START_S ((gint64)1793500000)
#define NOW_S ((gint64)1793631600)

static guint seed_of(int part, guint i)
{
	const char *from = g_getenv("JR_SEED");

	return (from ? (guint)strtoul(from, NULL, 10) : 1) +
	       (guint)part * SEEDS / PARTS + i;
}

static guint pick(GRand *rand, guint n)
{
	return (guint)g_rand_int_range(rand, 0, (gint32)n);
}

/* ---- what comes in ---- */

/*
 * What may be said of a person, in own form without identifiers and time: $P is
 * the person's number, $N any, $T the record's time and $E one well before it.
 */
static const char *const sayings[] = {
	"\"action\":\"identify\",\"attributes\":{\"plan\":\"pro\",\"n\":$N}",
	"\"action\":\"identify\",\"attributes\":{\"plan\":null,\"city\":\"Rome\"}",
	"\"action\":\"identify\",\"attributes\":{\"city\":null,\"n\":$N}",
	"\"action\":\"identify\",\"attributes\":{\"_timestamp\":$E,\"n\":$N}",
	"\"action\":\"identify\",\"attributes\":{\"_update\":true,\"deep\":[$N]}",
	"\"action\":\"identify\",\"attributes\":{\"timezone\":\"Europe/Paris\"}",
	"\"action\":\"identify\",\"attributes\":{\"timezone\":null}",
	"\"action\":\"identify\",\"attributes\":{\"email\":\"P$P@example.com\"}",
	"\"action\":\"identify\",\"attributes\":{\"email\":\"q$P@example.com\"}",
	"\"action\":\"identify\",\"attributes\":{\"email\":null}",
	"\"action\":\"identify\",\"attributes\":{\"sms_phone\":\"+120655501$P$M\"}",
	"\"action\":\"identify\",\"attributes\":{\"sms_phone\":null}",
	"\"action\":\"identify\",\"attributes\":{\"phone\":\"+120655501$P$M\"}",
	"\"action\":\"identify\",\"attributes\":{\"unsubscribed\":true}",
	"\"action\":\"identify\",\"attributes\":{\"unsubscribed\":false,"
	"\"cio_subscription_preferences\":{\"channels\":{\"sms\":false}}}",
	"\"action\":\"identify\",\"attributes\":{"
	"\"cio_subscription_preferences.topics.news\":true}",
	"\"action\":\"identify\",\"attributes\":{"
	"\"cio_subscription_preferences\":{\"topics\":{\"news\":false}}}",
	"\"action\":\"identify\",\"attributes\":{\"sms_consent\":true,"
	"\"sms_phone\":\"+120655501$P$M\",\"sms_consent_at\":$T,"
	"\"sms_consent_ip\":\"192.0.2.1\"}",
	"\"action\":\"identify\",\"attributes\":{\"sms_consent\":true,"
	"\"sms_phone\":\"+120655501$P$M\",\"sms_consent_at\":$E,"
	"\"sms_consent_ip\":\"192.0.2.1\"}",
	"\"action\":\"identify\",\"attributes\":{\"sms_consent\":false}",
	"\"action\":\"identify\",\"attributes\":{\"sms_consent\":true,"
	"\"phone\":\"+120655501$P$M\",\"sms_phone\":\"+120655501$P$M\","
	"\"email\":\"r$P@example.com\",\"sms_consent_at\":$T,"
	"\"sms_consent_ip\":\"192.0.2.1\"}",
	"\"action\":\"event\",\"name\":\"e$T\"",
	"\"action\":\"page\",\"name\":\"/$N\"",
	"\"action\":\"add_device\",\"device\":{\"token\":\"t$M\","
	"\"platform\":\"ios\",\"attributes\":{\"push_enabled\":\"$B\"}}",
};

static char *say(GRand *rand, const char *who, guint number, gint64 at_s)
{
	const struct {
		const char *mark;
		char *text;
	} fills[] = {
		{ "$P", g_strdup_printf("%u", number) },
		{ "$N", g_strdup_printf("%u", pick(rand, 50)) },
		{ "$M", g_strdup_printf("%u", pick(rand, 3)) },
		{ "$B", g_strdup(pick(rand, 2) ? "true" : "false") },
		{ "$T", g_strdup_printf("%d", (int)at_s) },
		{ "$E", g_strdup_printf("%d", (int)at_s - 50003) },
	};
	GString *line = g_string_new(NULL);

	g_string_printf(line,
			"{\"type\":\"person\",\"identifiers\":{%s},"
			"\"timestamp\":%d,%s}\n",
			who, (int)at_s,
			sayings[pick(rand, G_N_ELEMENTS(sayings))]);
	for (guint i = 0; i < G_N_ELEMENTS(fills); i++) {
		g_string_replace(line, fills[i].mark, fills[i].text, 0);
		g_free(fills[i].text);
	}
	return g_string_free(line, FALSE);
}

/* ---- what came of it ---- */

/*
 * What is known, by no number of the store's own.  An attribute of consent is
 * true or not; when it came to be so depends on the order, and means nothing.
 */
static const char *const questions[] = {
	"SELECT p.id || ' ' || j.key || ' ' || j.type || ' ' ||"
	" COALESCE(j.value, '') FROM people p, json_each(p.attributes) j"
	" WHERE p.state = 1 AND NOT (j.key = 'sms_consent' AND j.value = 0)"
	" ORDER BY 1",
	"SELECT p.id || ' at ' || j.key || ' ' || j.value"
	" FROM people p, json_each(p.times) j WHERE p.state = 1"
	" AND j.key <> 'sms_consent' ORDER BY 1",
	"SELECT id || ' zone ' || zone FROM people"
	" WHERE state = 1 AND zone IS NOT NULL ORDER BY 1",
	"SELECT p.id || ' is ' || i.kind || ' ' || i.value FROM identities i"
	" JOIN people p ON p.person = i.person ORDER BY 1",
	"SELECT p.id || ' has ' || n.number FROM numbers n"
	" JOIN people p ON p.person = n.person ORDER BY 1",
	"SELECT p.id || ' device ' || d.token || ' ' || d.enabled || ' ' ||"
	" d.registered_ms FROM devices d JOIN people p ON p.person = d.person"
	" ORDER BY 1",
	"SELECT p.id || ' wants ' || s.topic || ' ' || s.subscribed || ' ' ||"
	" s.at_s FROM subscriptions s JOIN people p ON p.person = s.person"
	" ORDER BY 1",
	"SELECT p.id || ' did ' || h.name || ' ' || h.at_s FROM history h"
	" JOIN people p ON p.person = h.person WHERE h.kind IN (2, 3)"
	" ORDER BY 1",
	"SELECT 'suppressed ' || kind || ' ' || COUNT(*) FROM suppressions"
	" GROUP BY kind ORDER BY 1", /* each store has its own keys */
};

static void tell_open(const FlowWorld *w, gint64 person, GString *out)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 20);
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(char *));

	OK(jr_consent_open(w->flow.db, person, JR_CHANNEL_SMS, arena, open,
			   &failed));
	for (guint i = 0; i < open->len; i++)
		g_string_append_printf(out, "open %s\n",
				       g_array_index(open, const char *, i));
}

static gboolean no_fault(JrLedgerFault fault, gint64 row, gpointer user)
{
	ck_abort_msg("fault %d in row %d: %s", (int)fault, (int)row,
		     (const char *)user);
	return TRUE;
}

/* All that is known in @w; and its ledger verifies. */
static char *tell_all(const FlowWorld *w, const char *why)
{
	g_autofree char *head = NULL;
	GString *out = g_string_new(NULL);
	gint64 rows;

	for (guint i = 0; i < G_N_ELEMENTS(questions); i++)
		flow_ask(w, questions[i], out);
	for (gint64 person = 1; person <= 4 * PEOPLE; person++)
		tell_open(w, person, out);
	OK(jr_consent_verify(w->flow.db, no_fault, (gpointer)why, &rows, &head,
			     &failed));
	return g_string_free(out, FALSE);
}

/* Let @w take @lines (char *) in pieces of at most @most: how many were refused
 * in whole or part. */
static guint64 take(FlowWorld *w, GRand *rand, GPtrArray *lines, guint most)
{
	g_autoptr(GString) batch = g_string_new(NULL);
	guint left = 1 + pick(rand, most);
	guint64 refused = 0;

	for (guint i = 0; i < lines->len; i++) {
		g_string_append(batch, lines->pdata[i]);
		if (--left > 0 && i + 1 < lines->len)
			continue;
		refused += flow_take(w, batch->str);
		g_string_truncate(batch, 0);
		left = 1 + pick(rand, most);
	}
	return refused;
}

static char *join(GPtrArray *lines)
{
	GString *out = g_string_new("\n");

	for (guint i = 0; i < lines->len; i++)
		g_string_append(out, lines->pdata[i]);
	return g_string_free(out, FALSE);
}

/* What a fresh world makes of @lines. */
static char *world_of(GRand *rand, GPtrArray *lines, guint most)
{
	FlowWorld *w = flow_world(NOW_S);
	g_autofree char *why = join(lines);
	guint refused = (guint)take(w, rand, lines, most);
	g_autofree char *told = tell_all(w, why);

	flow_world_end(w);
	return g_strdup_printf("refused %u\n%s", refused, told);
}

static void shuffle(GRand *rand, GPtrArray *lines)
{
	for (guint i = lines->len; i > 1; i--) {
		guint j = pick(rand, i);
		gpointer one = lines->pdata[i - 1];

		lines->pdata[i - 1] = lines->pdata[j];
		lines->pdata[j] = one;
	}
}

/* The first line in which @a and @b differ, of each. */
static char *difference(const char *a, const char *b)
{
	g_auto(GStrv) one = g_strsplit(a, "\n", -1);
	g_auto(GStrv) other = g_strsplit(b, "\n", -1);
	guint i = 0;

	while (one[i] && other[i] && g_str_equal(one[i], other[i]))
		i++;
	return g_strdup_printf("- %s\n+ %s", one[i], other[i]);
}

static void same(guint seed, const char *a, const char *b, GPtrArray *lines)
{
	g_autofree char *all = join(lines);
	g_autofree char *what = difference(a, b);

	ck_assert_msg(g_str_equal(a, b), "JR_SEED=%u:\n%s\nafter: %.4000s",
		      seed, what, all);
}

/* ---- one person, any order ---- */

static void try_orders(guint seed)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *first = NULL;

	g_ptr_array_add(lines, g_strdup("{\"type\":\"person\",\"identifiers\":"
					"{\"id\":\"p1\"},\"action\":"
					"\"identify\",\"timestamp\":1}\n"));
	for (guint i = 0; i < 14; i++)
		g_ptr_array_add(
			lines,
			say(rand, "\"id\":\"p1\"", 1,
			    START_S + (gint64)pick(rand, 9) * 10007 + i));
	for (guint turn = 0; turn < 3; turn++) {
		/* An update makes nobody: someone must be there. */
		g_autofree char *told = world_of(rand, lines, turn ? 4 : 20);

		ck_assert(g_str_has_prefix(told, "refused 0\n"));
		if (first)
			same(seed, first, told, lines);
		else
			first = g_steal_pointer(&told);
		shuffle(rand, lines);
		for (guint i = 0; i < lines->len; i++)
			if (strstr(lines->pdata[i], "\"timestamp\":1}")) {
				gpointer one = lines->pdata[0];

				lines->pdata[0] = lines->pdata[i];
				lines->pdata[i] = one;
			}
	}
}

START_TEST(any_order_makes_the_same_person)
{
	for (guint i = 0; i < SEEDS / PARTS; i++)
		try_orders(seed_of(_i, i));
}
END_TEST

/* ---- many people, merged, deleted, in any batches ---- */

static const char *const orders[] = {
	"\"action\":\"delete\"",
	"\"action\":\"suppress\"",
	"\"action\":\"unsuppress\"",
};

static char *say_order(GRand *rand, const char *who, gint64 at_s)
{
	return g_strdup_printf("{\"type\":\"person\",\"identifiers\":{%s},"
			       "\"timestamp\":%d,%s}\n",
			       who, (int)at_s,
			       orders[pick(rand, G_N_ELEMENTS(orders))]);
}

static char *say_merge(const char *winner, const char *loser, gint64 at_s)
{
	return g_strdup_printf(
		"{\"type\":\"person\",\"action\":\"merge\",\"primary\":{%s},"
		"\"secondary\":{%s},\"timestamp\":%d}\n",
		winner, loser, (int)at_s);
}

static char *say_stop(GRand *rand, gint64 at_s)
{
	static const char *const words[] = { "STOP", "START", "hello",
					     "is+this+spam" };

	return g_strdup_printf("{\"source\":\"twilio\",\"received_at\":%d,"
			       "\"body\":\"MessageSid=SM%d&SmsStatus=received"
			       "&From=%%2B120655501%u%u&To=%%2B12025550100"
			       "&Body=%s\"}\n",
			       (int)at_s, (int)at_s, 1 + pick(rand, PEOPLE),
			       pick(rand, 3), words[pick(rand, 4)]);
}

/* A name of someone: an id, an address, an anonymous name, a number. */
static const char *name_of(GRand *rand, guint number, char name[64])
{
	static const char *const kinds[] = { "\"id\":\"p%u\"",
					     "\"email\":\"p%u@example.com\"",
					     "\"anonymous_id\":\"a%u\"",
					     "\"phone\":\"+120655501%u1\"" };
	g_auto(GStrv) parts =
		g_strsplit(kinds[pick(rand, G_N_ELEMENTS(kinds))], "%u", 2);

	g_snprintf(name, 64, "%s%u%s", parts[0], number, parts[1]);
	return name;
}

static char *say_something(GRand *rand, gint64 at_s)
{
	guint number = 1 + pick(rand, PEOPLE);
	char one[64], other[64];

	name_of(rand, number, one);
	switch (pick(rand, 12)) {
	case 0:
		return say_order(rand, one, at_s);
	case 1:
		return say_merge(one,
				 name_of(rand, 1 + pick(rand, PEOPLE), other),
				 at_s);
	case 2:
	case 3:
		return say_stop(rand, at_s);
	case 4:
		return g_strdup_printf(
			"{\"type\":\"person\",\"identifiers\":{\"id\":\"p%u\"},"
			"\"timestamp\":%d,\"action\":\"identify\","
			"\"attributes\":{\"anonymous_id\":\"a%u\"}}\n",
			number, (int)at_s, 1 + pick(rand, PEOPLE));
	default:
		return say(rand, one, number, at_s);
	}
}

/* Whether one batch makes of @lines what single ones do. */
static gboolean is_same(guint seed, GPtrArray *lines)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	g_autofree char *one = world_of(rand, lines, 1);
	g_autofree char *all = world_of(rand, lines, 1000);

	return g_str_equal(one, all);
}

/* Leave out what the difference does not need, for whoever must find it. */
static void reduce(guint seed, GPtrArray *lines)
{
	for (guint i = lines->len; i-- > 0;) {
		gpointer line = g_ptr_array_steal_index(lines, i);

		if (is_same(seed, lines))
			g_ptr_array_insert(lines, (int)i, line);
		else
			g_free(line);
	}
}

static void try_batches(guint seed)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < 40; i++)
		g_ptr_array_add(lines, say_something(rand, START_S + i * 3000));
	if (!is_same(seed, lines))
		reduce(seed, lines);
	g_autofree char *one = world_of(rand, lines, 1);
	g_autofree char *some = world_of(rand, lines, 7);
	g_autofree char *all = world_of(rand, lines, 1000);
	same(seed, one, all, lines);
	same(seed, one, some, lines);
}

START_TEST(batches_leave_no_trace)
{
	for (guint i = 0; i < SEEDS / PARTS; i++)
		try_batches(seed_of(_i, i));
}
END_TEST

/* ---- who was merged is found for ever ---- */

static guint root_of(const guint *into, guint one)
{
	while (into[one] != one)
		one = into[one];
	return one;
}

static gint64 find(FlowWorld *w, guint number)
{
	g_autofree char *id = g_strdup_printf("p%u", number);
	JrPersonAsk ask = { { JR_IDENTITY_ID, id }, 0 };

	OK(jr_people_find(w->flow.db, &ask, 1, &failed));
	return ask.person;
}

/* Each id finds whom its person became part of, with the events of all. */
static void check_roots(FlowWorld *w, const guint *into, const guint *events)
{
	for (guint i = 1; i <= PEOPLE; i++) {
		gint64 person = find(w, i);
		guint root = root_of(into, i), n = 0;
		g_autoptr(GString) got = g_string_new(NULL);
		g_autofree char *sql = g_strdup_printf(
			"SELECT COUNT(*) FROM history WHERE kind = 2 AND"
			" person = %d",
			(int)person);

		ck_assert_int_ne(person, 0);
		ck_assert_int_eq(person, find(w, root));
		for (guint j = 1; j <= PEOPLE; j++)
			n += root_of(into, j) == root ? events[j] : 0;
		flow_ask(w, sql, got);
		ck_assert_uint_eq(strtoul(got->str, NULL, 10), n);
	}
}

static void try_merges(guint seed)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	FlowWorld *w = flow_world(NOW_S);
	guint into[PEOPLE + 1], events[PEOPLE + 1] = { 0 };

	for (guint i = 1; i <= PEOPLE; i++) {
		g_autofree char *line = g_strdup_printf(
			"{\"type\":\"person\",\"identifiers\":{\"id\":\"p%u\"},"
			"\"action\":\"identify\"}\n",
			i);

		into[i] = i;
		flow_take(w, line);
	}
	for (guint step = 0; step < 12; step++) {
		guint one = 1 + pick(rand, PEOPLE);
		guint other = 1 + pick(rand, PEOPLE);
		g_autofree char *line = NULL;
		char a[24], b[24];

		g_snprintf(a, sizeof a, "\"id\":\"p%u\"", one);
		g_snprintf(b, sizeof b, "\"id\":\"p%u\"", other);
		if (pick(rand, 3) == 0) {
			line = say_merge(a, b, START_S + step);
			into[root_of(into, other)] = root_of(into, one);
		} else {
			line = g_strdup_printf("{\"type\":\"person\","
					       "\"identifiers\":{%s},"
					       "\"action\":\"event\",\"name\":"
					       "\"e%u\"}\n",
					       a, step);
			events[one]++;
		}
		flow_take(w, line);
		check_roots(w, into, events);
	}
	flow_world_end(w);
}

START_TEST(an_old_id_finds_the_new_person_for_ever)
{
	for (guint i = 0; i < SEEDS / PARTS; i++)
		try_merges(seed_of(_i, i));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, any_order_makes_the_same_person, 0, PARTS);
	tcase_add_loop_test(tc, batches_leave_no_trace, 0, PARTS);
	tcase_add_loop_test(tc, an_old_id_finds_the_new_person_for_ever, 0,
			    PARTS);
}
