/*
 * Any text compiles or is refused with its place; what compiles is asked about
 * one person, and its answer stays until the instant it announces.
 */
#include "../unit/expr_source.h"
#include "base/excerpt.h"
#include "lang/expr.h"

#define NOW_S 1772949600 /* the night clocks are turned in New York */

static const JrMember props[] = {
	{ .key = "n", .key_len = 1, .val = { .type = JR_VAL_INT, .num = 3 } },
	{ .key = "t",
	  .key_len = 1,
	  .val = { .type = JR_VAL_INT, .num = NOW_S + 90 } },
};
static const JrVal list[] = { { .type = JR_VAL_TEXT, .len = 1, .text = "x" },
			      { .type = JR_VAL_REAL, .real = 0.5 } };
static const JrMember members[] = {
	{ .key = "a",
	  .key_len = 1,
	  .val = { .type = JR_VAL_TEXT, .len = 10, .text = "2026-03-07" } },
	{ .key = "b",
	  .key_len = 1,
	  .val = { .type = JR_VAL_INT, .num = NOW_S - 3600 } },
	{ .key = "s",
	  .key_len = 1,
	  .val = { .type = JR_VAL_TEXT, .len = 3, .text = "pro" } },
	{ .key = "l",
	  .key_len = 1,
	  .val = { .type = JR_VAL_LIST, .len = 2, .items = list } },
	{ .key = "m",
	  .key_len = 1,
	  .val = { .type = JR_VAL_MAP, .len = 2, .members = props } },
	{ .key = "y",
	  .key_len = 1,
	  .val = { .type = JR_VAL_BOOL, .yes = TRUE } },
};
static const JrVal person = {
	JR_VAL_MAP, 6, { .members = members }, { { 0 } }
};
static const JrVal data = { JR_VAL_MAP, 2, { .members = props }, { { 0 } } };
static const TestEvent events[] = {
	{ "A", NOW_S - 86400 * 3, &data, "sms", "w", "1" },
	{ "B", NOW_S - 3600, NULL, "push", "w", "2" },
	{ "A", NOW_S - 60, &data, "sms", "w", "1" },
	{ "A", NOW_S + 60, &data, "sms", "w", "1" },
};

static void ignore(gpointer user, guint depth, const char *source,
		   const char *value)
{
	g_assert(!user && depth < JR_EXPR_MAX_DEPTH && *source && *value);
}

/* All there is to ask about @expr. */
static void ask(const JrExpr *expr, JrFacts *facts)
{
	static const JrExprVisitor deaf;
	gint64 next_s = G_MAXINT64;
	int holds = jr_expr_holds(expr, facts, &next_s, NULL);

	g_assert(holds == jr_expr_holds(expr, facts, NULL, NULL));
	g_assert(jr_expr_explain(expr, facts, ignore, NULL, NULL) ==
		 (holds >= 0));
	jr_expr_visit(expr, &deaf, NULL);
	g_assert(next_s > facts->now_s);
	facts->now_s = MIN(next_s - 1, NOW_S + 86400 * 400);
	g_assert(holds == jr_expr_holds(expr, facts, NULL, NULL));
}

/* An error tells its place, which can be drawn. */
static void check_place(const char *text, const char *message)
{
	g_autofree char *excerpt = NULL;
	JrPlace place;

	g_assert(jr_place_of(message, &place) && place.len == 1);
	excerpt = jr_excerpt(text, place.line, place.column);
	g_assert(g_str_has_suffix(excerpt, "^\n"));
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, size_t size);

int LLVMFuzzerTestOneInput(const guint8 *bytes, size_t size)
{
	g_autofree char *text = g_strndup((const char *)bytes, size);
	const JrOrigin origin = { .file = "f" };
	g_autoptr(GError) error = NULL;
	g_autoptr(JrExpr) expr = jr_expr_new(text, &origin, &error);
	g_autoptr(JrZones) zones = jr_zones_new();
	TestSource source = { g_array_new(FALSE, FALSE, sizeof(TestEvent)),
			      g_array_new(FALSE, FALSE, sizeof(TestEvent)),
			      &person.members[3].val,
			      NULL,
			      NULL,
			      0,
			      0,
			      0 };
	JrFacts facts = { "u_1",
			  &person,
			  &data,
			  NOW_S,
			  jr_zones_get(zones, "America/New_York", NULL),
			  &test_source,
			  &source,
			  NULL,
			  NOW_S,
			  0 };

	g_array_append_vals(source.events, events, G_N_ELEMENTS(events));
	g_array_append_vals(source.messages, events, G_N_ELEMENTS(events));
	g_assert(!expr == !!error);
	if (error)
		check_place(text, error->message);
	if (expr)
		ask(expr, &facts);
	g_array_unref(source.events);
	g_array_unref(source.messages);
	return 0;
}
