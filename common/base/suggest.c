#include "base/suggest.h"

#include <string.h>

#define WORD_MAX 63 /* bytes; no name of ours is nearly as long */

/* The three lowest rows of the table of distances that are still needed. */
typedef struct {
	guint now[WORD_MAX + 1], above[WORD_MAX + 1], twice_above[WORD_MAX + 1];
} Rows;

static gboolean same(char a, char b)
{
	return g_ascii_tolower(a) == g_ascii_tolower(b);
}

/* Fill rows->now for the first @i letters of @a against all of @b. */
static void fill_row(Rows *rows, const char *a, guint i, const char *b)
{
	rows->now[0] = i;
	for (guint j = 1; j <= strlen(b); j++) {
		guint wrong = !same(a[i - 1], b[j - 1]);
		guint best = rows->above[j - 1] + wrong;

		best = MIN(best, rows->above[j] + 1);
		best = MIN(best, rows->now[j - 1] + 1);
		if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
		    same(a[i - 2], b[j - 1]))
			best = MIN(best, rows->twice_above[j - 2] + 1);
		rows->now[j] = best;
	}
}

static guint distance(const char *a, const char *b)
{
	Rows rows;

	for (guint j = 0; j <= strlen(b); j++)
		rows.now[j] = j;
	for (guint i = 1; i <= strlen(a); i++) {
		memcpy(rows.twice_above, rows.above, sizeof rows.above);
		memcpy(rows.above, rows.now, sizeof rows.now);
		fill_row(&rows, a, i, b);
	}
	return rows.now[strlen(b)];
}

const char *jr_suggest(const char *word, const char *const *names)
{
	const char *nearest = NULL;
	guint least = G_MAXUINT;

	if (strlen(word) > WORD_MAX)
		return NULL;
	for (; *names; names++) {
		gsize longer = MAX(strlen(*names), strlen(word));
		guint slips;

		if (strlen(*names) > WORD_MAX)
			continue;
		slips = distance(word, *names);
		if (slips < least && slips <= (longer + 2) / 3 &&
		    slips < longer) {
			nearest = *names;
			least = slips;
		}
	}
	return nearest;
}

char *jr_suggest_write(const char *word, const char *const *names)
{
	const char *nearest = jr_suggest(word, names);
	GString *text;

	if (nearest)
		return g_strdup_printf("write '%s'", nearest);
	text = g_string_new(names[0] && names[1] ? "write one of " : "write ");
	for (guint i = 0; names[i]; i++)
		g_string_append_printf(text, "%s'%s'", i > 0 ? ", " : "",
				       names[i]);
	return g_string_free(text, FALSE);
}
