/*
 * lint.h - what is allowed in a workflow and still likely wrong.
 */
#pragma once

#include "rules/policy.h"
#include "rules/workflow.h"

typedef enum {
	JR_LINT_ADVICE,	 /* think about it */
	JR_LINT_WARNING, /* most likely a mistake */
} JrLintLevel;

typedef struct {
	JrLintLevel level;
	const char *code; /* "sms-long", "push-title", … : jr-schedule(1) */
	const char *file;
	guint line, column;
	const char *message; /* "what: what to write instead" */
} JrLint;

typedef void (*JrLintFn)(gpointer user, const JrLint *lint);

/* Lists end with NULL; a list that is NULL: what it is about is not known. */
typedef struct {
	const JrPolicy *policy;
	/*
	 * Variables to render with: the longest real value of each attribute,
	 * say.  NULL: what is not literal text is taken for empty.
	 */
	const JrVal *longest;
	/* The same, where there are, with values that GSM-7 cannot say; NULL */
	const JrVal *widest;
	const char *const *attributes; /* that people have: "address.city" */
	const char *const *events;     /* names of those that came of late */
	const char *const *properties; /* that events have which start it */
	/* Those of other events, "test*" too; NULL: not known. */
	const char *const *(*properties_of)(gpointer known, const char *event);
	gpointer known;
	const char *const *segments;
	/*
	 * Whether a push may have the option, and @val (NULL: nobody knows it
	 * yet) for its value.  FALSE and "what: what to write instead".  NULL:
	 * nobody knows the options.
	 */
	gboolean (*push_option)(const char *option, const JrVal *val,
				GError **error);
	/* Whether its custom data may have the key; likewise. */
	gboolean (*push_key)(const char *key, GError **error);
} JrLintAsk;

/* Call @each for every finding, in the order of the file. */
void jr_workflow_lint(const JrWorkflow *workflow, const JrLintAsk *ask,
		      JrLintFn each, gpointer user);
