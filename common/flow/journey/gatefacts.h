/*
 * gatefacts.h - what the gates look at, fetched by few indexed queries: the
 * same for who schedules and for who sends.
 *
 * In two steps, so that a message that a person's own facts stop is neither
 * rendered nor counted.
 */
#pragma once

#include "flow/journey/run.h"
#include "flow/journey/render.h"
#include "rules/gate.h"

/*
 * What holds for many messages of one transaction: holds, money spent, buffers.
 * Not longer: it remembers what it asked the store.
 */
typedef struct _JrGateDesk JrGateDesk;

JrGateDesk *jr_gate_desk_new(JrJourneys *journeys);
void jr_gate_desk_free(JrGateDesk *desk);

/* The message at hand; all borrowed. */
typedef struct {
	JrRun *run;		      /* loaded */
	const JrMessage *message;     /* as the store has it */
	const JrStep *step;	      /* of its run's version */
	const JrPolicySender *sender; /* in place of the step's; or NULL */
	GArray *devices; /* NULL, or those that a push goes to are put here: a
			  * JrDevice each, empty before, their texts in arena */
	JrArena *arena;
} JrGateAsk;

/*
 * First step: what gates 1 to 9 look at.  @facts is valid until the next
 * message is asked for.  FALSE: a fact could not be had.
 */
gboolean jr_gate_desk_person(JrGateDesk *desk, const JrGateAsk *ask,
			     JrGateFacts *facts, GError **error);

/* Whether it is the first SMS to facts->address, ever. */
gboolean jr_gate_desk_first(JrGateDesk *desk, const JrGateFacts *facts,
			    gboolean *first, GError **error);

/* Second step: what the others look at.  facts->title, body and render_error
 * are the caller's to fill; @segments are those of an SMS. */
gboolean jr_gate_desk_rest(JrGateDesk *desk, const JrGateAsk *ask,
			   guint segments, JrGateFacts *facts, GError **error);

/* It was a go: what it costs is spent for those that follow at this desk. */
void jr_gate_desk_spend(JrGateDesk *desk, const JrGateFacts *facts);

/*
 * Append to @devices (JrDevice) those that a push to @person goes to: live,
 * enabled, of a platform that has a provider; all of them or the last used, as
 * the configuration says.
 */
gboolean jr_push_devices(const JrFlow *flow, gint64 person, JrArena *arena,
			 GArray *devices, GError **error);

/* The provider for @platform, or NULL. */
const char *jr_push_provider(const JrPolicy *policy, const char *platform);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrGateDesk, jr_gate_desk_free)
