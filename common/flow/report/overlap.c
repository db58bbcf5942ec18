/* overlap.c - who would get two journeys' messages within a day. */
#include "flow/report/report.h"
#include "store/audit.h"

#define DAY_S 86400
#define SPAN_S DAY_S /* messages that are no further apart overlap */
#define WINDOW_S (30 * DAY_S)
#define SEPARATOR "\x1f"

static const JrColumn columns[] = {
	{ .key = "workflow", .title = "workflow" },
	{ .key = "priority", .title = "priority", .kind = JR_CELL_COUNT },
	{ .key = "other", .title = "and" },
	{ .key = "other_priority", .title = "priority", .kind = JR_CELL_COUNT },
	{ .key = "people",
	  .title = "people",
	  .kind = JR_CELL_COUNT,
	  .plot = JR_PLOT_BAR },
	{ .key = "times", .title = "times", .kind = JR_CELL_COUNT },
	{ .key = "both", .title = "both went", .kind = JR_CELL_COUNT },
	{ .key = "stopped", .title = "cap stopped it", .kind = JR_CELL_COUNT },
	{ .key = "other_stopped",
	  .title = "cap stopped the other",
	  .kind = JR_CELL_COUNT },
};

/* A message of the person at hand. */
typedef struct {
	const char *workflow;
	gint64 priority, due_s;
	gboolean went, stopped;
} Wish;

/* Two workflows, the one with the higher priority first. */
typedef struct {
	const char *names[2];
	gint64 priorities[2];
	gint64 people, times, both, stopped[2];
	gint64 last; /* person counted */
} Pair;

typedef struct {
	GTree *pairs;
	GHashTable *names; /* of workflows, kept once */
	GArray *wishes;	   /* of the person at hand, the last SPAN_S of them */
	gint64 person;
	const char *only; /* a workflow, or NULL */
} Overlap;

static int by_name(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return g_strcmp0(a, b);
}

/* Whether it wanted to go: what gates other than the cap refused did not. */
static gboolean wanted(const JrAuditMessage *m)
{
	return m->state != JR_MESSAGE_REFUSED || m->accepted_s > 0 ||
	       g_strcmp0(m->code, "cap") == 0;
}

static const char *keep_name(Overlap *o, const char *name)
{
	const char *kept = g_hash_table_lookup(o->names, name);

	if (kept)
		return kept;
	char *own = g_strdup(name);

	g_hash_table_add(o->names, own);
	return own;
}

static Pair *pair_of(Overlap *o, const Wish *first, const Wish *second)
{
	g_autofree char *key = g_strdup_printf(
		"%s" SEPARATOR "%s", first->workflow, second->workflow);
	Pair *pair = g_tree_lookup(o->pairs, key);

	if (!pair) {
		pair = g_new0(Pair, 1);
		pair->names[0] = first->workflow;
		pair->names[1] = second->workflow;
		g_tree_insert(o->pairs, g_steal_pointer(&key), pair);
	}
	/* As it was the last time: files change. */
	pair->priorities[0] = first->priority;
	pair->priorities[1] = second->priority;
	return pair;
}

static void count_pair(Overlap *o, const Wish *a, const Wish *b)
{
	gboolean swap = b->priority > a->priority ||
			(b->priority == a->priority &&
			 g_strcmp0(b->workflow, a->workflow) < 0);
	const Wish *first = swap ? b : a, *second = swap ? a : b;
	Pair *pair;

	if (g_strcmp0(a->workflow, b->workflow) == 0 ||
	    (o->only && g_strcmp0(o->only, a->workflow) != 0 &&
	     g_strcmp0(o->only, b->workflow) != 0))
		return;
	pair = pair_of(o, first, second);
	pair->people += pair->last != o->person;
	pair->last = o->person;
	pair->times++;
	pair->both += a->went && b->went;
	pair->stopped[0] += first->stopped;
	pair->stopped[1] += second->stopped;
}

static gboolean add(const JrAuditMessage *m, gpointer user)
{
	Overlap *o = user;
	Wish wish = { .priority = m->priority,
		      .due_s = m->due_s,
		      .went = m->accepted_s > 0,
		      .stopped = m->state == JR_MESSAGE_REFUSED &&
				 m->accepted_s == 0 };
	guint old = 0;

	if (!wanted(m))
		return TRUE;
	wish.workflow = keep_name(o, m->workflow);
	if (m->person != o->person)
		g_array_set_size(o->wishes, 0);
	o->person = m->person;
	while (old < o->wishes->len &&
	       g_array_index(o->wishes, Wish, old).due_s < m->due_s - SPAN_S)
		old++;
	g_array_remove_range(o->wishes, 0, old);
	for (guint i = 0; i < o->wishes->len; i++)
		count_pair(o, &g_array_index(o->wishes, Wish, i), &wish);
	g_array_append_val(o->wishes, wish);
	return TRUE;
}

static gboolean put_pair(gpointer key, gpointer value, gpointer user)
{
	const Pair *pair = value;
	JrTable *table = user;

	(void)key;
	for (guint i = 0; i < 2; i++) {
		jr_table_text(table, pair->names[i]);
		jr_table_num(table, pair->priorities[i]);
	}
	jr_table_num(table, pair->people);
	jr_table_num(table, pair->times);
	jr_table_num(table, pair->both);
	jr_table_num(table, pair->stopped[0]);
	jr_table_num(table, pair->stopped[1]);
	return FALSE; /* go on */
}

JrTable *jr_report_overlap(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(GTree) pairs = g_tree_new_full(by_name, NULL, g_free, g_free);
	g_autoptr(GHashTable) names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GArray) wishes = g_array_new(FALSE, FALSE, sizeof(Wish));
	Overlap overlap = { pairs, names, wishes, 0, ask->workflow };
	const JrAuditSpan span = {
		.channel = ask->channel ? ask->channel : JR_CHANNEL_SMS,
		.from_s = jr_report_from_s(ask, jr_flow_now(flow) - WINDOW_S),
		.until_s = jr_report_until_s(ask, G_MAXINT64),
		.apart_s = SPAN_S,
	};

	if (!jr_audit_messages(flow->db, &span, add, &overlap, error))
		return NULL;
	JrTable *table = jr_table_new("overlap",
				      "Two journeys' messages within 24 hours",
				      columns, G_N_ELEMENTS(columns));
	table->empty = "nobody would get two journeys' messages within 24 "
		       "hours";
	table->note = "the higher priority goes first where both are due; "
		      "without --since the last 30 days, and what is planned";
	g_tree_foreach(pairs, put_pair, table);
	return table;
}
