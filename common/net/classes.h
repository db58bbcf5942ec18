/*
 * classes.h - what a provider's codes mean for a message.
 *
 * Each provider has a table of its codes; configuration may add to it or
 * overrule it (`classes: {30007: refused}`), because providers split and
 * renumber their codes over time (Twilio says not to program on them).
 */
#pragma once

#include "base/val.h"

/* What every answer comes down to. */
typedef enum {
	JR_OUTCOME_ACCEPTED,   /* theirs now */
	JR_OUTCOME_WAIT,       /* surely not taken: again after wait_s */
	JR_OUTCOME_REFUSED,    /* no, for this message, for good */
	JR_OUTCOME_OPTED_OUT,  /* no, and this number said STOP */
	JR_OUTCOME_DROP_TOKEN, /* no, and this device is gone */
	JR_OUTCOME_STOP,       /* no, and no other will fare better: our account
				* or configuration; not taken */
	JR_OUTCOME_UNKNOWN,    /* it may have been taken: never again */
} JrOutcome;
#define JR_OUTCOME_LAST JR_OUTCOME_UNKNOWN

const char *jr_outcome_name(JrOutcome outcome); /* "accepted", "wait", … */

/* The outcome called @name.  FALSE when none is (NULL, too). */
gboolean jr_outcome_of(const char *name, JrOutcome *outcome);

/* A row of a provider's table; one whose code is NULL ends it. */
typedef struct {
	const char *code; /* theirs: "21610", "UNREGISTERED"; or the status of
			   * an answer without one: "http-429", "http-4xx" */
	JrOutcome outcome;
	gint64 wait_s;	  /* WAIT: at least so long; 0: the caller's backoff */
	const char *text; /* for people: what it means, what to do */
} JrClass;

typedef struct _JrClasses JrClasses;

/*
 * The rows of @table (borrowed), overruled by @overrides: a map of codes to an
 * outcome's name, or NULL.  NULL and JR_ERROR_CONFIG, at its line of @file.
 */
JrClasses *jr_classes_new(const JrClass *table, const JrVal *overrides,
			  const char *file, GError **error);
void jr_classes_free(JrClasses *classes);

/* The row of @code; NULL when there is none.  Borrowed. */
const JrClass *jr_classes_find(const JrClasses *classes, const char *code);

/*
 * The row for an answer: of @code (may be NULL), else of its HTTP @status, else
 * of all like it (4xx, 5xx), else one that says unknown.  Never NULL.
 */
const JrClass *jr_classes_of_answer(const JrClasses *classes, const char *code,
				    int status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrClasses, jr_classes_free)
