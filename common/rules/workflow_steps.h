/*
 * workflow_steps.h - the parts of reading steps; for workflow_steps.c and the
 * readers of each kind, workflow_acts.c and workflow_ways.c.
 */
#pragma once

#include "rules/workflow_impl.h"

/* What of a step is not tied yet. */
enum { JR_END_NEXT = -1, JR_END_OTHERWISE = -2 }; /* from 0: an arm */

typedef struct {
	int step, end;
} JrLoose;

/* Where we are in the file. */
typedef struct {
	JrWorkflowReader *reader;
	const char *prefix; /* of ids: "2.then." */
	guint depth;
} JrPlace;

/* A step that is read: @val is what stands behind its kind. */
typedef struct {
	const JrPlace *place;
	const JrVal *val;
	int step;
	guint nth;
	GArray *loose; /* JrLoose */
} JrReading;

/* All that any step but a message may say beside its own. */
typedef struct {
	const char *id, *name, *event;
	JrExpr *test, *where, *condition;
	const JrVal *then, *otherwise, *timeout, *arms, *form, *steps;
	double share, holdout;
	gboolean has_share;
} JrGiven;

#define JR_GIVEN_AT(field) G_STRUCT_OFFSET(JrGiven, field)
#define JR_GIVEN_ID_AND_IF                                                     \
	{ "id", jr_workflow_text, JR_GIVEN_AT(id) },                           \
	{                                                                      \
		"if", jr_workflow_expr, JR_GIVEN_AT(test)                      \
	}

/* The step @step, until another is read. */
JrStep *jr_steps_at(const JrPlace *place, int step);
const char *jr_steps_file(const JrPlace *place);

/* What is read next goes where @end of @step is left. */
void jr_steps_leave(GArray *loose, int step, int end);

/*
 * The steps below @step, in the arm named @name: @end leads to where they
 * begin, or is left loose when there are none.
 */
gboolean jr_steps_arm(const JrPlace *place, int step, const char *name,
		      const JrVal *list, JrLoose end, GArray *loose,
		      GError **error);

/* Read @val by @table into @given, which is to be cleared in any case. */
gboolean jr_steps_given(const JrPlace *place, int step, const JrVal *val,
			const JrField *table, JrGiven *given, GError **error);
void jr_given_clear(JrGiven *given);

/* The id that stands there, or the place in the file; each is one step's. */
gboolean jr_steps_name(const JrPlace *place, int step, guint nth,
		       const JrVal *val, GError **error);

/* The readers: a row each in the table of workflow_steps.c. */
gboolean jr_read_sms(const JrReading *r, GError **error);
gboolean jr_read_push(const JrReading *r, GError **error);
gboolean jr_read_email(const JrReading *r, GError **error);
gboolean jr_read_whatsapp(const JrReading *r, GError **error);
gboolean jr_read_wait(const JrReading *r, GError **error);
gboolean jr_read_exit(const JrReading *r, GError **error);
gboolean jr_read_set(const JrReading *r, GError **error);
gboolean jr_read_emit(const JrReading *r, GError **error);
gboolean jr_read_track(const JrReading *r, GError **error);
gboolean jr_read_wait_for(const JrReading *r, GError **error);
gboolean jr_read_branch(const JrReading *r, GError **error);
gboolean jr_read_split(const JrReading *r, GError **error);
