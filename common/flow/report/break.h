/*
 * break.h - the counters of the store, broken down into a table.
 *
 * A breakdown is two tables of rows: by what its rows are told apart
 * (jr_dimensions), and what is measured of each (JrMeasure).
 *
 * To add a figure: a row among a panel's measures, and its definition in
 * jr-report(1).  To tell rows apart by something else: a row in jr_dimensions.
 */
#pragma once

#include "flow/report/report.h"

typedef struct {
	guint bit;	 /* JR_BY_… */
	const char *key; /* in --by, and of the column; NULL ends the table */
	/* What @counter has of it; owned. */
	char *(*text)(const JrCounter *counter);
} JrDimension;

extern const JrDimension jr_dimensions[];

/* Beside a JrMetric or JrCount: those of them with a goal to reach. */
enum { JR_COUNT_AIMED = 56, JR_COUNT_AIMED_SENT };

/* A set of what is counted: JR_OF(JR_METRIC_SENT) | JR_OF(…). */
#define JR_OF(counted) (G_GUINT64_CONSTANT(1) << (counted))

#define JR_OF_SENT JR_OF(JR_METRIC_SENT)
#define JR_OF_DELIVERED JR_OF(JR_METRIC_DELIVERED)
#define JR_OF_CLICKED JR_OF(JR_METRIC_CLICKED)
#define JR_OF_CONVERTED JR_OF(JR_METRIC_CONVERTED)
#define JR_OF_OPT_OUTS JR_OF(JR_METRIC_UNSUBSCRIBED)
#define JR_OF_ACTIVE                                                           \
	(JR_OF(JR_COUNT_ACTIVE) | JR_OF(JR_COUNT_ACTIVE_AIMS) |                \
	 JR_OF(JR_COUNT_ACTIVE_GOAL))

typedef enum {
	JR_MEASURE_SUM,	 /* of @n, without @minus; a rate: of @of */
	JR_MEASURE_MOST, /* the most frequent of @n, of @of */
	JR_MEASURE_SEGMENTS,
	JR_MEASURE_COST,
	JR_MEASURE_COST_PER, /* for each of @of */
	JR_MEASURE_SHARE,    /* @n of @of of all rows whose last name alone is
			      * another */
} JrMeasureKind;

typedef struct {
	JrColumn column;
	JrMeasureKind kind;
	guint64 n, minus, of;
} JrMeasure;

/* Measures as most are: a count of @set, alone or with bars, and its rate of
 * @all, alone or with a plot and a target. */
#define JR_A_COLUMN(k, t, cell, ...)                                           \
	.column = { .key = k, .title = t, .kind = cell, __VA_ARGS__ }
#define JR_A_COUNT(k, t, set)                                                  \
	{                                                                      \
		JR_A_COLUMN(k, t, JR_CELL_COUNT, .plot = 0), .n = set          \
	}
#define JR_A_BAR(k, t, set)                                                    \
	{                                                                      \
		JR_A_COLUMN(k, t, JR_CELL_COUNT, .plot = JR_PLOT_BAR),         \
			.n = set                                               \
	}
#define JR_A_RATE(k, t, set, all)                                              \
	{                                                                      \
		JR_A_COLUMN(k, t, JR_CELL_RATE, .plot = 0), .n = set,          \
							    .of = all          \
	}
#define JR_A_TARGET(k, t, set, all, ...)                                       \
	{                                                                      \
		JR_A_COLUMN(k, t, JR_CELL_RATE, __VA_ARGS__), .n = set,        \
							      .of = all        \
	}

typedef struct {
	const char *name, *title, *empty, *note; /* of the table */
	const char *all;      /* title of the sum; NULL: there is none */
	JrChannel channel;    /* alone; 0: as asked */
	guint by;	      /* unless asked otherwise */
	gboolean in_variants; /* only what went by a variant of a split */
	gboolean with_active; /* jr_report_active() counts, too */
	guint64 only;	      /* nothing but these is looked at; 0: all */
	guint64 seen;	      /* a row must have counted one of these */
	const JrMeasure *measures;
	guint n_measures;
} JrBreakdown;

#define JR_MEASURES(rows) .measures = rows, .n_measures = G_N_ELEMENTS(rows)

/* The table of @breakdown, rows in the order of their names.  Where rows are
 * told apart by day, week or month alone, those without anything are there
 * too, between the first and the last.  As panels. */
JrTable *jr_breakdown(JrFlow *flow, const JrReportAsk *ask,
		      const JrBreakdown *breakdown, GError **error);
