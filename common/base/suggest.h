/*
 * suggest.h - the known name that a wrong one was meant to be.
 */
#pragma once

#include <glib.h>

/*
 * The one of @names (ended by NULL) that is nearest to @word by slips of the
 * hand: a letter left out, added, wrong, or two swapped (Damerau and
 * Levenshtein's distance), whatever the case.  NULL when none is near: more
 * than a third of the letters, or @word is longer than a name would be.
 */
const char *jr_suggest(const char *word, const char *const *names);

/*
 * The end of a message about @word that is none of @names: "write 'limit'", or
 * when none is near all of them: "write one of 'a', 'b', 'c'".  Owned.
 */
char *jr_suggest_write(const char *word, const char *const *names);
