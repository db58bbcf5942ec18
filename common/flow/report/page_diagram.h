/*
 * page_diagram.h - a workflow as a diagram in the page, with counts on its
 * steps and ways; for page_*.c.
 */
#pragma once

#include "flow/report/page.h"
#include "rules/workflow.h"

/* What is known of a step: who came, is there, was passed over and left by
 * which way; messages sent and what became of them, what gates said. */
typedef struct {
	gint64 n[JR_METRIC_LAST + 1];
	gint64 came, active, over, later, no;
	GHashTable *ways; /* name to gint64 */
} JrPageStep;

typedef struct {
	gint64 entered, aimed, goal, done, exited, active;
	GHashTable *steps; /* id to JrPageStep */
} JrPageFacts;

/* Whether its ways part, so that it is wide. */
gboolean jr_page_branches(const JrWorkflow *workflow);

void jr_page_diagram(const JrWorkflow *workflow, const JrPageFacts *facts,
		     GString *out);

/* ---- its words, in page_words.c; each is owned ---- */

/* What is written into a box: what it is, and two lines of counts; "" where
 * there is nothing to say. */
typedef struct {
	char *title, *people, *messages;
} JrPageBox;
void jr_page_box_clear(JrPageBox *box);

JrPageBox jr_page_begin_box(const JrWorkflow *workflow,
			    const JrPageFacts *facts);
JrPageBox jr_page_step_box(const JrStep *step, const JrPageFacts *facts);
JrPageBox jr_page_end_box(const JrWorkflow *workflow, const JrPageFacts *facts);

/* Beside the way by @arm of @step, or by none (NULL): what it is, and how many
 * went. */
char *jr_page_way_words(const JrStep *step, const JrArm *arm,
			const JrPageFacts *facts);

/* @text on one line of at most @chars characters. */
char *jr_page_cut(const char *text, guint chars);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrPageBox, jr_page_box_clear)
