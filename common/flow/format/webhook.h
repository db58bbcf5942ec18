/*
 * webhook.h - what a web server logged of a provider's call:
 * {"source":"twilio","url":…,"headers":{…},"body":…,"received_at":…}.
 */
#pragma once

#include "flow/format/format.h"

typedef struct {
	const char *url;      /* or NULL */
	const JrVal *headers; /* a map, or NULL */
	JrSlice body;	      /* its bytes; none when it came as an object */
	gboolean parsed;      /* it did, or as nothing but a map of the line */
	const JrVal *fields;  /* what the body says, a map or a list; of a form,
			       * texts; without a body, the URL's query */
} JrWebhook;

/* Whether @val is one of @source's. */
gboolean jr_webhook_is(const JrVal *val, const char *source);

/*
 * Read the envelope @line of @source.  A body that is a form or JSON, as text
 * or as the object itself, becomes fields.  FALSE: refused, perhaps because it
 * is not to be believed (trust.h).
 */
gboolean jr_webhook_read(JrFormatLine *line, const char *source,
			 JrWebhook *hook);

/* The same of a line that is nothing but @source's body. */
gboolean jr_webhook_bare(JrFormatLine *line, const char *source,
			 JrWebhook *hook);

/* The text of the first of @keys (NULL-terminated) in @map, not empty, in the
 * batch's arena; a whole number is one, too.  NULL: none. */
const char *jr_webhook_text(JrFormatLine *line, const JrVal *map,
			    const char *const *keys);

/* A record of the call: its time is received_at, or now. */
JrIngestRec *jr_webhook_add(JrFormatLine *line, JrIngestAction action);

/* The header @name, in any case; NULL when there is none. */
const char *jr_webhook_header(const JrWebhook *hook, const char *name);

/* The parameter @name of the URL's query, in the batch's arena; or NULL. */
const char *jr_webhook_query(JrFormatLine *line, const JrWebhook *hook,
			     const char *name);

/* The E.164 number in @val, perhaps behind "whatsapp:".  *@channel follows. */
gboolean jr_webhook_number(JrFormatLine *line, const char *field,
			   const char *text, const char **number,
			   JrChannel *channel);
