/* What providers have on record, for a second opinion: nothing is settled. */
#include "flow/send/reconcile.h"
#include "base/error.h"
#include "base/instant.h"
#include "flow/send/impl.h"
#include "net/ask.h"
#include "store/audit.h"

#include <string.h>

#define PAGES_MAX 100000
#define PAGE_ARENA (64 * 1024 * 1024) /* bytes, of one page */

typedef struct {
	JrSend *send;
	JrSendWay *way;
	JrAsk *ask;
	gint64 since_s;
	JrArena *page;
	GArray *rows;	/* JrListed, of the page */
	GPtrArray *ids; /* the provider's, of ours; owned */
} List;

/* Neither number nor text: whoever compares needs none. */
static json_t *record_of(const List *list, const JrListed *row)
{
	const char *status =
		jr_metric_name(row->metric ? row->metric : JR_METRIC_SENT);
	json_t *record =
		json_pack("{s:s, s:s, s:s}", "provider", list->way->name, "id",
			  row->provider_id, "status", status);
	char at[JR_INSTANT_SIZE];

	if (row->at_s > 0)
		json_object_set_new(
			record, "sent_at",
			json_string(jr_instant_format(row->at_s, at)));
	if (row->code)
		json_object_set_new(record, "code", json_string(row->code));
	if (row->price)
		json_object_set_new(record, "price", json_string(row->price));
	if (row->currency)
		json_object_set_new(record, "currency",
				    json_string(row->currency));
	if (row->segments >= 0)
		json_object_set_new(record, "segments",
				    json_integer(row->segments));
	return record;
}

/* Print what is in the window; *@older says whether anything is older. */
static gboolean print_page(const List *list, gboolean *older, GError **error)
{
	JrWriter *out = list->send->flow->out;

	*older = FALSE;
	for (guint i = 0; i < list->rows->len; i++) {
		const JrListed *row = &g_array_index(list->rows, JrListed, i);
		g_autoptr(json_t) record = NULL;

		if (row->at_s > 0 && row->at_s < list->since_s) {
			*older = TRUE;
			continue;
		}
		record = record_of(list, row);
		if (!jr_writer_json(out, record, error))
			return FALSE;
	}
	return jr_writer_flush(out, error);
}

static void begin_page(List *list)
{
	jr_arena_reset(list->page);
	g_array_set_size(list->rows, 0);
}

static gboolean is_stopped(const List *list)
{
	return list->send->flow->stop && list->send->flow->stop();
}

static gboolean print_pages(List *list, GError **error)
{
	g_auto(JrListAsk) what = { .since_s = list->since_s };
	gboolean more = TRUE, older = FALSE;

	for (guint n = 0; more && !older && n < PAGES_MAX; n++) {
		if (is_stopped(list))
			break;
		begin_page(list);
		if (!jr_ask_page(list->ask, &what, list->page, list->rows,
				 &more, error) ||
		    !print_page(list, &older, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- where there is no list: ours, one by one ---- */

static gboolean add_id(const JrAuditSend *send, gpointer user)
{
	const List *list = user;

	if (send->provider_id &&
	    g_strcmp0(send->provider, list->way->name) == 0)
		g_ptr_array_add(list->ids, g_strdup(send->provider_id));
	return TRUE;
}

static gboolean print_one(List *list, const char *id, GError **error)
{
	g_autoptr(GError) why = NULL;
	gboolean older;

	begin_page(list);
	if (!jr_ask_one(list->ask, id, list->page, list->rows, &why)) {
		/* They have no record of it: so it is not on the list. */
		if (g_error_matches(why, JR_ERROR, JR_ERROR_REFUSED))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	return print_page(list, &older, error);
}

static gboolean print_ours(List *list, GError **error)
{
	if (!jr_audit_sends(list->send->flow->db, list->since_s,
			    list->send->journeys->now_s, add_id, list, error))
		return FALSE;
	for (guint i = 0; i < list->ids->len && !is_stopped(list); i++)
		if (!print_one(list, list->ids->pdata[i], error))
			return FALSE;
	return TRUE;
}

static gboolean print_way(JrSend *send, JrSendWay *way, gint64 since_s,
			  GError **error)
{
	const JrProviderKind *kind = way->provider->kind;
	g_autoptr(JrAsk) ask = jr_ask_new(way->provider, &way->limits);
	g_autoptr(JrArena) page = jr_arena_new(PAGE_ARENA);
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrListed));
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	List list = { send, way, ask, since_s, page, rows, ids };

	if (!kind->listed)
		return TRUE;
	return kind->list ? print_pages(&list, error)
			  : print_ours(&list, error);
}

gboolean jr_send_list(JrSend *send, gint64 since_s, GError **error)
{
	for (guint i = 0; i < send->ways->len; i++)
		if (!print_way(send, jr_send_way_at(send, i), since_s, error))
			return FALSE;
	return TRUE;
}
