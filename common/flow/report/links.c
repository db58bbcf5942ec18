/* links.c - the short links that lead somewhere, and the map by which a
 * web server follows them. */
#include "base/instant.h"
#include "flow/report/report.h"
#include "store/receipts.h"

#include <string.h>

#define ROWS 20 /* unless more are asked for */

static const JrColumn columns[] = {
	{ .key = "link", .title = "link", .kind = JR_CELL_TEXT },
	{ .key = "url", .title = "leads to", .kind = JR_CELL_TEXT },
	{ .key = "message", .title = "message", .kind = JR_CELL_TEXT },
	{ .key = "created", .title = "created", .kind = JR_CELL_INSTANT },
	{ .key = "expires", .title = "expires", .kind = JR_CELL_INSTANT },
};

typedef struct {
	const JrLinks *links;
	JrTable *table;
	GString *map;
	guint left; /* rows that may still be shown */
} Work;

/* A JrLinkFn. */
static gboolean put_row(const JrLink *link, gpointer user)
{
	Work *work = user;
	g_autofree char *path =
		g_strconcat(work->links->prefix, link->token, NULL);

	jr_table_text(work->table, path);
	jr_table_text(work->table, link->url);
	jr_table_text(work->table, link->message);
	jr_table_num(work->table, link->created_s);
	jr_table_num(work->table, link->expires_s);
	return --work->left > 0;
}

JrTable *jr_report_links(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	g_autoptr(JrTable) table =
		jr_table_new("links", "Short links that lead somewhere",
			     columns, G_N_ELEMENTS(columns));
	Work work = { .links = &flow->policy->links,
		      .table = table,
		      .left = ask->limit > 0 ? ask->limit : ROWS };

	table->empty = "no short link leads anywhere now";
	if (!jr_links_each(flow->db, jr_flow_now(flow), put_row, &work, error))
		return NULL;
	return g_steal_pointer(&table);
}

/*
 * @text between quotes of nginx, where "$" begins a variable and cannot be
 * escaped; in a URL all of these, and bytes beyond ASCII, may stand as their
 * escapes.
 */
static void put_quoted(GString *map, const char *text)
{
	g_string_append_c(map, '"');
	for (const char *c = text; *c; c++)
		if (strchr("\"$\\", *c) || (guchar)*c <= ' ' ||
		    (guchar)*c >= 0x7f)
			g_string_append_printf(map, "%%%02X", (guchar)*c);
		else
			g_string_append_c(map, *c);
	g_string_append_c(map, '"');
}

/* A JrLinkFn. */
static gboolean put_pair(const JrLink *link, gpointer user)
{
	Work *work = user;

	g_string_append_printf(work->map, "\t%s%s ", work->links->prefix,
			       link->token);
	put_quoted(work->map, link->url);
	g_string_append(work->map, ";\n");
	return TRUE;
}

gboolean jr_report_links_nginx(JrFlow *flow,
			       const JrReportAsk *ask G_GNUC_UNUSED,
			       GString *out, GError **error)
{
	Work work = { .links = &flow->policy->links, .map = out };
	gint64 now_s = jr_flow_now(flow);
	char now[JR_INSTANT_SIZE];

	g_string_append_printf(out,
			       "# Short links as of %s; see LINKS in "
			       "jr-report(1).\n"
			       "map $uri $jr_link {\n\tdefault \"\";\n",
			       jr_instant_format(now_s, now));
	if (!jr_links_each(flow->db, now_s, put_pair, &work, error))
		return FALSE;
	g_string_append(out, "}\n");
	return TRUE;
}
