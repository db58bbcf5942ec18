#include "rules/locale.h"

#include <string.h>

/* @tag in lower case with '-' only; owned. */
static char *canonical(const char *tag)
{
	char *low = g_ascii_strdown(tag, -1);

	return g_strdelimit(low, "_.@", '-');
}

/* How well @have, a canonical tag, serves @wanted: more is better, 0 not. */
static guint score(const char *have, const char *wanted)
{
	gsize len = strlen(have);
	gsize language = strcspn(wanted, "-");

	if (strncmp(wanted, have, len) == 0 && strchr("-", wanted[len]))
		return 2 + (guint)len; /* itself or a prefix of it */
	return wanted[language] == '\0' &&
	       strncmp(have, wanted, language) == 0 && have[language] == '-';
}

int jr_locale_pick(const char *const *have, guint n, const char *wanted)
{
	g_autofree char *tag = wanted && *wanted ? canonical(wanted) : NULL;
	guint best_score = 0;
	int best = -1;

	for (guint i = 0; tag && i < n; i++) {
		g_autofree char *mine = canonical(have[i]);
		guint its = *mine ? score(mine, tag) : 0;

		if (its > best_score) {
			best_score = its;
			best = (int)i;
		}
	}
	return best;
}
