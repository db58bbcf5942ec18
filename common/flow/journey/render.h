/*
 * render.h - what a message says to one person.
 *
 * Variables are those that lifecycle senders know: customer, event, trigger,
 * journey, campaign (the workflow), message; a bare name is the customer's.
 * A missing value without a default fails the message.
 */
#pragma once

#include "flow/journey/run.h"
#include "rules/sms.h"

#include <jansson.h>

/* Who is told what; all borrowed. */
typedef struct {
	JrRun *run; /* loaded */
	const JrStep *step;
	const char *message_id; /* NULL: no message (set, track, emit) */
	gboolean first;		/* it is the first SMS to this number */
	const JrVal *extra; /* a map: variables that go before all; or NULL */
	gboolean lax;	    /* what is missing is empty */
	gboolean preview;   /* nothing is kept: short links lead nowhere */
} JrRenderAsk;

/*
 * Fill @vars with what templates may ask for; values live in journeys->arena
 * and in @ask.  @seed of the run is the message's id.
 */
void jr_render_vars(JrJourneys *journeys, const JrRenderAsk *ask,
		    JrLiquidRun *vars);

typedef struct {
	json_t *content; /* title, subject, body, html, link, image, data,
			  * options, media, template: what the step has */
	char *wrong;	 /* what is missing, for the gate; NULL: it rendered */
	JrSmsCount sms;	 /* of an SMS or WhatsApp */
} JrRendered;

/*
 * Render the message of @ask->step, in the person's locale.  What fails to
 * render is no error but @rendered->wrong.  In a write transaction: it may keep
 * short links.  FALSE and JR_ERROR_IO or JR_ERROR_BUSY; @rendered is to be
 * cleared in any case.
 */
gboolean jr_render_message(JrJourneys *journeys, const JrRenderAsk *ask,
			   JrRendered *rendered, GError **error);
void jr_rendered_clear(JrRendered *rendered);

/*
 * Render what a set, track or emit step gives.  NULL and JR_ERROR_INPUT when a
 * value is missing.  A new reference; a map without entries when the step gives
 * none.
 */
json_t *jr_render_form(JrJourneys *journeys, const JrRenderAsk *ask,
		       GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrRendered, jr_rendered_clear)
