/*
 * grapheme.h - what people take for one character.
 *
 * Source: Unicode Standard Annex 29, extended grapheme clusters (without the
 * Indic conjuncts of rule GB9c).  Combining marks, emoji with modifiers or
 * joined by ZWJ, flags and Hangul syllables stay whole.
 */
#pragma once

#include <glib.h>

/* Bytes of the first cluster of @text (valid UTF-8); 0 at its end. */
gsize jr_grapheme_next(const char *text);

/*
 * The same as Twilio's segment calculator draws it, so that our count is its:
 * Unicode 10, as npm's grapheme-splitter 1.0.4 reads it, slips included; CR
 * and LF are two.
 */
gsize jr_grapheme_next_sms(const char *text);

/* How many clusters @text has. */
guint jr_grapheme_count(const char *text);
