/*
 * known.h - what people and events are like: which attributes there are, and
 * the longest that texts become with them.
 *
 * It looks at all people, and at the newest events; nothing of a person is
 * kept longer than this lives, or shown.
 */
#pragma once

#include "flow/journey/files.h"
#include "flow/schedule/look.h"
#include "rules/lint.h"

typedef struct _JrKnown JrKnown;

/*
 * What the state of @flow knows, and what the workflows of @files set.  Without
 * people, attributes are not known; likewise properties of an event that never
 * came.  tell->looked hears how far it is.  NULL and JR_ERROR_IO or
 * JR_ERROR_BUSY.  Owned.
 */
JrKnown *jr_known_new(const JrFlow *flow, const JrJourneyFiles *files,
		      const JrCheckTell *tell, GError **error);
void jr_known_free(JrKnown *known);

/* Fill what @ask says of values, attributes and properties, for @workflow;
 * borrowed until the next call. */
void jr_known_fill(JrKnown *known, const JrWorkflow *workflow, JrLintAsk *ask);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrKnown, jr_known_free)
