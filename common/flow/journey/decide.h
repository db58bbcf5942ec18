/*
 * decide.h - decisions and messages, kept and told.
 */
#pragma once

#include "flow/journey/run.h"
#include "rules/gate.h"

/* What a decision is about. */
typedef struct {
	const JrRun *run;
	const JrStep *step;
	const JrMessage *message; /* NULL: the step is none */
} JrAbout;

/*
 * Keep @decision, a later or no, and gather its record; unless it says what
 * the newest one about this message says: then nothing.
 */
gboolean jr_journey_decide(JrJourneys *journeys, const JrAbout *about,
			   const JrDecision *decision, GError **error);

/* Gather the record of a message that may be sent now; jr-records(5). */
void jr_journey_offer_record(JrJourneys *journeys, const JrAbout *about,
			     const json_t *content);
