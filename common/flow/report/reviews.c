/* reviews.c - replies that might be opt-outs and wait for a reader. */
#include "base/arena.h"
#include "flow/report/report.h"
#include "store/people.h"
#include "store/suppress.h"

#define ROWS 20		  /* unless more are asked for */
#define ARENA (64u << 20) /* bytes for texts */

/* No number stands here: it would not help to judge the words. */
static const JrColumn columns[] = {
	{ .key = "review", .title = "review", .kind = JR_CELL_COUNT },
	{ .key = "at", .title = "at", .kind = JR_CELL_INSTANT },
	{ .key = "person", .title = "person", .kind = JR_CELL_TEXT },
	{ .key = "text", .title = "text", .kind = JR_CELL_TEXT },
};

static gboolean put_review(JrFlow *flow, JrArena *arena, const JrReview *review,
			   JrTable *table, GError **error)
{
	JrPerson person = { .person = review->person };

	if (person.person &&
	    !jr_people_load(flow->db, &person, 1, arena, error))
		return FALSE;
	jr_table_num(table, review->review);
	jr_table_num(table, review->at_s);
	jr_table_text(table, person.id);
	jr_table_text(table, review->text);
	return TRUE;
}

JrTable *jr_report_reviews(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrReview));
	g_autoptr(JrTable) table = NULL;
	guint limit = ask->limit > 0 ? ask->limit : ROWS;

	if (!jr_reviews_open(flow->db, limit, arena, all, error))
		return NULL;
	table = jr_table_new("reviews", "Replies that might be opt-outs",
			     columns, G_N_ELEMENTS(columns));
	table->empty = "no reply waits to be read";
	for (guint i = 0; i < all->len; i++)
		if (!put_review(flow, arena, &g_array_index(all, JrReview, i),
				table, error))
			return NULL;
	return g_steal_pointer(&table);
}
