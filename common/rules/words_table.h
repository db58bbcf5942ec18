/*
 * words_table.h - the words that words.c knows, in its canonical form: lower
 * case, no accents, no apostrophes.
 *
 * Sources: the lists of Twilio, Telnyx and AWS, the FCC's words, and what
 * people write.  The first four are defaults of jr-config(5); the others say
 * in which company a word means nothing or something else.
 */
#pragma once

#include <stddef.h>

/* Each ends with NULL. */
extern const char *const jr_words_stop[];
extern const char *const jr_words_start[];
extern const char *const jr_words_help[];
extern const char *const jr_words_phrases[];

/* Opt out whatever is configured: 47 CFR 64.1200(a)(10). */
extern const char *const jr_words_law[];

/* After a word of the STOP set these add nothing: "stop it now please". */
extern const char *const jr_words_fillers[];

/* Words of the STOP set that begin other sentences too: to a person. */
extern const char *const jr_words_everyday[];

/* "stop by", "bus stop", "dont stop": no opt-out. */
extern const char *const jr_words_harmless_after[];
extern const char *const jr_words_harmless_before[];
extern const char *const jr_words_negations[];

/* Anywhere, in other company: a person must read it. */
extern const char *const jr_words_doubtful[];
extern const char *const jr_words_doubtful_phrases[]; /* " with spaces " */
