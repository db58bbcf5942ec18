/*
 * report.h - the panels of jr-report: each fills one table, or tells a text.
 *
 * To add a panel: a function that makes its table, a row in report.c, its
 * paragraph with the definition of each figure in jr-report(1), and a test
 * against a small store counted by hand.  The writers (table.h) do the rest.
 */
#pragma once

#include "flow/flow.h"
#include "flow/table/table.h"
#include "store/report.h"

/* By what rows are told apart, beside JR_BY_… of the store. */
enum { JR_BY_WEEK = 1 << 16, JR_BY_MONTH = 1 << 17, JR_BY_WAY = 1 << 18 };

/* What to report on. */
typedef struct {
	gint64 since_s, until_s; /* days of both are included; 0: no bound */
	const char *workflow;	 /* NULL: all */
	JrChannel channel;	 /* 0: all */
	guint by;	     /* JR_BY_… bits; 0: as the panel would have it */
	guint limit;	     /* rows of lists; 0: 20 */
	const char *operand; /* what stands behind the panel; or NULL */
	gboolean verify, records, personal, nginx;
} JrReportAsk;

/*
 * The first second of the days asked for, and the last; @none where there is no
 * bound.
 */
gint64 jr_report_from_s(const JrReportAsk *ask, gint64 none);
gint64 jr_report_until_s(const JrReportAsk *ask, gint64 none);

/* What a panel takes, beside the options that all do. */
enum {
	JR_TAKES_TIME = 1, /* --since --until */
	JR_TAKES_WORKFLOW = 2,
	JR_TAKES_CHANNEL = 4,
	JR_TAKES_LIMIT = 8,
	JR_TAKES_OPERAND = 16, /* may have one */
	JR_TAKES_VERIFY = 32,
	JR_TAKES_RECORDS = 64,
	JR_TAKES_PERSONAL = 128,
	JR_NEEDS_OPERAND = 256,
	JR_TAKES_NGINX = 512,
	JR_TAKES_ALL = JR_TAKES_TIME | JR_TAKES_WORKFLOW | JR_TAKES_CHANNEL,
};

typedef struct {
	const char *name;    /* "sms" */
	const char *summary; /* for the list of panels */
	guint takes;	     /* bits */
	guint by;	     /* what --by may be; 0: it has no --by */
	gboolean streams;    /* it writes to stdout itself, line by line */
	gboolean personal;   /* it shows what is personal: not on the page */
	JrFlowWay way;
	/* Make the table; owned.  NULL and JR_ERROR_IO or JR_ERROR_BUSY. */
	JrTable *(*make)(JrFlow *flow, const JrReportAsk *ask, GError **error);
	/* Or put a text at the end of @out, or into flow->out.  As above.  A
	 * panel that has both tells it for --nginx. */
	gboolean (*tell)(JrFlow *flow, const JrReportAsk *ask, GString *out,
			 GError **error);
} JrPanel;

/* The panels, ended by one without a name; and the one named @name or NULL. */
extern const JrPanel jr_panels[];
const JrPanel *jr_panel(const char *name);

/*
 * Read what --by takes for @panel, "week" or "workflow,country", to JR_BY_…
 * bits.  FALSE and JR_ERROR_USAGE.
 */
gboolean jr_report_by(const JrPanel *panel, const char *text, guint *by,
		      GError **error);

/* What the store is asked for on behalf of @ask; @by in the store's bits. */
JrReportQuery jr_report_query(const JrReportAsk *ask, guint by);

/* What a table without a row says: @all, unless @ask leaves something out that
 * may well be there. */
const char *jr_report_empty(const JrReportAsk *ask, const char *all);

/* "2026-11-02", of a day since 1970. */
char *jr_report_day(gint64 day);

/* The panels' functions; see the rows in report.c and jr-report(1). */
#define JR_PANEL(name)                                                         \
	JrTable *jr_report_##name(JrFlow *flow, const JrReportAsk *ask,        \
				  GError **error)
JR_PANEL(alarms);
JR_PANEL(messages);
JR_PANEL(sms);
JR_PANEL(push);
JR_PANEL(trend);
JR_PANEL(cost);
JR_PANEL(journeys);
JR_PANEL(held);
JR_PANEL(latency_table);
JR_PANEL(devices);
JR_PANEL(waiting);
JR_PANEL(reviews);
JR_PANEL(health);
JR_PANEL(runs);
JR_PANEL(run);
JR_PANEL(overlap);
JR_PANEL(prune);
JR_PANEL(consent);
JR_PANEL(reconcile);
JR_PANEL(links);

/* See export.h. */
gboolean jr_report_export(JrFlow *flow, const JrReportAsk *ask, GString *out,
			  GError **error);
gboolean jr_report_strategy(JrFlow *flow, const JrReportAsk *ask, GString *out,
			    GError **error);
gboolean jr_report_why(JrFlow *flow, const JrReportAsk *ask, GString *out,
		       GError **error);
gboolean jr_report_links_nginx(JrFlow *flow, const JrReportAsk *ask,
			       GString *out, GError **error);
gboolean jr_report_dump(JrFlow *flow, const JrReportAsk *ask, GString *out,
			GError **error);

/*
 * The story of one run, as its stream tells it: one row for each kind of
 * record.  Lines are fed one by one; one that is no record is counted as such.
 */
typedef struct _JrStreamTally JrStreamTally;

JrStreamTally *jr_stream_tally_new(void);
void jr_stream_tally_free(JrStreamTally *tally);
void jr_stream_tally_add(JrStreamTally *tally, const JrVal *record);
void jr_stream_tally_bad(JrStreamTally *tally);
JrTable *jr_stream_tally_table(const JrStreamTally *tally); /* owned */

/*
 * Write the page: self-contained and legible in light and dark.  FALSE as the
 * panels'.
 */
gboolean jr_report_page(JrFlow *flow, const JrReportAsk *ask, GString *out,
			GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrStreamTally, jr_stream_tally_free)
