/*
 * ask.h - questions to a provider beside hand-overs: what it has on record, and
 * how our account stands.
 *
 * A GET changes nothing, so unlike a hand-over it is tried again.
 */
#pragma once

#include "base/doc.h"
#include "net/sender.h"

/* Ask @provider, which is borrowed; @limits likewise. */
JrAsk *jr_ask_new(JrProvider *provider, const JrSenderLimits *limits);
void jr_ask_free(JrAsk *ask);

/*
 * The object that @request, a GET, is answered with; up to three times, when
 * nobody answers or says later.  A new reference.  NULL and
 *   JR_ERROR_REFUSED  there is nothing of that name (404);
 *   JR_ERROR_CONFIG   our key or account may not ask that;
 *   JR_ERROR_BUSY     nobody answers, or not with what was asked.
 */
json_t *jr_ask_json(JrAsk *ask, const JrHttpRequest *request, GError **error);

/*
 * The next page of @what: append its rows (JrListed) to @rows, texts in
 * @arena, and move @what->next on; *@more: there is another.  The provider's
 * kind has `list`.  Errors as above, and the request's own.
 */
gboolean jr_ask_page(JrAsk *ask, JrListAsk *what, JrArena *arena, GArray *rows,
		     gboolean *more, GError **error);
void jr_list_ask_clear(JrListAsk *what);

/* The one message they know as @id, where the kind has `lookup`. */
gboolean jr_ask_one(JrAsk *ask, const char *id, JrArena *arena, GArray *rows,
		    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrAsk, jr_ask_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrListAsk, jr_list_ask_clear)
