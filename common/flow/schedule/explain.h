/*
 * explain.h - a person's whole story: why, why not, what next.
 */
#pragma once

#include "flow/flow.h"

typedef struct {
	const char *person;   /* id, e-mail address, number … as identified */
	const char *workflow; /* of this one alone; NULL: of all */
} JrExplainAsk;

/*
 * Find who is known by @name: an id, an email address, a number they are
 * identified by, or one that they alone are texted at.  FALSE and
 * JR_ERROR_USAGE: nobody is, or more than one; JR_ERROR_IO, JR_ERROR_BUSY.
 */
gboolean jr_schedule_find_person(const JrFlow *flow, const char *name,
				 gint64 *person, GError **error);

/*
 * Write it to flow->out as text for people: of each workflow each run with what
 * began it, every message and decision, where it stands and when it goes on;
 * and of those never entered, why.  Times are the person's own.  FALSE and
 *   JR_ERROR_USAGE: nobody is known by that name, or no such workflow;
 *   JR_ERROR_CONFIG: a workflow file is wrong; JR_ERROR_IO, JR_ERROR_BUSY.
 */
gboolean jr_schedule_explain(JrFlow *flow, const JrExplainAsk *ask,
			     GError **error);
