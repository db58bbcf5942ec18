/*
 * page.h - the parts of jr-report's page, for report_html.c, table_html.c and
 * page_*.c.
 *
 * The page is one file without scripts, styles or pictures from elsewhere: its
 * policy (CSP) forbids all but the style in it.  Whatever came from outside
 * goes through jr_html_escape().
 */
#pragma once

#include "flow/report/report.h"

/* The style, and what stands before and behind all sections. */
extern const char jr_page_head[];	/* until the title, which follows */
extern const char jr_page_style[];	/* from the end of the title */
extern const char jr_page_style_rest[]; /* and what follows that */

/* A section with its heading; @id is a literal. */
void jr_page_begin(GString *out, const char *id, const char *title);
void jr_page_end(GString *out);

/* @table without its heading; what it says when it is empty. */
void jr_page_table(const JrTable *table, GString *out);

/* A cell of @table in words, as HTML: with its bounds, and marked when it is on
 * or off its target. */
void jr_page_value(const JrTable *table, guint row, guint column, GString *out);

/*
 * A chart of @column through the rows of @table, whose first column names
 * them: a line with its bounds and target for a rate, bars for the rest.
 * Nothing when there are no rows.
 */
void jr_page_chart(const JrTable *table, guint column, const char *title,
		   GString *out);

/* A small line of @column through all rows, for a tile. */
void jr_page_spark(const JrTable *table, guint column, GString *out);

/* A bar as wide as @share of the room, in [0, 1]. */
void jr_page_bar(double share, GString *out);

/* Tiles: what the last days come to. */
gboolean jr_page_overview(JrFlow *flow, const JrReportAsk *ask, GString *out,
			  GError **error);

/* Each workflow as a diagram with counts on its steps, and its funnel. */
gboolean jr_page_journeys(JrFlow *flow, const JrReportAsk *ask, GString *out,
			  GError **error);
