#include "flow/since.h"

#include "base/error.h"
#include "base/instant.h"

gboolean jr_since_parse(const char *text, gint64 now_s, gint64 *at_s,
			GError **error)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	JrZone *utc = jr_zones_get(zones, "UTC", error);
	g_autoptr(GError) no_instant = NULL;
	gint64 ms;
	JrSpan span;

	if (!utc)
		return FALSE;
	if (jr_span_parse(text, &span, NULL)) {
		*at_s = now_s - jr_span_seconds(&span);
		return TRUE;
	}
	if (!jr_instant_parse(text, utc, &ms, &no_instant)) {
		g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
			    "no time '%s': write one like 2026-11-01, or 7d "
			    "for seven days ago",
			    text);
		return FALSE;
	}
	*at_s = ms / 1000;
	return TRUE;
}
