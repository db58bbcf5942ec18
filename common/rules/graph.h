/*
 * graph.h - a workflow as a picture, in the DOT language of graphviz.
 */
#pragma once

#include "rules/workflow.h"

/*
 * What stands beside step @id, "120 sent", or beside its way @way (as
 * jr_step_way() names it; NULL: the step itself), to the end of @out; or
 * nothing.  JR_GRAPH_BEGIN and JR_GRAPH_END are no steps.
 */
#define JR_GRAPH_BEGIN ""
#define JR_GRAPH_END NULL
typedef void (*JrGraphNoteFn)(gpointer user, const char *id, const char *way,
			      GString *out);

/* Write @workflow as one digraph to the end of @dot; @note may be NULL. */
void jr_workflow_graph(const JrWorkflow *workflow, JrGraphNoteFn note,
		       gpointer user, GString *dot);
