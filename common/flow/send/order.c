#include "flow/send/order.h"

#define WINDOW_S 2     /* what is claimed leaves within that */
#define ANSWER_S 0.050 /* a provider takes about that long */

typedef struct {
	double per_second, next_s;
} Pace;

static void turn_clear(gpointer turn)
{
	g_free(((JrSendTurn *)turn)->id);
}

/* How far apart those go that no sender holds back. */
static double each_of(const JrSend *send)
{
	double each_s = 0;
	GHashTableIter iter;
	gpointer data;

	g_hash_table_iter_init(&iter, send->ways);
	while (g_hash_table_iter_next(&iter, NULL, &data)) {
		const JrSendWay *way = data;
		double own_s = way->per_second > 0
				       ? 1 / way->per_second
				       : ANSWER_S / jr_sender_room(way->sender);

		each_s = MAX(each_s, own_s);
	}
	return each_s;
}

JrSendOrder *jr_send_order_new(const JrSend *send)
{
	const JrPolicy *policy = send->flow->policy;
	JrSendOrder *order = g_new0(JrSendOrder, 1);

	order->turns = g_array_new(FALSE, FALSE, sizeof(JrSendTurn));
	g_array_set_clear_func(order->turns, turn_clear);
	order->each_s = each_of(send);
	order->paces =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 0; i < policy->n_senders; i++) {
		const char *id = jr_policy_sender_id(&policy->senders[i]);
		Pace *pace;

		if (policy->senders[i].per_second <= 0)
			continue;
		pace = g_new0(Pace, 1);
		pace->per_second = policy->senders[i].per_second;
		g_hash_table_insert(order->paces, g_strdup(id ? id : ""), pace);
	}
	return order;
}

void jr_send_order_free(JrSendOrder *order)
{
	g_array_unref(order->turns);
	g_hash_table_unref(order->paces);
	g_free(order);
}

const char *jr_send_order_add(JrSendOrder *order, const char *id,
			      const JrMessage *outline)
{
	Pace *pace = g_hash_table_lookup(
		order->paces, outline->sender ? outline->sender : "");
	JrSendTurn turn = { .id = g_strdup(id), .place = order->turns->len };

	if (pace) {
		turn.due_s = pace->next_s;
		pace->next_s +=
			(double)MAX(outline->segments, 1) / pace->per_second;
	} else {
		turn.due_s = order->next_s;
		order->next_s += order->each_s;
	}
	g_array_append_val(order->turns, turn);
	return turn.id;
}

static int by_due(gconstpointer a, gconstpointer b)
{
	const JrSendTurn *x = a, *y = b;

	if (x->due_s != y->due_s)
		return x->due_s < y->due_s ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

void jr_send_order_sort(JrSendOrder *order)
{
	g_array_sort(order->turns, by_due);
}

guint jr_send_order_end(const JrSendOrder *order, guint from, guint max)
{
	const JrSendTurn *turns =
		(const JrSendTurn *)(void *)order->turns->data;
	guint end = from;

	while (end < order->turns->len && end - from < max &&
	       turns[end].due_s - turns[from].due_s <= WINDOW_S)
		end++;
	return end;
}

void jr_send_order_clear(JrSendOrder *order)
{
	GHashTableIter iter;
	gpointer pace;

	g_array_set_size(order->turns, 0);
	order->next_s = 0;
	g_hash_table_iter_init(&iter, order->paces);
	while (g_hash_table_iter_next(&iter, NULL, &pace))
		((Pace *)pace)->next_s = 0;
}
