/*
 * lint_impl.h - the parts of linting; for lint*.c alone.
 */
#pragma once

#include "rules/lint.h"

/* What every check is told. */
typedef struct {
	const JrWorkflow *w;
	const JrLintAsk *ask;
	JrLintFn each;
	gpointer user;
} JrLinter;

/* A finding; @at NULL: at the beginning of @line. */
void jr_lint_say(const JrLinter *l, JrLintLevel level, const char *code,
		 const JrVal *at, guint line, const char *format, ...)
	G_GNUC_PRINTF(6, 7);

/*
 * What @variant's @part comes to with the values @vars; what is missing is
 * empty.  Owned; NULL when there is none, or it does not render.
 */
char *jr_lint_text(const JrVariant *variant, JrPart part, const JrVal *vars);

/* lint_message.c: the text of each message. */
void jr_lint_message(const JrLinter *l, const JrStep *step);

/* lint_names.c: attributes, properties and segments that nobody knows. */
void jr_lint_names(const JrLinter *l);
