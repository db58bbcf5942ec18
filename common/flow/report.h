/*
 * report.h - the panels of jr-report: each fills one table.
 *
 * To add a panel: a function that makes its table, a row in report.c, its
 * paragraph with the definition of each figure in jr-report(1), and a test
 * against a small store counted by hand.
 */
#pragma once

#include "flow/flow.h"
#include "flow/table.h"

/* What to report on. */
typedef struct {
	gint64 since_s, until_s; /* days of both are included; 0: no bound */
	const char *workflow;	 /* NULL: all */
	guint limit;		 /* rows of lists; 0: 20 */
} JrReportAsk;

/*
 * Read a day or an instant in UTC ("2026-11-01"), or how long ago it was
 * ("7d"), as --since and --until take it.  FALSE and JR_ERROR_USAGE.
 */
gboolean jr_report_time(const char *text, gint64 now_s, gint64 *at_s,
			GError **error);

typedef struct {
	const char *name;    /* "sms" */
	const char *summary; /* for --help */
	/* Make the table; owned.  NULL and JR_ERROR_IO or JR_ERROR_BUSY. */
	JrTable *(*make)(JrFlow *flow, const JrReportAsk *ask, GError **error);
	gboolean on_page; /* jr-report html shows it */
} JrPanel;

/* The panels, ended by one without a name; and the one named @name or NULL. */
extern const JrPanel jr_panels[];
const JrPanel *jr_panel(const char *name);

JrTable *jr_report_sms(JrFlow *flow, const JrReportAsk *ask, GError **error);
JrTable *jr_report_push(JrFlow *flow, const JrReportAsk *ask, GError **error);
JrTable *jr_report_journeys(JrFlow *flow, const JrReportAsk *ask,
			    GError **error);
JrTable *jr_report_held(JrFlow *flow, const JrReportAsk *ask, GError **error);
JrTable *jr_report_latency_table(JrFlow *flow, const JrReportAsk *ask,
				 GError **error);
/* Replies that a person should read; their texts stand in it. */
JrTable *jr_report_reviews(JrFlow *flow, const JrReportAsk *ask,
			   GError **error);
JrTable *jr_report_runs(JrFlow *flow, const JrReportAsk *ask, GError **error);

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
 * Write the page: all panels that are on it, in their order, self-contained
 * and legible in light and dark.  FALSE as the panels'.
 */
gboolean jr_report_page(JrFlow *flow, const JrReportAsk *ask, GString *out,
			GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrStreamTally, jr_stream_tally_free)
