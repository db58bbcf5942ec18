/* Phase "offers": messages that are due pass the gates, or hear why not. */
#include "base/crash.h"
#include "base/doc.h"
#include "base/error.h"
#include "flow/journey/gatefacts.h"
#include "flow/journey/verdict.h"
#include "flow/schedule/impl.h"

#define SWEEP 100000 /* messages that are sought together, by priority */

/* A message that may be offered. */
typedef struct {
	JrTick *tick;
	JrJourneys *journeys;
	JrGateDesk *desk;
	JrAtGates at;
	JrRendered rendered;
} Offer;

static void offer_clear(Offer *offer)
{
	jr_rendered_clear(&offer->rendered);
	jr_at_gates_clear(&offer->at);
}

static gboolean is_due(const JrMessage *message, gint64 now_s)
{
	return (message->state == JR_MESSAGE_PLANNED ||
		message->state == JR_MESSAGE_OFFERED ||
		message->state == JR_MESSAGE_WAITING) &&
	       message->wake_s <= now_s;
}

static gboolean render(Offer *offer, GError **error)
{
	JrGateFacts *facts = &offer->at.facts;
	JrRenderAsk ask = { .run = &offer->at.run,
			    .step = offer->at.step,
			    .message_id = offer->at.message.id };
	json_t *content;

	if (!jr_run_load(offer->journeys, ask.run, error) ||
	    !jr_gate_desk_first(offer->desk, facts, &ask.first, error) ||
	    !jr_render_message(offer->journeys, &ask, &offer->rendered, error))
		return FALSE;
	content = offer->rendered.content;
	facts->render_error = offer->rendered.wrong;
	facts->title = json_string_value(json_object_get(content, "title"));
	facts->body = json_string_value(json_object_get(content, "body"));
	facts->silent = json_is_true(
		json_object_get(json_object_get(content, "options"), "silent"));
	return TRUE;
}

static gboolean ask_gates(Offer *offer, GError **error)
{
	JrAtGates *at = &offer->at;
	const JrGateAsk ask = { .run = &at->run,
				.message = &at->message,
				.step = at->step };

	if (!jr_gate_desk_person(offer->desk, &ask, &at->facts, error))
		return FALSE;
	if (jr_at_gates_stopped(at))
		return TRUE;
	if (!render(offer, error) ||
	    !jr_gate_desk_rest(offer->desk, &ask, offer->rendered.sms.segments,
			       &at->facts, error))
		return FALSE;
	jr_permit_free(jr_gate_run(&at->facts, &at->decision));
	return TRUE;
}

/* What is known of the message now that it is rendered. */
static void describe(const Offer *offer, JrMessage *offered)
{
	const JrGateFacts *facts = &offer->at.facts;
	JrPhonePlace place = { .country = "" };

	if (facts->address && facts->message->channel != JR_CHANNEL_EMAIL)
		jr_phone_place(facts->address, &place);
	offered->wake_s = facts->now_s + facts->policy->lease_s;
	offered->address = facts->address;
	offered->scope = facts->sender ? facts->sender->scope : NULL;
	offered->sender =
		facts->sender ? jr_policy_sender_id(facts->sender) : NULL;
	offered->country =
		place.country[0] ? g_intern_string(place.country) : NULL;
	offered->segments = offer->rendered.sms.segments;
	offered->cost_micros = facts->cost_micros;
	offered->currency = facts->policy->currency;
}

static gboolean keep(const Offer *offer, const JrMessage *offered,
		     GError **error)
{
	gboolean done = FALSE;

	if (!jr_message_offer(offer->journeys->flow->db, offered,
			      offer->journeys->now_s, &done, error))
		return FALSE;
	if (!done)
		/* It was due in this transaction. */
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "message '%s' cannot be offered", offered->id);
	return done;
}

/* All gates said yes: it is offered, and its journey goes on. */
static gboolean go(Offer *offer, GError **error)
{
	JrAtGates *at = &offer->at;
	JrMessage offered = at->message;
	const JrAbout about = { &at->run, at->step, &offered };
	g_autoptr(GString) content = g_string_new(NULL);

	jr_doc_write(offer->rendered.content, content);
	describe(offer, &offered);
	offered.content = content->str;
	if (!keep(offer, &offered, error))
		return FALSE;
	if (jr_schedule_is_piped(offer->tick, offered.channel) &&
	    !jr_schedule_pipe(offer->tick, &offered, error))
		return FALSE;
	jr_gate_desk_spend(offer->desk, &at->facts);
	jr_journey_offer_record(offer->journeys, &about,
				offer->rendered.content);
	jr_flow_count(offer->journeys->flow, "offered", 1);
	jr_crash_point("schedule-offered");
	return jr_journey_message(offer->journeys, &at->run, &at->message,
				  JR_JOURNEY_WENT, error);
}

static gboolean take_message(Offer *offer, gint64 row, GError **error)
{
	JrJourneys *journeys = offer->journeys;
	JrAtGates *at = &offer->at;
	gboolean found = FALSE;

	jr_arena_reset(journeys->arena);
	if (!jr_message_at(journeys->flow->db, row, journeys->arena,
			   &at->message, &found, error) ||
	    (found && !jr_at_gates_follow(journeys, at, error)))
		return FALSE;
	/* Another scheduler may have been here since it was swept up. */
	if (!found || !at->step || !is_due(&at->message, journeys->now_s))
		return TRUE;
	if (!ask_gates(offer, error))
		return FALSE;
	return at->decision.verdict == JR_VERDICT_GO
		       ? go(offer, error)
		       : jr_at_gates_put_off(journeys, at, error);
}

/* Find messages that are due, if there are. */
static gboolean sweep(JrTick *tick, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!jr_messages_due(tick->flow->db, tick->journeys->now_s, SWEEP,
			     found, error))
		return FALSE;
	/* They are taken from the end. */
	for (guint i = found->len; i > 0; i--)
		g_array_append_val(tick->rows,
				   g_array_index(found, gint64, i - 1));
	return TRUE;
}

static gboolean offers_idle(JrTick *tick, gboolean *idle, GError **error)
{
	if (!sweep(tick, error))
		return FALSE;
	*idle = tick->rows->len == 0;
	return TRUE;
}

static gboolean take_offers(JrTick *tick, GError **error)
{
	g_autoptr(JrGateDesk) desk = jr_gate_desk_new(tick->journeys);

	/* Journeys that went on may have come to their next message. */
	if (tick->rows->len == 0 && !sweep(tick, error))
		return FALSE;
	for (guint n = 0; n < JR_SCHEDULE_CHUNK && tick->rows->len > 0; n++) {
		guint last = tick->rows->len - 1;
		gint64 row = g_array_index(tick->rows, gint64, last);
		Offer offer = { .tick = tick,
				.journeys = tick->journeys,
				.desk = desk };
		gboolean done = take_message(&offer, row, error);

		g_array_set_size(tick->rows, last);
		offer_clear(&offer);
		if (!done)
			return FALSE;
		tick->more = TRUE;
	}
	return TRUE;
}

const JrPhase jr_phase_offers = { "offers", offers_idle, take_offers };
