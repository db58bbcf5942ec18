/*
 * answer.h - what is done alike with the answers of all providers.
 *
 * They are foreign bytes: whatever they hold, the outcome is one of ours, and
 * nothing of them is told to people but a code of letters and digits.
 */
#pragma once

#include "base/doc.h"
#include "net/provider.h"

/*
 * The object that @body is, a new reference; NULL when it is none, is longer
 * than 64 KiB or deeper than 32 levels.
 */
json_t *jr_answer_json(const GString *body);

/* The same of up to @max bytes. */
json_t *jr_answer_json_max(const GString *body, gsize max);

/* The text or whole number at @key of @object as text, in @arena; else NULL. */
const char *jr_answer_keep(const json_t *object, const char *key,
			   JrArena *arena);

/*
 * The text at @path, "error.status", below @object; NULL when there is none.
 * Borrowed.
 */
const char *jr_answer_text(const json_t *object, const char *path);

/* @code when it looks like one (letters, digits, "_", "-", "."), else NULL. */
const char *jr_answer_code(const char *code);

/* @id when it can be one of theirs (printable ASCII, no space), else NULL. */
const char *jr_answer_id(const char *id);

/* What @answer to a question of --verify says: all is well when its
 * outcome is @good. */
void jr_answer_check(const JrAnswer *answer, JrOutcome good, JrCheck *check);

/* The same of an answer whose status says it all: 2xx is good. */
void jr_answer_check_status(const JrHttpAnswer *http, JrCheck *check);

/* Fill @answer from the row of @code (may be NULL) and HTTP @status (or 0). */
void jr_answer_set(JrAnswer *answer, const JrProvider *provider,
		   const char *code, int status);
