#include "flow/segment_ask.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/suggest.h"
#include "flow/facts_store.h"
#include "flow/segment_people.h"
#include "flow/table.h"
#include "store/people.h"
#include "store/segments.h"

#include <string.h>

#define PAGE 1000
#define PAGE_BYTES ((gsize)256 * 1024 * 1024)

static gboolean find_segment(const JrSegmentAsk *ask, const char *name,
			     gint64 *segment, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(PAGE_BYTES);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrSegment));
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	if (!jr_segments_load(ask->flow->db, arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrSegment *one = &g_array_index(all, JrSegment, i);

		g_ptr_array_add(names, (gpointer)one->name);
		*segment = one->segment;
		if (g_str_equal(one->name, name))
			return TRUE;
	}
	g_ptr_array_add(names, NULL);
	g_autofree char *hint =
		jr_suggest_write(name, (const char *const *)names->pdata);
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "there is no segment '%s': %s", name,
		    all->len > 0 ? hint : "there is none at all yet");
	return FALSE;
}

/* --where: who would be. */

typedef struct {
	const JrSegmentAsk *ask;
	GError *error;
} Check;

static void check_segment(gpointer user, const char *name, guint line,
			  guint column)
{
	Check *check = user;
	gint64 segment;

	(void)line;
	(void)column;
	if (!check->error)
		find_segment(check->ask, name, &segment, &check->error);
}

/* A segment that is not there would be one that nobody is in. */
static gboolean check_segments(const JrSegmentAsk *ask, const JrExpr *expr,
			       GError **error)
{
	const JrExprVisitor visitor = { .segment = check_segment };
	Check check = { ask, NULL };

	jr_expr_visit(expr, &visitor, &check);
	if (!check.error)
		return TRUE;
	g_propagate_error(error, check.error);
	return FALSE;
}

gboolean jr_segment_ask_where(const JrSegmentAsk *ask, const char *where,
			      GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(JrExpr) expr = jr_expr_new(where, NULL, &why);
	g_autoptr(JrPeopleOut) out = NULL;
	g_autoptr(JrArena) arena = jr_arena_new(PAGE_BYTES);
	g_autoptr(GArray) page = g_array_new(FALSE, FALSE, sizeof(JrPerson));
	gint64 after = 0;

	if (!expr) {
		g_set_error(error, JR_ERROR, JR_ERROR_USAGE, "--where: %s",
			    why->message);
		return FALSE;
	}
	if (!check_segments(ask, expr, error))
		return FALSE;
	out = jr_people_out_new(ask);
	do {
		jr_arena_reset(arena);
		g_array_set_size(page, 0);
		if (!jr_people_page(ask->flow->db, after, PAGE, arena, page,
				    error))
			return FALSE;
		for (guint i = 0; i < page->len; i++) {
			const JrPerson *one = &g_array_index(page, JrPerson, i);

			after = one->person;
			if (!jr_people_out_if(out, one, expr, error))
				return FALSE;
		}
	} while (page->len == PAGE);
	return jr_people_out_end(out, error);
}

/* --members: who is. */

static gboolean put_members(const JrSegmentAsk *ask, const GArray *members,
			    JrArena *arena, JrPeopleOut *out, GError **error)
{
	g_autofree JrPerson *people = g_new0(JrPerson, members->len);

	for (guint i = 0; i < members->len; i++)
		people[i].person =
			g_array_index(members, JrSegmentMember, i).person;
	if (!jr_people_load(ask->flow->db, people, members->len, arena, error))
		return FALSE;
	for (guint i = 0; i < members->len; i++)
		if (people[i].person &&
		    !jr_people_out_put(out, &people[i], error))
			return FALSE;
	return TRUE;
}

gboolean jr_segment_ask_members(const JrSegmentAsk *ask, const char *name,
				GError **error)
{
	g_autoptr(JrPeopleOut) out = jr_people_out_new(ask);
	g_autoptr(JrArena) arena = jr_arena_new(PAGE_BYTES);
	g_autoptr(GArray) members =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentMember));
	gint64 segment = 0, after = 0;

	if (!find_segment(ask, name, &segment, error))
		return FALSE;
	do {
		jr_arena_reset(arena);
		g_array_set_size(members, 0);
		if (!jr_segment_page(ask->flow->db, segment, after, PAGE,
				     members, error) ||
		    !put_members(ask, members, arena, out, error))
			return FALSE;
		if (members->len > 0)
			after = g_array_index(members, JrSegmentMember,
					      members->len - 1)
					.person;
	} while (members->len == PAGE);
	return jr_people_out_end(out, error);
}

/* --list: which there are. */

static const JrColumn list_columns[] = {
	{ .key = "segment", .title = "segment", .kind = JR_CELL_TEXT },
	{ .key = "size", .title = "members", .kind = JR_CELL_COUNT },
	{ .key = "built", .title = "built", .kind = JR_CELL_INSTANT },
	{ .key = "definition", .title = "definition", .kind = JR_CELL_TEXT },
};

gboolean jr_segment_ask_list(const JrSegmentAsk *ask, GError **error)
{
	g_autoptr(JrTable) table =
		jr_table_new("segments", "Segments", list_columns,
			     G_N_ELEMENTS(list_columns));
	g_autoptr(JrArena) arena = jr_arena_new(PAGE_BYTES);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrSegment));

	table->empty = "no segment was built yet: run jr-segment";
	if (!jr_segments_load(ask->flow->db, arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrSegment *one = &g_array_index(all, JrSegment, i);

		jr_table_text(table, one->name);
		jr_table_num(table, one->size);
		jr_table_num(table, one->built_s);
		jr_table_text(table, one->manual ? "(a list)" : one->text);
	}
	return jr_table_out(ask, table, error);
}

/* --explain: why. */

typedef struct {
	const JrSegmentAsk *ask;
	GString *line;
	GError *error;
} Why;

/* Two columns, the parts below what they are parts of. */
static void put_node_text(Why *why, guint depth, const char *source,
			  const char *value)
{
	g_string_printf(why->line, "  %*s%-*s %s", (int)(2 * depth), "",
			MAX(1, 60 - (int)(2 * depth)), source, value);
}

static void put_node_json(Why *why, guint depth, const char *source,
			  const char *value)
{
	g_string_printf(why->line, "{\"depth\":%u,\"source\":", depth + 1);
	jr_val_write_text(source, strlen(source), why->line);
	g_string_append(why->line, ",\"value\":");
	/* What was not looked at has no value. */
	g_string_append(why->line, g_str_equal(value, "?") ? "null" : value);
	g_string_append_printf(why->line, ",\"looked_at\":%s}",
			       g_str_equal(value, "?") ? "false" : "true");
}

static void put_node(gpointer user, guint depth, const char *source,
		     const char *value)
{
	Why *why = user;

	if (why->error)
		return;
	if (why->ask->table)
		put_node_text(why, depth, source, value);
	else
		put_node_json(why, depth, source, value);
	jr_writer_line(why->ask->flow->out, why->line->str, why->line->len,
		       &why->error);
}

static gboolean put_head(Why *why, const JrSegmentDef *def, int holds,
			 gint64 next_s)
{
	char at[JR_INSTANT_SIZE];
	gboolean timed = next_s != G_MAXINT64;

	if (why->ask->table) {
		g_string_printf(why->line, "%s: %s%s%s", def->name,
				holds ? "in" : "not in",
				timed ? ", to be looked at again at " : "",
				timed ? jr_instant_format(next_s, at) : "");
	} else {
		g_string_assign(why->line, "{\"depth\":0,\"segment\":");
		jr_val_write_text(def->name, strlen(def->name), why->line);
		g_string_append_printf(why->line, ",\"in\":%s",
				       holds ? "true" : "false");
		if (timed)
			g_string_append_printf(why->line,
					       ",\"next\":%" G_GINT64_FORMAT,
					       next_s);
		g_string_append_c(why->line, '}');
	}
	return jr_writer_line(why->ask->flow->out, why->line->str,
			      why->line->len, &why->error);
}

static gboolean explain_def(Why *why, const JrSegmentDef *def,
			    const JrFacts *facts, GError **error)
{
	gint64 next_s = G_MAXINT64;
	int holds = jr_expr_holds(def->expr, facts, &next_s, error);

	if (holds < 0)
		return FALSE;
	if (put_head(why, def, holds, next_s) &&
	    !jr_expr_explain(def->expr, facts, put_node, why, error))
		return FALSE;
	if (!why->error)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why->error));
	return FALSE;
}

static gboolean find_person(const JrSegmentAsk *ask, const char *name,
			    JrArena *arena, JrPerson *person, GError **error)
{
	g_autofree char *lower = g_utf8_strdown(name, -1);
	JrPersonAsk asks[] = {
		{ { JR_IDENTITY_ID, name }, 0 },
		{ { JR_IDENTITY_EMAIL, lower }, 0 },
	};

	if (!jr_people_find(ask->flow->db, asks, G_N_ELEMENTS(asks), error))
		return FALSE;
	person->person = asks[0].person ? asks[0].person : asks[1].person;
	if (person->person &&
	    !jr_people_load(ask->flow->db, person, 1, arena, error))
		return FALSE;
	if (person->person)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "nobody is known by '%s': write an id or an e-mail address",
		    name);
	return FALSE;
}

gboolean jr_segment_ask_why(const JrSegmentAsk *ask, const char *person,
			    GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(PAGE_BYTES);
	g_autoptr(GString) line = g_string_new(NULL);
	Why why = { ask, line, NULL };
	JrPerson data = { 0 };
	JrStoreFacts store;
	JrFacts facts;

	if (!find_person(ask, person, arena, &data, error) ||
	    !jr_people_facts(ask->flow, &data, arena, &store, &facts, error))
		return FALSE;
	for (guint i = 0; i < ask->file->defs->len; i++) {
		const JrSegmentDef *def =
			&g_array_index(ask->file->defs, JrSegmentDef, i);

		if (def->expr && !explain_def(&why, def, &facts, error))
			return FALSE;
	}
	return jr_writer_flush(ask->flow->out, error);
}
