#include "store/paths.h"
#include "store/counters.h"

#include <string.h>

/* Count the line of @step that says nothing of ways, or @way. */
static void count(JrDb *db, const JrCounter *run, const char *step,
		  const char *way)
{
	JrCounter counter = *run;

	counter.counted = way ? JR_COUNT_WENT : JR_COUNT_CAME;
	counter.step = step;
	counter.variant = way;
	counter.n = 1;
	jr_counter_later(db, &counter);
}

/* What stands behind the @n-th tab of @line, from 1; or NULL. */
static const char *field_of(const char *line, guint n)
{
	while (line && n-- > 0) {
		line = strchr(line, '\t');
		line = line ? line + 1 : NULL;
	}
	return line;
}

void jr_path_count(JrDb *db, const JrCounter *run, const char *path, gsize from)
{
	g_autofree char *step = NULL;
	const char *end;

	if (!path || strlen(path) <= from)
		return;
	for (const char *at = path; (end = strchr(at, '\n')); at = end + 1) {
		g_autofree char *line = g_strndup(at, (gsize)(end - at));

		if (*line != '\t') {
			g_free(step);
			step = g_strndup(line, strcspn(line, "\t"));
		}
		if ((gsize)(at - path) < from || !step)
			continue;
		count(db, run, step, field_of(line, *line == '\t' ? 1 : 2));
	}
}
