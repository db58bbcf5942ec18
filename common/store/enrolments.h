/*
 * enrolments.h - who is on which journey, how far, and what comes next.
 */
#pragma once

#include "store/db.h"

/* Stored: add at the end. */
typedef enum {
	JR_ENROLMENT_LIVE = 1,
	JR_ENROLMENT_DONE,   /* reached the end of its steps */
	JR_ENROLMENT_GOAL,   /* left because the goal was reached */
	JR_ENROLMENT_EXITED, /* left before the end; end_reason says why */
} JrEnrolmentState;
#define JR_ENROLMENT_LAST JR_ENROLMENT_EXITED

const char *jr_enrolment_state_name(JrEnrolmentState state);

typedef struct {
	gint64 enrolment; /* the store's number for it */
	const char *workflow;
	const char *version; /* content hash of the file it runs by */
	gint64 person;
	const char *key; /* of a keyed run; "" or NULL: not keyed */
	gint64 run; /* this person's n-th by this workflow and key, from 1 */
	gint64 entered_s;
	gint64 trigger_seq; /* the log row that began it; 0: none */
	gint64 trigger_s;   /* when that happened */
	const char *step;   /* where it stands: as the flow writes it */
	JrEnrolmentState state;
	gint64 due_s;	/* when it goes on by time; G_MAXINT64: only when
			 * something happens.  Looked at while live. */
	gint64 watch_s; /* until when its person's events concern it (goal
			 * windows outlive the run); live: G_MAXINT64 */
	gint64 goal_s;	/* when the goal was reached; 0: not */
	gint64 ended_s; /* 0: live */
	const char *end_reason; /* or NULL */
	const char *vars;	/* JSON: what the run remembers; or NULL */
	const char *path;	/* the steps it came to: see paths.h; or NULL */
} JrEnrolment;

/*
 * Keep the text of a workflow file under its content @hash, so that whoever
 * is on the way goes on by it when the file has changed.
 */
typedef struct {
	const char *hash;
	const char *workflow; /* name */
	const char *text;
	gint64 first_s; /* when it was first seen */
	gboolean aims;	/* it has a goal */
} JrVersion;
gboolean jr_version_put(JrDb *db, const JrVersion *version, GError **error);

/* The version of @hash; *@found says whether it is there. */
gboolean jr_version_get(JrDb *db, const char *hash, JrArena *arena,
			JrVersion *version, gboolean *found, GError **error);

/*
 * Begin a run by a version that is kept; its @enrolment is set.  When there is
 * one of the same workflow, person, key and run, *@fresh is FALSE and nothing
 * changed.
 */
gboolean jr_enrolment_add(JrDb *db, JrEnrolment *enrolment, gboolean *fresh,
			  GError **error);

/*
 * Write @version, @step, @state, @due_s, @watch_s, @goal_s, @ended_s,
 * @end_reason, @vars and @path; what is new of them counts.  A path only grows:
 * it begins as the one that was saved before.
 */
gboolean jr_enrolment_save(JrDb *db, const JrEnrolment *enrolment,
			   GError **error);

/* The same of a run that is @was in the store, as read or saved before in this
 * transaction: so that it is not read again. */
gboolean jr_enrolment_move(JrDb *db, const JrEnrolment *was,
			   const JrEnrolment *now, GError **error);

/* Whether the version of @hash has a goal; one that is not kept has none. */
gboolean jr_version_aims(JrDb *db, const char *hash, gboolean *aims,
			 GError **error);

gboolean jr_enrolment_get(JrDb *db, gint64 number, JrArena *arena,
			  JrEnrolment *enrolment, gboolean *found,
			  GError **error);

/* The newest run of @ask's workflow, person and key: what re-entry asks. */
gboolean jr_enrolment_newest(JrDb *db, const JrEnrolment *ask, JrArena *arena,
			     JrEnrolment *enrolment, gboolean *found,
			     GError **error);

/*
 * Append to @enrolments those of @person that something happening to them may
 * concern at @now_s: live ones, and those whose goal window is open; oldest
 * first.
 */
gboolean jr_enrolments_watching(JrDb *db, gint64 person, gint64 now_s,
				JrArena *arena, GArray *enrolments,
				GError **error);

/* All of @person's, oldest first, to tell the story. */
gboolean jr_enrolments_of(JrDb *db, gint64 person, JrArena *arena,
			  GArray *enrolments, GError **error);

/* A page of those that are due; begin with both 0. */
typedef struct {
	gint64 now_s;
	gint64 after_s, after; /* due_s and number of the last one seen */
	guint limit;
} JrEnrolmentPage;

/*
 * Append to @enrolments the live ones due at page->now_s or before, by due_s
 * and number, and move @page on behind the last of them.
 */
gboolean jr_enrolments_due(JrDb *db, JrEnrolmentPage *page, JrArena *arena,
			   GArray *enrolments, GError **error);

/* A page of the live runs of @workflow, behind number page->after: for files
 * that change or go away. */
gboolean jr_enrolments_by(JrDb *db, const char *workflow, JrEnrolmentPage *page,
			  JrArena *arena, GArray *enrolments, GError **error);

/* Make all live runs of @workflow that have begun due at @now_s, unless they
 * are already. */
gboolean jr_enrolments_wake(JrDb *db, const char *workflow, gint64 now_s,
			    GError **error);
