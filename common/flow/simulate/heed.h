/*
 * heed.h - which events anybody listens to.
 *
 * Most of what an application tells is no concern of any journey or segment.
 * An event that none of them names changes nothing but what is known of its
 * person, so that nobody needs to look at once.
 */
#pragma once

#include "rules/workflow.h"

typedef struct _JrHeed JrHeed;

JrHeed *jr_heed_new(void);
void jr_heed_free(JrHeed *heed);

/* From now on what @expr asks for is heard. */
void jr_heed_expr(JrHeed *heed, const JrExpr *expr);

/* Likewise whatever may start @workflow, move who is in it, or end it. */
void jr_heed_workflow(JrHeed *heed, const JrWorkflow *workflow);

/* Whether anybody listens to events called @name. */
gboolean jr_heed_hears(const JrHeed *heed, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrHeed, jr_heed_free)
