/*
 * workflow_impl.h - what the readers of a workflow file share.
 */
#pragma once

#include "rules/fields.h"
#include "rules/workflow.h"

/* A workflow and what it is made of. */
typedef struct {
	JrWorkflow w; /* first: what everyone sees */
	JrArena *arena;
	char *file, *text_name; /* owned */
	GHashTable *ids;	/* of steps, owned texts */
} JrWorkflowWhole;

/* What every reader needs to know. */
typedef struct {
	JrWorkflowWhole *whole;
	const JrWorkflowSource *source;
	GArray *steps; /* of JrStep */
} JrWorkflowReader;

/* Readers, as in fields.h; texts are borrowed from the document. */
gboolean jr_workflow_text(const JrVal *val, const char *file, gpointer at,
			  GError **error); /* const char * */
gboolean jr_workflow_expr(const JrVal *val, const char *file, gpointer at,
			  GError **error); /* JrExpr * */
gboolean jr_workflow_purpose(const JrVal *val, const char *file, gpointer at,
			     GError **error); /* JrPurpose */
gboolean jr_workflow_span(const JrVal *val, const char *file, gpointer at,
			  GError **error); /* JrSpan above 0 */
gboolean jr_workflow_any(const JrVal *val, const char *file, gpointer at,
			 GError **error); /* const JrVal * */
gboolean jr_workflow_trigger(const JrVal *val, const char *file, gpointer at,
			     GError **error); /* JrTrigger */
gboolean jr_workflow_goal(const JrVal *val, const char *file, gpointer at,
			  GError **error); /* JrGoal */

/* Read the list @val as the steps of the journey. */
gboolean jr_workflow_steps(JrWorkflowReader *reader, const JrVal *val,
			   GError **error);

/*
 * Give @step the id and the condition that stand in it (each NULL when none
 * does; *@test is taken), unless it has them from beside it.
 */
gboolean jr_workflow_say_once(JrStep *step, const JrVal *val, const char *file,
			      const char *id, JrExpr **test, GError **error);

/*
 * Read @val as a message of @channel: its step's id and `if` too.  The message
 * is in step->message even when it is wrong, and freed with the workflow.
 */
gboolean jr_workflow_message(JrWorkflowReader *reader, const JrVal *val,
			     JrChannel channel, JrStep *step, GError **error);

/* Read @val as a pause. */
gboolean jr_workflow_wait(const JrVal *val, const char *file, JrWait *wait,
			  GError **error);

/*
 * Whether templates and conditions ask only for what there can be: no event
 * where none triggers, no snippet that is not there.  FALSE and
 * JR_ERROR_CONFIG.
 */
gboolean jr_workflow_check_names(const JrWorkflow *w, GError **error);

void jr_workflow_free_message(JrMessageStep *message);
