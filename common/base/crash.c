#include "base/crash.h"

#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	gboolean list;
	char *name;
	gint64 passes; /* still to come before the end */
} Plan;

/* What JR_CRASH asks for; never freed, as the process is to die anyway. */
static Plan *read_plan(const char *text)
{
	static Plan plan;
	const char *colon = strchr(text, ':');

	plan.list = strcmp(text, "list") == 0;
	plan.name =
		g_strndup(text, colon ? (gsize)(colon - text) : strlen(text));
	plan.passes = colon ? g_ascii_strtoll(colon + 1, NULL, 10) : 1;
	return &plan;
}

/* In one write(), so that the lines of several processes do not mix. */
static void list(const char *name)
{
	g_autofree char *line = g_strdup_printf("%s\n", name);

	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		return; /* nobody listens */
}

void jr_crash_point(const char *name)
{
	static gboolean asked;
	static Plan *plan; /* NULL: none, as in every real run */

	if (G_UNLIKELY(!asked)) {
		const char *text = g_getenv("JR_CRASH");

		plan = text && *text ? read_plan(text) : NULL;
		asked = TRUE;
	}
	if (G_LIKELY(!plan))
		return;
	if (plan->list)
		list(name);
	else if (strcmp(name, plan->name) == 0 && --plan->passes == 0)
		kill(getpid(), SIGKILL);
}
