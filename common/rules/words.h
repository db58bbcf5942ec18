/*
 * words.h - what people answer to an SMS: STOP, START, HELP, or something.
 *
 * Sources: 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel,
 * unsubscribe, and "any reasonable method"), CTIA's messaging principles
 * (plain-language opt-outs are read and obeyed), Twilio's and Telnyx's lists.
 * A single-word match is what providers do; we match more, and put what is not
 * clear before a person instead of guessing.
 */
#pragma once

#include <glib.h>

/* The numbers are stored: add at the end. */
typedef enum {
	JR_WORDS_OTHER = 1, /* an answer, nothing to obey */
	JR_WORDS_STOP,	    /* opts out */
	JR_WORDS_START,	    /* opts in again */
	JR_WORDS_HELP,	    /* asks who we are */
	JR_WORDS_REVIEW,    /* might be an opt-out: a person must read it */
} JrWordsKind;

const char *jr_words_kind_name(JrWordsKind kind); /* "stop", … */

/*
 * Lists of words or phrases, each NULL-terminated; NULL: the default set.  The
 * words of 47 CFR 64.1200(a)(10) opt out whatever stands in `stop`.
 */
typedef struct {
	const char *const *stop;    /* whole message, or its first word */
	const char *const *start;   /* whole message */
	const char *const *help;    /* whole message */
	const char *const *phrases; /* anywhere: clear opt-outs */
} JrWordSets;

typedef struct _JrWords JrWords;

/* @sets and what it points to are copied; NULL: all defaults.  Owned. */
JrWords *jr_words_new(const JrWordSets *sets);
void jr_words_free(JrWords *words);

/*
 * What @text (valid UTF-8) means.  Case, accents, punctuation, emoji and space
 * do not matter.  Whole message in a set; else first word of the STOP set that
 * is not made harmless by what follows; else a clear phrase; negations
 * ("please don't stop") are no opt-out; anything else that speaks of stopping
 * is JR_WORDS_REVIEW.
 */
JrWordsKind jr_words_classify(const JrWords *words, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrWords, jr_words_free)
