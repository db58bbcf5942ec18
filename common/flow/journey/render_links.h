/*
 * render_links.h - the links in a text: where they may lead, and short ones of
 * our own in their place.
 *
 * A short link is https://HOST/PREFIX/TOKEN; the token is a keyed hash of
 * message and address, so that it says who clicked and cannot be guessed.
 */
#pragma once

#include "flow/journey/run.h"

typedef struct {
	const char *message_id; /* NULL: a preview; its short links are as long
				 * as any, and lead nowhere */
	gboolean shorten;
} JrLinksAsk;

/*
 * @text with its links shortened and parameters added, if @ask and the
 * configuration say so; else as it is.  Owned.  Short links are kept in the
 * store, so this belongs into a write transaction.  NULL and JR_ERROR_INPUT
 * when a link leads where the configuration lets none lead; JR_ERROR_IO.
 */
char *jr_render_links(JrJourneys *journeys, const JrLinksAsk *ask,
		      const char *text, GError **error);
