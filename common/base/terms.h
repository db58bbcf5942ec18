/*
 * terms.h - the closed sets of words that all layers, the store and the
 * records share.
 *
 * The numbers are stored: add at the end, never renumber.  The words are the
 * same in JSON, YAML, columns, options and manuals.
 */
#pragma once

#include <glib.h>

typedef enum {
	JR_CHANNEL_SMS = 1,
	JR_CHANNEL_PUSH,
	JR_CHANNEL_EMAIL,
	JR_CHANNEL_WHATSAPP,
} JrChannel;
#define JR_CHANNEL_LAST JR_CHANNEL_WHATSAPP

/* What a message is for; it decides which gates may be asked to stand aside. */
typedef enum {
	JR_PURPOSE_MARKETING = 1,
	JR_PURPOSE_TRANSACTIONAL,
	JR_PURPOSE_SECURITY,
	JR_PURPOSE_RE_PERMISSION,
} JrPurpose;
#define JR_PURPOSE_LAST JR_PURPOSE_RE_PERMISSION

/* A message's life; the table of states is in jr(7). */
typedef enum {
	JR_MESSAGE_PLANNED = 1, /* due at an instant */
	JR_MESSAGE_OFFERED,	/* written to the pipe, until its lease ends */
	JR_MESSAGE_CLAIMED,	/* a sender's attempt is under way */
	JR_MESSAGE_ACCEPTED,	/* the provider has it */
	JR_MESSAGE_WAITING,	/* surely not taken; not before an instant */
	JR_MESSAGE_REFUSED,	/* provider or gate said no for good */
	JR_MESSAGE_UNKNOWN,	/* hand-over without an answer; never again */
	JR_MESSAGE_DELIVERED,	/* by receipt */
	JR_MESSAGE_FAILED,	/* by receipt */
	JR_MESSAGE_CANCELLED,	/* its journey ended before it left */
} JrMessageState;
#define JR_MESSAGE_LAST JR_MESSAGE_CANCELLED

/* What is measured of a message, as in the reporting webhooks' "metric". */
typedef enum {
	JR_METRIC_SENT = 1, /* accepted by the provider */
	JR_METRIC_DELIVERED,
	JR_METRIC_OPENED,
	JR_METRIC_CLICKED,
	JR_METRIC_CONVERTED,
	JR_METRIC_REPLIED,
	JR_METRIC_UNSUBSCRIBED,
	JR_METRIC_BOUNCED, /* the provider could not deliver */
	JR_METRIC_FAILED,  /* never left */
	JR_METRIC_DROPPED, /* person or token suppressed */
	JR_METRIC_UNDELIVERABLE,
	JR_METRIC_ATTEMPTED,
	JR_METRIC_DRAFTED,
	JR_METRIC_SPAMMED, /* someone complained of it */
} JrMetric;
#define JR_METRIC_LAST JR_METRIC_SPAMMED

/* The word for each; NULL for a number that is none. */
const char *jr_channel_name(JrChannel channel);
const char *jr_purpose_name(JrPurpose purpose);
const char *jr_message_state_name(JrMessageState state);
const char *jr_metric_name(JrMetric metric);

/* The number of a word; 0 when it is none (NULL, too). */
JrChannel jr_channel_of(const char *name);
JrPurpose jr_purpose_of(const char *name);
JrMessageState jr_message_state_of(const char *name);
JrMetric jr_metric_of(const char *name);

/*
 * The same for sets of words that one file alone has: @words is an array of
 * texts at the places of its enum, of which 0 is none.
 */
#define JR_TERM_NAME(words, i)                                                 \
	((guint)(i) < G_N_ELEMENTS(words) ? (words)[i] : NULL)
#define JR_TERM_FIND(words, word) jr_term_find(words, G_N_ELEMENTS(words), word)
guint jr_term_find(const char *const *words, guint n, const char *word);
