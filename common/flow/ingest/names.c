#include "flow/ingest/names.h"
#include "store/log.h"

typedef struct {
	GArray *asks; /* JrPersonAsk */
	gint64 view;
} Look;

/* The end of the log and the answers are of one view. */
static gboolean look(JrDb *db, gpointer data, GError **error)
{
	Look *look = data;

	return jr_log_last(db, &look->view, error) &&
	       jr_people_find(db, (JrPersonAsk *)look->asks->data,
			      look->asks->len, error);
}

static void ask(GArray *asks, const JrIdentity *identity)
{
	const JrPersonAsk one = { *identity, 0 };

	if (identity->kind)
		g_array_append_val(asks, one);
}

/* The answer to the next of @asks, if @identity was asked for. */
static gint64 answer(const JrPersonAsk **asks, const JrIdentity *identity)
{
	return identity->kind ? (*asks)++->person : 0;
}

gint64 jr_names_find(JrDb *db, GArray *recs)
{
	g_autoptr(GArray) asks =
		g_array_sized_new(FALSE, FALSE, sizeof(JrPersonAsk), recs->len);
	Look data = { asks, 0 };
	const JrPersonAsk *next;

	for (guint i = 0; i < recs->len; i++) {
		const JrIngestRec *rec = &g_array_index(recs, JrIngestRec, i);

		ask(asks, &rec->who);
		ask(asks, &rec->other);
	}
	if (!jr_db_read(db, look, &data, NULL))
		return 0;
	next = (const JrPersonAsk *)asks->data;
	for (guint i = 0; i < recs->len; i++) {
		JrIngestRec *rec = &g_array_index(recs, JrIngestRec, i);

		rec->found = answer(&next, &rec->who);
		rec->other_found = answer(&next, &rec->other);
	}
	return data.view;
}
