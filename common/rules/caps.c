#include "rules/caps.h"
#include "base/error.h"
#include "base/instant.h"

#include <string.h>

#define FORM "write it like '4 per 30d'"
#define MAX_COUNT 1000000

gboolean jr_cap_parse(const char *text, JrCap *cap, GError **error)
{
	const char *per = strstr(text, " per ");
	g_autofree char *count =
		per ? g_strndup(text, (gsize)(per - text)) : NULL;
	guint64 n = 0;
	JrSpan span = { 0 };

	if (!per || !g_ascii_string_to_unsigned(g_strstrip(count), 10, 0,
						MAX_COUNT, &n, NULL)) {
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "'%s' is not a cap: " FORM, text);
		return FALSE;
	}
	if (!jr_span_parse(per + strlen(" per "), &span, error))
		return FALSE;
	*cap = (JrCap){ (guint)n, jr_span_seconds(&span) };
	if (cap->per_s > 0)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "'%s' is a cap over no time: " FORM, text);
	return FALSE;
}

/* In the longest unit that divides it. */
char *jr_cap_format(const JrCap *cap)
{
	static const struct {
		gint64 seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	guint i = 0;

	if (cap->per_s == 86400) /* "24h", as people say */
		i = 1;
	while (cap->per_s % units[i].seconds != 0)
		i++;
	return g_strdup_printf("%u per %" G_GINT64_FORMAT "%c", cap->count,
			       cap->per_s / units[i].seconds, units[i].unit);
}

gint64 jr_cap_opens(const JrCap *cap, const gint64 *times_s, guint n,
		    gint64 at_s)
{
	if (cap->count == 0)
		return G_MAXINT64;
	if (n < cap->count)
		return at_s;
	return MAX(at_s, times_s[cap->count - 1] + cap->per_s);
}
