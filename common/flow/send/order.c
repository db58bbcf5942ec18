#include "flow/send/order.h"

#define WINDOW_S 2    /* what is claimed leaves within that */
#define BURST_S 0.100 /* how far a sender may catch up, as in net/sender.c */

typedef struct {
	gint64 row; /* of the message */
	double segments;
} Turn;

/* Those of one sender, in the order they came. */
typedef struct {
	double each_s; /* that a segment takes; 0: it has no pace */
	double next_s; /* when the first may go, in ticks */
	GQueue turns;  /* Turn * */
} Line;

struct _JrSendOrder {
	GPtrArray *lines;  /* Line *, as configured; the first of those whose
			    * sender has no pace */
	GHashTable *paced; /* what a sender is told by, to its line */
	GHashTable *rows;  /* of all turns, borrowed */
	double each_s;	   /* that any message takes; 0: as fast as it goes */
};

static void line_free(gpointer data)
{
	Line *line = data;

	g_queue_clear_full(&line->turns, g_free);
	g_free(line);
}

/* The pace of the slowest provider. */
static double each_of(const JrSend *send)
{
	double each_s = 0;

	for (guint i = 0; i < send->ways->len; i++) {
		const JrSendWay *way = jr_send_way_at(send, i);

		if (way->per_second > 0)
			each_s = MAX(each_s, 1 / way->per_second);
	}
	return each_s;
}

static Line *add_line(JrSendOrder *order)
{
	Line *line = g_new0(Line, 1);

	g_queue_init(&line->turns);
	g_ptr_array_add(order->lines, line);
	return line;
}

JrSendOrder *jr_send_order_new(const JrSend *send)
{
	const JrPolicy *policy = send->flow->policy;
	JrSendOrder *order = g_new0(JrSendOrder, 1);

	order->each_s = each_of(send);
	order->lines = g_ptr_array_new_with_free_func(line_free);
	order->rows = g_hash_table_new(g_int64_hash, g_int64_equal);
	order->paced =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	add_line(order);
	for (guint i = 0; i < policy->n_senders; i++) {
		const char *id = jr_policy_sender_id(&policy->senders[i]);
		Line *line;

		if (policy->senders[i].per_second <= 0)
			continue;
		line = add_line(order);
		line->each_s = 1 / policy->senders[i].per_second;
		g_hash_table_insert(order->paced, g_strdup(id ? id : ""), line);
	}
	return order;
}

void jr_send_order_free(JrSendOrder *order)
{
	g_hash_table_unref(order->rows);
	g_hash_table_unref(order->paced);
	g_ptr_array_unref(order->lines);
	g_free(order);
}

void jr_send_order_add(JrSendOrder *order, const JrMessage *outline)
{
	const char *sender = outline->sender ? outline->sender : "";
	Line *line = g_hash_table_lookup(order->paced, sender);
	Turn *turn;

	if (g_hash_table_contains(order->rows, &outline->row))
		return;
	if (!line)
		line = order->lines->pdata[0];
	turn = g_new(Turn, 1);
	*turn = (Turn){ outline->row, (double)MAX(outline->segments, 1) };
	g_hash_table_add(order->rows, &turn->row);
	g_queue_push_tail(&line->turns, turn);
}

guint jr_send_order_len(const JrSendOrder *order)
{
	return g_hash_table_size(order->rows);
}

/* The line whose first may go first; NULL: none is left. */
static Line *first_line(const JrSendOrder *order)
{
	Line *first = NULL;

	for (guint i = 0; i < order->lines->len; i++) {
		Line *line = order->lines->pdata[i];

		if (line->turns.length > 0 &&
		    (!first || line->next_s < first->next_s))
			first = line;
	}
	return first;
}

static gint64 take_first(JrSendOrder *order, Line *line)
{
	Turn *turn = g_queue_pop_head(&line->turns);
	const gint64 row = turn->row;

	g_hash_table_remove(order->rows, &row);
	line->next_s += line->each_s > 0 ? line->each_s * turn->segments
					 : order->each_s;
	g_free(turn);
	return row;
}

/* Who was not to be had at a pace, or at once, is not made up for. */
static Line *first_at(JrSendOrder *order, double now_s)
{
	for (guint i = 0; i < order->lines->len; i++) {
		Line *line = order->lines->pdata[i];

		line->next_s =
			i == 0 ? now_s : MAX(line->next_s, now_s - BURST_S);
	}
	return first_line(order);
}

double jr_send_order_wait_s(JrSendOrder *order, double now_s)
{
	const Line *line = first_at(order, now_s);

	return line ? MAX(line->next_s - now_s, 0) : 0;
}

void jr_send_order_take(JrSendOrder *order, double now_s, guint max,
			GArray *rows)
{
	Line *line = first_at(order, now_s);
	double until_s = order->each_s > 0 ? now_s + WINDOW_S : now_s;

	if (line)
		until_s = MAX(until_s, line->next_s);
	for (; line && line->next_s <= until_s && rows->len < max;
	     line = first_line(order)) {
		const gint64 row = take_first(order, line);

		g_array_append_val(rows, row);
	}
}

void jr_send_order_clear(JrSendOrder *order)
{
	g_hash_table_remove_all(order->rows);
	for (guint i = 0; i < order->lines->len; i++)
		g_queue_clear_full(&((Line *)order->lines->pdata[i])->turns,
				   g_free);
}
