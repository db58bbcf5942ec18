/* Who is in a segment, which segments there are; where.c and
 * explain.c answer the rest of ask.h. */
#include "flow/segment/ask.h"
#include "base/error.h"
#include "base/suggest.h"
#include "flow/segment/people.h"
#include "store/segments.h"

#define PAGE 1000
#define PAGE_BYTES ((gsize)256 * 1024 * 1024)
#define DAY_S 86400

gboolean jr_segment_ask_number(const JrSegmentAsk *ask, const char *name,
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

	if (!jr_segment_ask_number(ask, name, &segment, error))
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

/* Spans over which growth is told, ending now: whole hours of UTC. */
static const gint64 spans_s[] = { DAY_S, 7 * DAY_S, 30 * DAY_S };

static const JrColumn list_columns[] = {
	{ .key = "segment", .title = "segment", .kind = JR_CELL_TEXT },
	{ .key = "size", .title = "members", .kind = JR_CELL_COUNT },
	{ .key = "entered_24h", .title = "in 24h", .kind = JR_CELL_COUNT },
	{ .key = "left_24h", .title = "out", .kind = JR_CELL_COUNT },
	{ .key = "entered_7d", .title = "in 7d", .kind = JR_CELL_COUNT },
	{ .key = "left_7d", .title = "out", .kind = JR_CELL_COUNT },
	{ .key = "entered_30d", .title = "in 30d", .kind = JR_CELL_COUNT },
	{ .key = "left_30d", .title = "out", .kind = JR_CELL_COUNT },
	{ .key = "built", .title = "built", .kind = JR_CELL_INSTANT },
	{ .key = "definition", .title = "definition", .kind = JR_CELL_TEXT },
	{ .key = "description", .title = "description", .kind = JR_CELL_TEXT },
};

/* What is in a cell stands on one line. */
static char *on_one_line(const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
	GString *line = g_string_new(NULL);

	for (char **word = words; *word; word++)
		if (**word)
			g_string_append_printf(line, "%s%s",
					       line->len ? " " : "", *word);
	return g_string_free(line, FALSE);
}

static void put_text(const JrSegmentAsk *ask, const char *text, JrTable *table)
{
	g_autofree char *line = NULL;

	if (text && jr_segment_ask_in_table(ask))
		text = line = on_one_line(text);
	jr_table_text(table, text);
}

static void put_definition(const JrSegmentAsk *ask, const JrSegment *one,
			   JrTable *table)
{
	const JrSegmentDef *def =
		ask->file ? jr_segment_file_find(ask->file, one->name) : NULL;

	g_autofree char *plain = NULL;

	if (!one->manual && one->text && jr_segment_ask_in_table(ask))
		plain = jr_expr_on_one_line(one->text);
	put_text(ask, plain ? plain : one->text, table);
	put_text(ask, def ? def->description : NULL, table);
}

static gboolean put_segment(const JrSegmentAsk *ask, const JrSegment *one,
			    JrTable *table, GError **error)
{
	gint64 now_s = jr_flow_now(ask->flow), entered, left;

	jr_table_text(table, one->name);
	jr_table_num(table, one->size);
	for (guint i = 0; i < G_N_ELEMENTS(spans_s); i++) {
		/* The hour that is under way is one of them. */
		if (!jr_segment_growth(ask->flow->db, one->segment,
				       now_s - spans_s[i] + 3600, &entered,
				       &left, error))
			return FALSE;
		jr_table_num(table, entered);
		jr_table_num(table, left);
	}
	jr_table_num(table, one->built_s);
	put_definition(ask, one, table);
	return TRUE;
}

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
	for (guint i = 0; i < all->len; i++)
		if (!put_segment(ask, &g_array_index(all, JrSegment, i), table,
				 error))
			return FALSE;
	return jr_table_out(ask, table, error);
}
