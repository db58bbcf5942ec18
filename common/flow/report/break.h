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

/* A set of what is counted: JR_OF(JR_METRIC_SENT) | JR_OF(…). */
#define JR_OF(counted) (G_GUINT64_CONSTANT(1) << (counted))

typedef enum {
	JR_MEASURE_SUM,	 /* of @n, without @minus; a rate: of @of */
	JR_MEASURE_MOST, /* the most frequent of @n, of @of */
	JR_MEASURE_SEGMENTS,
	JR_MEASURE_COST,
	JR_MEASURE_COST_PER, /* for each of @of */
} JrMeasureKind;

typedef struct {
	JrColumn column;
	JrMeasureKind kind;
	guint64 n, minus, of;
} JrMeasure;

typedef struct {
	const char *name, *title, *empty, *note; /* of the table */
	const char *all;      /* title of the sum; NULL: there is none */
	JrChannel channel;    /* alone; 0: as asked */
	guint by;	      /* unless asked otherwise */
	gboolean in_variants; /* only what went by a variant of a split */
	gboolean with_active; /* JR_COUNT_ACTIVE counts, too */
	guint64 seen;	      /* a row must have counted one of these */
	const JrMeasure *measures;
	guint n_measures;
} JrBreakdown;

/* The table of @breakdown, rows in the order of their names.  Where rows are
 * told apart by day, week or month alone, those without anything are there
 * too, between the first and the last.  As panels. */
JrTable *jr_breakdown(JrFlow *flow, const JrReportAsk *ask,
		      const JrBreakdown *breakdown, GError **error);
