/*
 * verdict.h - a gate said later or no: what becomes of the message and
 * of its journey.  The same at scheduling and at the claim.
 */
#pragma once

#include "flow/journey/journey.h"
#include "flow/journey/decide.h"

/* A message at the gates. */
typedef struct {
	JrMessage message; /* as the store has it */
	JrRun run;
	const JrStep *step;
	JrGateFacts facts;
	JrDecision decision;
} JrAtGates;

void jr_at_gates_clear(JrAtGates *at);

/*
 * Load the run and step of at->message, which was loaded.  When its journey is
 * gone it is cancelled here, if it is still open, and step is NULL.
 */
gboolean jr_at_gates_follow(JrJourneys *journeys, JrAtGates *at,
			    GError **error);

/*
 * Ask the gates for what at->facts hold after their first step.  TRUE when that
 * decided it; else at->decision is empty again.
 */
gboolean jr_at_gates_stopped(JrAtGates *at);

/*
 * Do as at->decision, a later or no, says: keep and tell it, put the message
 * off, let the journey go on.  A later is looked at again when its gate opens,
 * or within the hour if only a person can open it.
 */
gboolean jr_at_gates_put_off(JrJourneys *journeys, JrAtGates *at,
			     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrAtGates, jr_at_gates_clear)
