/*
 * workflow.h - a journey: what starts it, its steps, what ends it.
 *
 * The manual is jr-workflow(5).  One YAML file a journey; everything in it is
 * checked, and every expression and template compiled, before the first
 * record.  Steps stand in one flat array; branch, split and wait_for are jumps
 * in it, so that a position is one number.  A position that is stored is the
 * step's id, which editing other steps does not change where it was given.
 */
#pragma once

#include "base/hash.h"
#include "base/instant.h"
#include "base/terms.h"
#include "lang/expr.h"
#include "lang/liquid.h"
#include "rules/caps.h"
#include "rules/form.h"
#include "rules/wait.h"

#define JR_WORKFLOW_MAX_STEPS 500
#define JR_WORKFLOW_MAX_DEPTH 16 /* nesting of branch, split, wait_for */
#define JR_GOAL_MAX_DAYS 90

typedef enum {
	JR_TRIGGER_EVENT,    /* name, where */
	JR_TRIGGER_ENTERS,   /* name: a segment */
	JR_TRIGGER_LEAVES,   /* name: a segment */
	JR_TRIGGER_DATE,     /* date attribute + offset, perhaps each year */
	JR_TRIGGER_SCHEDULE, /* name: a segment; local time, perhaps repeated */
	JR_TRIGGER_RECORD,   /* name: a `trigger` record names it */
} JrTriggerKind;
#define JR_TRIGGER_LAST JR_TRIGGER_RECORD

const char *jr_trigger_kind_name(JrTriggerKind kind); /* "event", … */

typedef struct {
	JrTriggerKind kind;
	const char *name; /* event, segment or record; NULL for a date */
	JrExpr *where;	  /* over person and event; NULL: always */
	/* date */
	const char *attribute;
	JrSpan offset; /* negative: before */
	gboolean yearly;
	gint16 minute; /* of the local day: date without time, and schedule;
			* -1: the instant itself */
	/* schedule: a day, or each of these days */
	gboolean once;
	JrLocal day;	 /* once: that day */
	guint8 weekdays; /* repeated: bits 1 << weekday */
	gint8 month_day; /* repeated: 1..31 (the last, when the month has
			  * fewer); 0: weekdays decide */
	guint line, column;
} JrTrigger;

/*
 * When a date trigger is due for a person whose attribute is @val: the first
 * instant after @after_s.  FALSE: never again, or no date (then @error is set).
 */
gboolean jr_trigger_next_date(const JrTrigger *trigger, const JrVal *val,
			      JrZone *zone, gint64 after_s, gint64 *due_s,
			      GError **error);

/* The same for a schedule by the clocks of @zone.  FALSE: never again. */
gboolean jr_trigger_next_schedule(const JrTrigger *trigger, JrZone *zone,
				  gint64 after_s, gint64 *due_s);

/* The first clocks of the world are so far ahead of UTC. */
#define JR_FIRST_OFFSET_S (14 * 3600)

/*
 * When it is the hour by the clocks of @zone, of a schedule that begins at
 * @world_s by the first clocks of the world.  FALSE: never.
 */
gboolean jr_trigger_hour(const JrTrigger *trigger, JrZone *zone, gint64 world_s,
			 gint64 *at_s);

typedef enum {
	JR_REENTRY_ONCE,
	JR_REENTRY_ALWAYS,
	JR_REENTRY_EVERY, /* not before reentry_span after the last entry */
} JrReentry;

typedef enum {
	JR_GOAL_EVENT,
	JR_GOAL_ENTERS,
	JR_GOAL_LEAVES,
} JrGoalKind;

typedef enum {
	JR_GOAL_AFTER_DELIVERED = 1,
	JR_GOAL_AFTER_CLICKED,
} JrGoalAfter;

typedef struct {
	JrGoalKind kind;
	const char *name; /* event or segment; NULL: there is no goal */
	JrExpr *where;	  /* over person and event; may be NULL */
	gint64 within_s;  /* after the message; at most 90 days */
	JrGoalAfter after;
	guint line, column;
} JrGoal;

typedef struct {
	gboolean on_goal, on_filter;
	char **events; /* names; NULL-terminated, never NULL */
	guint line, column;
} JrExit;

typedef enum {
	JR_STEP_MESSAGE,
	JR_STEP_WAIT,
	JR_STEP_WAIT_FOR, /* arms[0].to: it happened; otherwise: time-out */
	JR_STEP_BRANCH,	  /* the first arm that holds; otherwise: none does */
	JR_STEP_SPLIT,	  /* one arm, by jr_workflow_pick() */
	JR_STEP_SET,
	JR_STEP_TRACK,
	JR_STEP_EMIT,
	JR_STEP_EXIT,
} JrStepKind;
#define JR_STEP_LAST JR_STEP_EXIT

const char *jr_step_kind_name(JrStepKind kind); /* "message", "wait", … */

#define JR_STEP_END (-1) /* where a journey is over */

/* What a message is made of, each a template or NULL. */
typedef enum {
	JR_PART_BODY,	 /* all channels; e-mail: plain text */
	JR_PART_TITLE,	 /* push */
	JR_PART_SUBJECT, /* e-mail */
	JR_PART_HTML,	 /* e-mail */
	JR_PART_LINK,	 /* push: deep link */
	JR_PART_IMAGE,	 /* push */
} JrPart;
#define JR_PART_LAST JR_PART_IMAGE

const char *jr_part_name(JrPart part);

typedef struct {
	const char *locale; /* NULL: the one for everybody else, always first */
	JrLiquid *parts[JR_PART_LAST + 1];
	const JrVal *sources[JR_PART_LAST + 1]; /* the texts, for lints */
} JrVariant;

typedef enum {
	JR_CAP_SKIP,  /* what a cap stops is not sent */
	JR_CAP_DEFER, /* it waits until the cap opens, or its deadline */
} JrCapPolicy;

typedef struct {
	JrChannel channel;
	JrPurpose purpose;
	JrVariant *variants; /* at least one */
	guint n_variants;
	JrForm *data;	    /* push: custom data; whatsapp: variables */
	JrForm *options;    /* further settings for the provider; or NULL */
	const JrVal *media; /* list of texts, or NULL */
	const char *sender; /* name; NULL: the channel's first */
	const char *topic;  /* must be subscribed; NULL: none */
	const char *tmpl;   /* whatsapp: the approved template's id */
	JrSpan deadline;    /* send within, from when it was due; */
	gboolean has_deadline;
	JrCapPolicy cap;
	int short_links; /* 1 yes, 0 no, -1 as jr.yaml says */
	int cut; /* a push that is too long; 1 yes, 0 no, -1 as jr.yaml says */
	gboolean ignore_quiet; /* asks to be sent in quiet hours: only security
				* and transactional may */
	gboolean names_sender; /* brand and opt-out words are in the text */
} JrMessageStep;

typedef struct {
	const char *name;  /* split: the variant's; else NULL */
	JrExpr *test;	   /* branch; wait_for with a condition; or NULL */
	const char *event; /* wait_for: this event, where test holds */
	double share;	   /* split: of all people, in [0, 1] */
	int to;		   /* step, or JR_STEP_END */
} JrArm;

typedef struct {
	JrStepKind kind;
	const char *id; /* given, or "3", "2.then.1" */
	gboolean id_given;
	JrExpr *test;  /* `if`: else the step is passed over; NULL: none */
	int next;      /* where it goes on, or JR_STEP_END */
	int otherwise; /* branch: no arm; wait_for: time-out; else next */
	guint line, column;
	const char *name; /* split: the experiment; track: the event */

	JrMessageStep *message;
	JrWait wait;	/* wait */
	JrSpan timeout; /* wait_for */
	gboolean has_timeout;
	JrArm *arms;
	guint n_arms;
	JrForm *form; /* set: attributes; track: properties; emit: record */
} JrStep;

typedef struct {
	JrChannel channel; /* 0: every one */
	JrCap cap;
} JrWorkflowCap;

typedef struct _JrWorkflow {
	const char *file, *name, *description;
	char hash[JR_SHA256_SIZE]; /* of the file's text: its version */
	gboolean enabled;
	const char *approved_by, *approved_on, *why_sms; /* or NULL */
	int priority;	   /* the higher goes first; 0 */
	JrPurpose purpose; /* of messages that do not say */
	const char *topic; /* likewise; or NULL */
	JrTrigger trigger;
	JrSpan settle;	/* pause before the filter is looked at again */
	JrExpr *filter; /* or NULL */
	JrReentry reentry;
	JrSpan reentry_span;
	const char *key; /* path of the event's value that tells runs apart */
	JrGoal goal;
	JrExit exit;
	JrWorkflowCap *caps;
	guint n_caps;
	gboolean migrate;
	gboolean exit_on_unsendable;
	JrStep *steps; /* the journey begins at 0 */
	guint n_steps;
} JrWorkflow; /* read only */

typedef struct {
	const char *file; /* its path, for messages; "x/onboarding.yaml" */
	const char *text; /* its text, for the hash */
	gsize len;
	const JrVal *doc; /* its one document, as parsed */
	JrArena *arena;	  /* in which @doc lives: taken over, whatever is
			   * returned; NULL: @doc outlives the workflow */
	JrSnippetFn snippet;
	gpointer snippet_data;
} JrWorkflowSource;

/*
 * Read a workflow.  NULL and JR_ERROR_CONFIG "FILE:LINE:COLUMN: what is wrong:
 * what to write instead".  A workflow that is `enabled: false` is checked all
 * the same.  One with an SMS must name approved_by, approved_on and why_sms.
 */
JrWorkflow *jr_workflow_new(const JrWorkflowSource *source, GError **error);
void jr_workflow_free(JrWorkflow *workflow);

/* The place of step @id; -1 when this version has none. */
int jr_workflow_find(const JrWorkflow *workflow, const char *id);

/* Which arm of split @step is @person_id's: the same one for ever. */
const JrArm *jr_workflow_pick(const JrWorkflow *workflow, const JrStep *step,
			      const char *person_id);

/*
 * How the way by @arm of @step is called, or by none of its arms (NULL): a
 * split's by their names, "if1", "if2" … and "else" of a branch, "then" and
 * "else" of a wait_for; as in the ids of steps.  Owned.
 */
char *jr_step_way(const JrStep *step, const JrArm *arm);

/* Whether a message of this channel is among its steps. */
gboolean jr_workflow_has(const JrWorkflow *workflow, JrChannel channel);

/* The variant of @message for someone whose locale is @locale (or NULL). */
const JrVariant *jr_message_variant(const JrMessageStep *message,
				    const char *locale);

/*
 * Call back for whatever the workflow asks for, so that the caller knows what
 * concerns it: all its expressions.
 */
void jr_workflow_visit(const JrWorkflow *workflow, const JrExprVisitor *visitor,
		       gpointer user);

/*
 * Call @each for every variable that its templates ask for, as
 * jr_liquid_visit(): of messages, and of what set, track and emit give.
 */
void jr_workflow_visit_names(const JrWorkflow *workflow, JrLiquidVarFn each,
			     gpointer user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrWorkflow, jr_workflow_free)
