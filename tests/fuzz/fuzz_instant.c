/* Instants and spans: what is read is written so that it reads back. */
#include "base/instant.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_instant(const char *text, JrZone *zone)
{
	char written[JR_INSTANT_SIZE];
	gint64 ms, back;

	if (!jr_instant_parse(text, zone, &ms, NULL))
		return;
	jr_instant_format(ms >= 0 ? ms / 1000 : (ms - 999) / 1000, written);
	g_assert(jr_instant_parse(written, NULL, &back, NULL));
	g_assert(ms - back >= 0 && ms - back < 1000);
}

static void try_span(const char *text, JrZone *zone)
{
	JrSpan span, back;

	if (!jr_span_parse(text, &span, NULL))
		return;
	g_autofree char *written = jr_span_format(&span);
	g_assert(jr_span_parse(written, &back, NULL));
	g_assert(span.months == back.months && span.days == back.days &&
		 span.seconds == back.seconds);
	gint64 at = jr_span_add(1795416000, &span, zone);
	gint64 off = at - 1795416000 - jr_span_seconds(&span);
	/* A month is not 30 days: at most 6 days a year off, and a day. */
	g_assert(ABS(off) <= (ABS(span.months) / 2 + 4) * 86400);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static JrZones *zones; /* opening a zone reads files */
	g_autofree char *text = g_strndup((const char *)data, size);
	JrZone *zone;

	if (!zones)
		zones = jr_zones_new();
	zone = jr_zones_get(zones, "Australia/Lord_Howe", NULL);
	try_instant(text, NULL);
	try_instant(text, zone);
	try_span(text, zone);
	jr_zones_get(zones, text, NULL);
	return 0;
}
