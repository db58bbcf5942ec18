/* prune.c - who agreed to SMS long ago and never clicked. */
#include "base/error.h"
#include "flow/report/report.h"
#include "store/audit.h"

#include <string.h>

#define YEAR_S ((gint64)365 * 86400)

/* When someone must have agreed, at the latest, to be on the list. */
static gint64 before_s(JrFlow *flow, const JrReportAsk *ask)
{
	return jr_report_until_s(ask, jr_flow_now(flow) - YEAR_S);
}

/* ---- the list ---- */

static const JrColumn columns[] = {
	{ .key = "person", .title = "person" },
	{ .key = "number", .title = "number" },
	{ .key = "agreed", .title = "agreed", .kind = JR_CELL_INSTANT },
	{ .key = "sent", .title = "SMS since", .kind = JR_CELL_COUNT },
	{ .key = "last", .title = "last SMS", .kind = JR_CELL_INSTANT },
};

typedef struct {
	JrTable *table;
	gint64 people, now_s;
	char *last; /* person seen; owned */
	JrWriter *out;
	GError *error;
} Prune;

static gboolean is_next(Prune *prune, const char *id)
{
	if (g_strcmp0(prune->last, id) == 0)
		return FALSE;
	g_free(prune->last);
	prune->last = g_strdup(id);
	prune->people++;
	return TRUE;
}

static gboolean put_row(const JrAuditIdle *idle, gpointer user)
{
	Prune *prune = user;

	is_next(prune, idle->id);
	jr_table_text(prune->table, idle->id);
	jr_table_text(prune->table, idle->number);
	jr_table_num(prune->table, idle->in_s);
	jr_table_num(prune->table, idle->sent);
	jr_table_num(prune->table, idle->last_s);
	return TRUE;
}

static JrTable *make_list(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrTable) table =
		jr_table_new("prune", "Agreed long ago, and never clicked",
			     columns, G_N_ELEMENTS(columns));
	Prune prune = { .table = table };

	if (!jr_audit_idle(flow->db, before_s(flow, ask), put_row, &prune,
			   error)) {
		g_free(prune.last);
		return NULL;
	}
	g_free(prune.last);
	table->empty = "nobody has to be asked to go";
	if (prune.people > 0)
		jr_table_say(table,
			     "%" G_GINT64_FORMAT " people; to opt them out: "
			     "jr-report --records prune | jr-ingest",
			     prune.people);
	return g_steal_pointer(&table);
}

/* ---- as records ---- */

/* A no of the person holds for every number that they have. */
static gboolean put_record(const JrAuditIdle *idle, gpointer user)
{
	Prune *prune = user;
	g_autoptr(GString) line = g_string_new(NULL);

	if (!is_next(prune, idle->id))
		return TRUE;
	g_string_append(line, "{\"type\":\"person\",\"identifiers\":{\"id\":");
	jr_val_write_text(idle->id, strlen(idle->id), line);
	g_string_append_printf(
		line,
		"},\"action\":\"identify\",\"timestamp\":%" G_GINT64_FORMAT
		",\"attributes\":{\"sms_consent\":false,"
		"\"sms_consent_at\":%" G_GINT64_FORMAT
		",\"sms_consent_source\":\"pruned: no click since the yes\"}}",
		prune->now_s, prune->now_s);
	return jr_writer_line(prune->out, line->str, line->len, &prune->error);
}

static gboolean put_records(JrFlow *flow, const JrReportAsk *ask,
			    GError **error)
{
	Prune prune = { .now_s = jr_flow_now(flow), .out = flow->out };
	gboolean ok = jr_audit_idle(flow->db, before_s(flow, ask), put_record,
				    &prune, error);

	g_free(prune.last);
	if (prune.error) {
		g_propagate_error(error, prune.error);
		return FALSE;
	}
	return ok && jr_writer_flush(flow->out, error);
}

/* With --records there is no table: an empty one that nobody shows. */
JrTable *jr_report_prune(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	JrTable *table;

	if (ask->since_s && !ask->personal) {
		g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
			    "prune asks who agreed by --until, and takes no "
			    "--since: leave it out");
		return NULL;
	}
	if (!ask->records)
		return make_list(flow, ask, error);
	if (!put_records(flow, ask, error))
		return NULL;
	table = jr_table_new("prune", "", columns, G_N_ELEMENTS(columns));
	table->silent = TRUE;
	return table;
}
