/* What jr_expr_ functions tell besides the answer. */
#include "base/excerpt.h"
#include "expr_world.h"
#include "lang/expr.h"
#include "unit.h"

#define NOW "2026-11-23T12:00:00Z"

/* What it asks for */

static const struct {
	const char *expression;
	const char *asks; /* a word for each call, in their order */
} visits[] = {
	{ "true", "" },
	{ "plan == \"pro\"", "plan@1:1" },
	{ "has plan and plan != other", "plan@1:5 other@1:22" },
	{ "address.city == tags[0].x", "address.city@1:1 tags@1:17" },
	{ "customer[\"First Name\"] == 1", "First Name@1:1" },
	{ "has customer or has event", "" },
	{ "plan == 1 or\n  plan == 2 or city == 3", "plan@1:1 city@2:16" },
	{ "event.total > trigger.total", "event:total@1:1 trigger:total@1:15" },
	{ "event.a > trigger.b and event.a < 9", "event:a@1:1 trigger:b@1:11" },
	{ "in_segment(\"a\") or in_segment(\"b\") or in_segment(\"a\")",
	  "segment:a@1:1 segment:b@1:20" },
	{ "happened(\"Order\") or count(\"Order\") > 1", "Order time" },
	{ "happened(\"Order*\" where event.a == b)",
	  "Order* Order*:a@1:25 b@1:36 time" },
	{ "happened(\"A\" followed by \"B\" where c == event.c)",
	  "A B c@1:36 B:c@1:41 time" },
	{ "happened(\"A\" since created_at)", "A created_at@1:20 time" },
	{ "happened(\"A\" since event.at)", "A event:at@1:20 time" },
	{ "sum(event.total of \"A\" where trigger.x == 1) > 1",
	  "A A:total@1:5 trigger:x@1:30 time" },
	{ "count(\"A\" where event.x > 1) > count(\"B\" where event.x > event.y)",
	  "A A:x@1:17 B B:x@1:48 B:y@1:58 time" },
	{ "happened(\"A\" since event.at where event.x > 1 followed by \"B\" "
	  "with same event.n, event.o.p where event.x > 1)",
	  "A B event:at@1:20 A:x@1:35 A:n@1:73 B:n@1:73 A:o.p@1:82 "
	  "B:o.p@1:82 B:x@1:98 time" },
	{ "happened(\"A\" where event.x == 1) or happened(\"A\" where event.x == 2)",
	  "A A:x@1:20 time" },
	{ "happened(\"A\" where has event)", "A time" },
	{ "happened(sent) and last(clicked sms) < now", "messages time" },
	{ "has device_token", "devices" },
	{ "has_device(\"ios\") and has_device(\"web\")", "devices" },
	{ "subscribed(\"a\") and subscribed(\"b\")", "subscriptions" },
	{ "bucket(\"a\") < 0.5", "" },
	{ "created_at <= 7d ago", "created_at@1:1 time" },
	{ "created_at within last 7d", "created_at@1:1 time" },
	{ "hour(now) > 9", "time" },
	{ "hour(created_at) > 9", "created_at@1:6" },
	{ "a == 1 or b > now and (has device_token or not happened(sent))",
	  "a@1:1 b@1:11 messages devices time" },
};

static void see(gpointer user, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void see(gpointer user, const char *format, ...)
{
	GString *out = user;
	va_list args;

	if (out->len > 0)
		g_string_append_c(out, ' ');
	va_start(args, format);
	g_string_append_vprintf(out, format, args);
	va_end(args);
}

static void see_attribute(gpointer user, const char *path, guint line,
			  guint column)
{
	see(user, "%s@%u:%u", path, line, column);
}

static void see_segment(gpointer user, const char *name, guint line,
			guint column)
{
	see(user, "segment:%s@%u:%u", name, line, column);
}

static void see_event(gpointer user, const char *name)
{
	see(user, "%s", name);
}

static void see_property(gpointer user, const char *path, guint line,
			 guint column)
{
	see(user, "event:%s@%u:%u", path, line, column);
}

static void see_trigger(gpointer user, const char *path, guint line,
			guint column)
{
	see(user, "trigger:%s@%u:%u", path, line, column);
}

static void see_looked(gpointer user, const JrExprLooked *looked)
{
	see(user, "%s:%s@%u:%u", looked->event, looked->path, looked->line,
	    looked->column);
}

static void see_messages(gpointer user)
{
	see(user, "messages");
}

static void see_devices(gpointer user)
{
	see(user, "devices");
}

static void see_subscriptions(gpointer user)
{
	see(user, "subscriptions");
}

static void see_time(gpointer user)
{
	see(user, "time");
}

static const JrExprVisitor visitor = {
	.attribute = see_attribute,
	.event = see_event,
	.property = see_property,
	.looked = see_looked,
	.trigger = see_trigger,
	.segment = see_segment,
	.messages = see_messages,
	.devices = see_devices,
	.subscriptions = see_subscriptions,
	.time = see_time,
};

START_TEST(all_it_asks_for_is_told_once)
{
	static const JrExprVisitor deaf;
	g_autoptr(JrExpr) expr = jr_expr_new(visits[_i].expression, NULL, NULL);
	g_autoptr(GString) seen = g_string_new(NULL);

	ck_assert_ptr_nonnull(expr);
	ck_assert_str_eq(jr_expr_text(expr), visits[_i].expression);
	jr_expr_visit(expr, &visitor, seen);
	ck_assert_str_eq(seen->str, visits[_i].asks);
	jr_expr_visit(expr, &deaf, NULL);
}
END_TEST

/* Why */

static const struct {
	const char *expression, *facts, *why;
} explanations[] = {
	{ "true", "{}", "true = true\n" },
	{ "plan == \"pro\" and score > 5",
	  "{\"person\":{\"plan\":\"pro\",\"score\":3}}",
	  "plan == \"pro\" and score > 5 = false\n"
	  "  plan == \"pro\" = true\n"
	  "    plan = \"pro\"\n"
	  "    \"pro\" = \"pro\"\n"
	  "  score > 5 = false\n"
	  "    score = 3\n"
	  "    5 = 5\n" },
	{ "score * 1.5 == avg(event.x of \"A\")", "{\"person\":{\"score\":3}}",
	  "score * 1.5 == avg(event.x of \"A\") = false\n"
	  "  score * 1.5 = 4.5\n"
	  "    score = 3\n"
	  "    1.5 = 1.5\n"
	  "  avg(event.x of \"A\") = null\n" },
	/* What was not looked at. */
	{ "score > 5 and in_segment(\"broken\")",
	  "{\"person\":{\"score\":null}}",
	  "score > 5 and in_segment(\"broken\") = false\n"
	  "  score > 5 = false\n"
	  "    score = null\n"
	  "    5 = 5\n"
	  "  in_segment(\"broken\") = ?\n" },
	/* Times and durations are shown as they are written. */
	{ "now - created_at >= 7d",
	  "{\"person\":{\"created_at\":\"2026-11-23\"}}",
	  "now - created_at >= 7d = false\n"
	  "  now - created_at = \"12h\"\n"
	  "    now = \"2026-11-23T12:00:00Z\"\n"
	  "    created_at = \"2026-11-23\"\n"
	  "  7d = \"1w\"\n" },
	{ "7d ago < 2026-11-23", "{\"zone\":\"Asia/Tokyo\"}",
	  "7d ago < 2026-11-23 = true\n"
	  "  7d ago = \"2026-11-16T12:00:00Z\"\n"
	  "    ago = \"2026-11-23T12:00:00Z\"\n"
	  "    7d = \"1w\"\n"
	  "  2026-11-23 = \"2026-11-22T15:00:00Z\"\n" },
	/* Counts are whole, though two would decide. */
	{ "count(\"A\" since b where event.x > 1) >= 2",
	  "{\"person\":{\"b\":\"2026-01-01\"},\"events\":["
	  "[\"A\",\"2026-11-01T00:00:00Z\",{\"x\":2}],"
	  "[\"A\",\"2026-11-02T00:00:00Z\",{\"x\":2}],"
	  "[\"A\",\"2026-11-03T00:00:00Z\",{\"x\":2}],"
	  "[\"A\",\"2026-11-04T00:00:00Z\",{\"x\":1}]]}",
	  "count(\"A\" since b where event.x > 1) >= 2 = true\n"
	  "  count(\"A\" since b where event.x > 1) = 3\n"
	  "    b = \"2026-01-01\"\n"
	  "  2 = 2\n" },
	/* Blanks are one blank, comments none; texts stay as they are. */
	{ "plan   ==  # the plan\n\t\"a  #  b\"\n  or\ttags[ 0 ] == 'it\\'s  x'",
	  "{\"person\":{\"tags\":[{\"a\":[1,2.5,true]}]}}",
	  "plan == \"a  #  b\" or tags[ 0 ] == 'it\\'s  x' = false\n"
	  "  plan == \"a  #  b\" = false\n"
	  "    plan = null\n"
	  "    \"a  #  b\" = \"a  #  b\"\n"
	  "  tags[ 0 ] == 'it\\'s  x' = false\n"
	  "    tags[ 0 ] = {\"a\":[1,2.5,true]}\n"
	  "    'it\\'s  x' = \"it's  x\"\n" },
	{ "not (plan in [\"a\", \"b\"] ignoring case)",
	  "{\"person\":{\"plan\":\"A\"}}",
	  "not (plan in [\"a\", \"b\"] ignoring case) = false\n"
	  "  plan in [\"a\", \"b\"] ignoring case = true\n"
	  "    plan = \"A\"\n"
	  "    \"a\" = \"a\"\n"
	  "    \"b\" = ?\n" },
	{ "last(event.p of \"A\") contains \"x\" or -score == hour(now)",
	  "{\"events\":[[\"A\",\"2026-11-01T00:00:00Z\",{\"p\":\"yz\"}]],"
	  "\"person\":{\"score\":-12}}",
	  "last(event.p of \"A\") contains \"x\" or -score == hour(now) = "
	  "true\n"
	  "  last(event.p of \"A\") contains \"x\" = false\n"
	  "    last(event.p of \"A\") = \"yz\"\n"
	  "    \"x\" = \"x\"\n"
	  "  -score == hour(now) = true\n"
	  "    -score = 12\n"
	  "      score = -12\n"
	  "    hour(now) = 12\n"
	  "      now = \"2026-11-23T12:00:00Z\"\n" },
};

static void tell(gpointer user, guint depth, const char *source,
		 const char *value)
{
	g_string_append_printf(user, "%*s%s = %s\n", (int)depth * 2, "", source,
			       value);
}

START_TEST(why_is_told_from_the_top)
{
	g_autoptr(JrExpr) expr =
		jr_expr_new(explanations[_i].expression, NULL, NULL);
	g_autoptr(GString) why = g_string_new(NULL);
	World w;

	ck_assert_ptr_nonnull(expr);
	world_open(&w, explanations[_i].facts);
	w.facts.now_s = instant(NOW, NULL);
	ck_assert(jr_expr_explain(expr, &w.facts, tell, why, NULL));
	ck_assert_str_eq(why->str, explanations[_i].why);
	world_close(&w);
}
END_TEST

START_TEST(a_store_that_fails_explains_nothing)
{
	g_autoptr(JrExpr) expr =
		jr_expr_new("in_segment(\"broken\")", NULL, NULL);
	g_autoptr(GString) why = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	World w;

	world_open(&w, "{}");
	ck_assert(!jr_expr_explain(expr, &w.facts, tell, why, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_IO));
	ck_assert_str_eq(why->str, "");
	world_close(&w);
}
END_TEST

/* Where */

static const struct {
	const char *expression, *point; /* NULL: nothing is wrong */
} points[] = {
	{ "plan == 3", NULL },
	{ "plan is 3", "plan is 3\n     ^\n" },
	{ "plan ==", "plan ==\n       ^\n" },
	{ "", "\n^\n" },
	{ "a == 1\nand b is 2\nand c", "and b is 2\n      ^\n" },
	{ "a == 1 and\n", "\n^\n" },
	/* Tabs stay tabs, wide letters are wide, accents take no room. */
	{ "\tplan is 3", "\tplan is 3\n\t     ^\n" },
	{ "名前 is 3", "名前 is 3\n     ^\n" },
	{ "e\xcc\x81 is 3", "e\xcc\x81 is 3\n  ^\n" },
	{ "a == \"\x1b[31m\" is", "a == \" [31m\" is\n             ^\n" },
	{ "a == \"\xff\"", "a == \"\xef\xbf\xbd\"\n^\n" },
	/* Long lines are cut around the place. */
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  " is bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa is bbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	  "bbbb\n                                    ^\n" },
};

START_TEST(a_caret_points_at_it)
{
	const char *text = points[_i].expression;
	const JrOrigin origin = { .file = "f" };
	g_autoptr(GError) error = NULL;
	g_autoptr(JrExpr) expr = jr_expr_new(text, &origin, &error);
	g_autofree char *point = NULL;
	JrPlace place;

	ck_assert(!expr == !!error);
	if (error && jr_place_of(error->message, &place))
		point = jr_excerpt(text, place.line, place.column);
	ck_assert_pstr_eq(point, points[_i].point);
}
END_TEST

static const struct {
	const char *file;
	guint line, column;
	const char *expression, *message;
	const char *lines, *escaped; /* as it stands in the file; or NULL */
} origins[] = {
	{ NULL, 0, 0, "a is 1", "1:3: ", NULL, NULL },
	{ NULL, 7, 0, "a is 1", "7:3: ", NULL, NULL },
	{ NULL, 7, 10, "a is 1", "7:12: ", NULL, NULL },
	{ "f", 0, 0, "a is 1", "f:1:3: ", NULL, NULL },
	{ "f", 7, 10, "a is 1", "f:7:12: ", NULL, NULL },
	{ "f", 7, 5, "x == 1 and\na is 1", "f:8:7: ", NULL, NULL },
	{ "f", 7, 5, "x == 1 and a is 1", "f:7:18: ", NULL, NULL },
	{ "f", 7, 5, "x == 1 and a is 1", "f:8:5: ", "x == 1 and\n  a is 1",
	  NULL },
	{ "f", 7, 5, "x # y and a is 1", "f:8:7: ", "x # y\nand a is 1", NULL },
	{ "f", 7, 5, "x is 1 and a is 1", "f:7:7: ", "x is 1 and\n  a is 1",
	  NULL },
	{ "f", 7, 5, "x == \"é\" or a is 1", "f:7:21: ", NULL,
	  "x == \\\"é\\\" or a is 1" },
	{ "f", 7, 5, "x == 'é' or a is 1", "f:7:24: ", NULL,
	  "x == '\\u00e9' or a is 1" },
	{ "f", 7, 5, "x == 'it' or a is 1", "f:7:22: ", NULL,
	  "x == ''it'' or a is 1" },
	{ "f", 7, 5, "x == \"é\" or a is 1", "f:8:7: ", NULL,
	  "x == \\\"é\\\" or  \n    a is 1" },
	{ "f", 7, 5, "x == \"é\" or a is 1", "f:8:7: ", NULL,
	  "x == \\\"é\\\" or \\\n    a is 1" },
	{ "f", 7, 5, "x == 1\nor a is 1", "f:7:18: ", NULL,
	  "x == 1\\nor a is 1" },
	{ "f", 7, 5, "a is 1", "f:7:10: ", NULL, "\\x61 is" },
};

START_TEST(errors_point_into_the_file)
{
	g_autofree char *message = g_strconcat(
		origins[_i].message, "unexpected 'is': write '=='", NULL);
	const JrOrigin origin = { origins[_i].file, origins[_i].line,
				  origins[_i].column, origins[_i].lines,
				  origins[_i].escaped };
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(
		jr_expr_new(origins[_i].expression, &origin, &error));
	ck_assert_str_eq(error->message, message);
}
END_TEST

START_TEST(places_of_names_point_into_the_file)
{
	const JrOrigin origin = { .file = "seg.yaml", .line = 7, .column = 10 };
	g_autoptr(JrExpr) expr = jr_expr_new("plan == 1", &origin, NULL);
	g_autoptr(GString) seen = g_string_new(NULL);

	jr_expr_visit(expr, &visitor, seen);
	ck_assert_str_eq(seen->str, "plan@7:10");
}
END_TEST

/* Limits: so often it is taken, once more it is not. */

static const struct {
	const char *before, *part;
	guint times;
	const char *after, *message;
} limits[] = {
	{ "", "(", 64, "a", "nested more than 64 deep" },
	{ "", "not ", 63, "a", "nested more than 64 deep" },
	{ "1 == ", "-", 62, "a", "nested more than 64 deep" },
	{ "1 == a", "+1", 62, "", "nested more than 64 deep" },
	{ "1 == ", "number(", 64, "a", "nested more than 64 deep" },
	{ "a", "+1", 62, " in [1]", "nested more than 64 deep" },
	{ "a", "+1", 62, " == 1", "nested more than 64 deep" },
	{ "now", "-1d", 62, " within last 1d", "nested more than 64 deep" },
	{ "a in [", "1,", 4095, "1]", "more than 4096 items" },
	{ "a", " ", 65535, "", "longer than 65536 bytes" },
};

/* Whether so many parts are too many; other errors do not matter. */
static gboolean too_many(guint row, guint times)
{
	g_autoptr(GString) text = g_string_new(limits[row].before);
	g_autoptr(GError) error = NULL;
	g_autoptr(JrExpr) expr = NULL;

	for (guint i = 0; i < times; i++)
		g_string_append(text, limits[row].part);
	g_string_append(text, limits[row].after);
	expr = jr_expr_new(text->str, NULL, &error);
	return error && strstr(error->message, limits[row].message);
}

START_TEST(what_is_too_much_is_refused)
{
	guint times = limits[_i].times;

	ck_assert(!too_many((guint)_i, times));
	ck_assert(too_many((guint)_i, times + 1));
	ck_assert(too_many((guint)_i, MAX(times + 1, 5000)));
}
END_TEST

START_TEST(the_largest_texts_are_compiled)
{
	static const char *const parts[] = {
		"a or ",	"'x' == a or ",
		"a in [1] or ", "happened('A') or ",
		"a[0].b.c or ", "has a or ",
		"a+1 == 1 or ",
	};
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(JrExpr) expr = NULL;

	while (text->len + 20 < JR_EXPR_MAX_BYTES)
		g_string_append(text, parts[_i]);
	g_string_append_c(text, 'a');
	expr = jr_expr_new(text->str, NULL, NULL);
	ck_assert_ptr_nonnull(expr);
}
END_TEST

/* No more is asked for than decides */

static const struct {
	const char *expression;
	guint asked, shown;
} costs[] = {
	{ "happened(\"A\")", 1, 1 },
	{ "last(\"A\") < now", 1, 1 },
	{ "first(\"A\") < now", 1, 1 },
	{ "count(\"A\") >= 2", 1, 2 },
	{ "count(\"A\") > 2", 1, 3 },
	{ "count(\"A\") == 2", 1, 3 },
	{ "count(\"A\") < 2", 1, 2 },
	{ "count(\"A\") + 0 < 2", 1, 5 },
	{ "distinct(event.x of \"A\") >= 2", 1, 2 },
	{ "sum(event.x of \"A\") >= 2", 1, 5 },
	{ "count(\"A\" within 7d) >= 9", 1, 2 },
	{ "count(\"A\" since 2026-11-18 before 2026-11-20) >= 9", 1, 1 },
	{ "count(\"A\" since 2026-11-20 before 2026-11-18) >= 9", 0, 0 },
	{ "count(\"A\" since b) >= 9", 0, 0 },
	{ "happened(\"A\" followed by \"B\" within 1h)", 6, 5 },
	{ "happened(\"A\") or happened(\"B\")", 1, 1 },
	{ "happened(\"B\") and happened(\"A\")", 1, 0 },
};

START_TEST(only_what_decides_is_asked_for)
{
	g_autoptr(JrExpr) expr = jr_expr_new(costs[_i].expression, NULL, NULL);
	gint64 next_s = G_MAXINT64;
	World w;

	world_open(&w, "{\"events\":["
		       "[\"A\",\"2026-11-10T00:00:00Z\",{\"x\":1}],"
		       "[\"A\",\"2026-11-11T00:00:00Z\",{\"x\":2}],"
		       "[\"A\",\"2026-11-12T00:00:00Z\",{\"x\":3}],"
		       "[\"A\",\"2026-11-19T00:00:00Z\",{\"x\":4}],"
		       "[\"A\",\"2026-11-20T00:00:00Z\",{\"x\":5}]]}");
	w.facts.now_s = instant(NOW, NULL);
	ck_assert_ptr_nonnull(expr);
	ck_assert_int_ge(jr_expr_holds(expr, &w.facts, &next_s, NULL), 0);
	ck_assert_uint_eq(w.source.asked, costs[_i].asked);
	ck_assert_uint_eq(w.source.shown, costs[_i].shown);
	world_close(&w);
}
END_TEST

START_TEST(too_many_different_values_are_told)
{
	g_autoptr(JrExpr) expr =
		jr_expr_new("distinct(event of \"A\") > 0", NULL, NULL);
	g_autoptr(JrExpr) all =
		jr_expr_new("distinct(event of \"A\") != 1.5", NULL, NULL);
	g_autofree JrVal *data = g_new0(JrVal, 100001);
	g_autoptr(GError) error = NULL;
	World w;

	world_open(&w, "{}");
	w.facts.now_s = instant(NOW, NULL);
	for (guint i = 0; i < 100001; i++) {
		const TestEvent event = { .name = "A", .data = &data[i] };

		data[i] = jr_val_int(i);
		g_array_append_val(w.source.events, event);
	}
	ck_assert_int_eq(jr_expr_holds(expr, &w.facts, NULL, NULL), 1);
	ck_assert_int_eq(jr_expr_holds(all, &w.facts, NULL, &error), -1);
	ck_assert_str_eq(error->message,
			 "more than 100000 different values of one person: "
			 "count within a shorter time");
	world_close(&w);
}
END_TEST

START_TEST(next_is_only_lowered)
{
	g_autoptr(JrExpr) expr = jr_expr_new("b > now", NULL, NULL);
	gint64 at_s = instant("2026-11-23T13:00:00Z", NULL);
	gint64 next_s = at_s - 1;
	World w;

	world_open(&w, "{\"person\":{\"b\":\"2026-11-23T13:00:00Z\"}}");
	w.facts.now_s = instant(NOW, NULL);
	ck_assert_int_eq(jr_expr_holds(expr, &w.facts, &next_s, NULL), 1);
	ck_assert_int_eq(next_s, at_s - 1);
	next_s = at_s + 1;
	ck_assert_int_eq(jr_expr_holds(expr, &w.facts, &next_s, NULL), 1);
	ck_assert_int_eq(next_s, at_s);
	world_close(&w);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, all_it_asks_for_is_told_once, 0,
			    G_N_ELEMENTS(visits));
	tcase_add_loop_test(tc, why_is_told_from_the_top, 0,
			    G_N_ELEMENTS(explanations));
	tcase_add_test(tc, a_store_that_fails_explains_nothing);
	tcase_add_loop_test(tc, a_caret_points_at_it, 0, G_N_ELEMENTS(points));
	tcase_add_loop_test(tc, errors_point_into_the_file, 0,
			    G_N_ELEMENTS(origins));
	tcase_add_test(tc, places_of_names_point_into_the_file);
	tcase_add_loop_test(tc, what_is_too_much_is_refused, 0,
			    G_N_ELEMENTS(limits));
	tcase_add_loop_test(tc, the_largest_texts_are_compiled, 0, 7);
	tcase_add_loop_test(tc, only_what_decides_is_asked_for, 0,
			    G_N_ELEMENTS(costs));
	tcase_add_test(tc, too_many_different_values_are_told);
	tcase_add_test(tc, next_is_only_lowered);
}
