/*
 * gate.h - whether a message may go: fourteen questions, asked in one order.
 *
 * Pure functions over facts that flow/ gathers: the same at scheduling and
 * again in the transaction that claims the message.  The first gate that fails
 * names the decision.  What is put off passes all of them again.
 *
 * To add a gate: a function and a row in gate.c, its facts here, a row in
 * THE GATES of jr(7), and its cases in tests/unit/test_rules_gate.c.
 */
#pragma once

#include "base/permit.h"
#include "rules/consent.h"
#include "rules/policy.h"
#include "rules/sms.h"
#include "rules/workflow.h"

#include <jansson.h>

/* The numbers are stored with decisions. */
typedef enum {
	JR_GATE_WORKFLOW = 1, /* enabled and approved */
	JR_GATE_SENT,	      /* not sent already */
	JR_GATE_DEADLINE,
	JR_GATE_EXIT, /* neither exited nor goal reached */
	JR_GATE_FILTER,
	JR_GATE_SUPPRESSED, /* nor erased */
	JR_GATE_CONSENT,    /* person, number, channel, sender */
	JR_GATE_SUBSCRIBED, /* topic and channel */
	JR_GATE_REACHABLE,
	JR_GATE_SENDER,
	JR_GATE_CONTENT, /* renders, and fits its limits */
	JR_GATE_QUIET,
	JR_GATE_CAPS,
	JR_GATE_BUDGET, /* and brake */
} JrGate;
#define JR_GATE_LAST JR_GATE_BUDGET

/* The word of jr-records(5): "enabled", "sent" … "quiet_hours", "cap". */
const char *jr_gate_name(JrGate gate); /* NULL: none */

/* A cap and what counts against it. */
typedef struct {
	const char *scope; /* "sms", or the workflow's name */
	JrCap cap;
	const gint64 *times_s; /* newest first */
	guint n_times;
} JrGateCap;

/*
 * What the gates look at.  All borrowed; zero and NULL are "no": a fact that
 * was forgotten closes a gate where it can.
 */
typedef struct {
	const char *message_id;
	gint64 now_s;
	const JrPolicy *policy;
	const JrWorkflow *workflow;
	const JrMessageStep *message;

	/* 1-5: the journey */
	JrMessageState state; /* of the message; 0: new */
	gboolean sent_before; /* this step, to who is one person with them now,
			       * in a run that re-entry would not allow beside
			       * theirs */
	gint64 deadline_s;    /* 0: none */
	gboolean exited;
	const char *exit_reason; /* "goal", "filter", "event Cancelled" … */
	gboolean filter_holds;	 /* TRUE when there is none */
	gboolean step_holds;	 /* the step's `if`; TRUE when there is none */

	/* 6-9: the person */
	gboolean person_exists; /* neither erased nor merged away */
	gboolean suppressed;
	gboolean number_blocked;     /* STOP for the number, whoever has it */
	JrConsentState consent;	     /* newest row that applies; 0: none */
	gint64 consent_s;	     /* when it was given */
	const char *consent_number;  /* that it was given for */
	gboolean email_consent;	     /* re_permission: did they agree to mail */
	gboolean re_permission_sent; /* to this number, ever */
	gboolean channel_subscribed, topic_subscribed; /* TRUE: no topic */
	const char *address; /* number or e-mail; NULL for push */
	guint devices;	     /* live ones */

	/* 10-11: the message */
	const JrPolicySender *sender;
	int sender_found;	  /* by --verify, not long ago: 1 registered, -1
				   * not; 0: nothing is known of it */
	gint64 sender_found_s;	  /* when */
	const char *render_error; /* NULL: it rendered */
	const char *title, *body; /* as rendered */
	gboolean silent; /* push: shows nothing, and so need not say anything */

	/* 12-14: time and money */
	const JrQuietPlace *places; /* where the person may be */
	guint n_places;		    /* 0: unknown: held */
	const JrGateCap *caps;
	guint n_caps;
	gboolean braked;
	const char *brake_reason;
	gint64 cost_micros;			     /* of this message */
	gint64 spent_day_micros, spent_month_micros; /* without it */
	gint64 day_ends_s, month_ends_s; /* when these counters begin anew */
	guint segments;			 /* of this message */
	gint64 sender_day_segments;	 /* of its sender today, without it */
	gint64 sender_day_ends_s;
} JrGateFacts;

typedef enum {
	JR_VERDICT_GO,
	JR_VERDICT_LATER, /* ask again at opens_s */
	JR_VERDICT_NO,	  /* never */
} JrVerdict;

const char *jr_verdict_name(JrVerdict verdict); /* "go", "later", "no" */

typedef struct {
	JrVerdict verdict;
	JrGate gate;	 /* that said no or later; 0 with GO */
	char *reason;	 /* words without number, token or text; NULL: GO */
	json_t *details; /* the values it saw; of a GO: asks to ignore quiet
			  * hours and the like; never NULL once run */
	gint64 opens_s;	 /* LATER: G_MAXINT64 when only a person can open it */
} JrDecision;

void jr_decision_clear(JrDecision *decision);

/*
 * Ask all gates.  A permit, owned, when each says yes; else NULL.  @decision,
 * which is zeroed, is filled either way.
 */
JrPermit *jr_gate_run(const JrGateFacts *facts, JrDecision *decision);

/*
 * Whether one of the gates up to @last stops it: then @decision, which is
 * zeroed, is filled as by jr_gate_run(), else untouched.
 */
gboolean jr_gate_stops(const JrGateFacts *facts, JrGate last,
		       JrDecision *decision);

/*
 * A permit for a test send.  NULL and JR_ERROR_CONFIG unless @recipient is
 * listed under test_recipients.
 */
JrPermit *jr_gate_test(const JrPolicy *policy, const char *message_id,
		       const char *recipient, GError **error);

/* The id of the message it is good for: for this one, and once. */
const char *jr_permit_message(const JrPermit *permit);
void jr_permit_free(JrPermit *permit);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrDecision, jr_decision_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrPermit, jr_permit_free)
