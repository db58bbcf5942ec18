/*
 * page_diagram.h - a workflow as a diagram in the page, with counts on its
 * steps.
 */
#pragma once

#include "flow/report/page.h"
#include "rules/workflow.h"

/* What is known of a step: messages sent and what became of them, who is there,
 * what gates said. */
typedef struct {
	gint64 n[JR_METRIC_LAST + 1];
	gint64 active, later, no;
} JrPageStep;

typedef struct {
	gint64 entered, goal, done, exited, active;
	GHashTable *steps; /* id to JrPageStep */
} JrPageFacts;

/* Whether its ways part, so that it is wide. */
gboolean jr_page_branches(const JrWorkflow *workflow);

void jr_page_diagram(const JrWorkflow *workflow, const JrPageFacts *facts,
		     GString *out);
