/* ask.c - what to report on, and by what to tell it apart. */
#include "base/error.h"
#include "base/instant.h"
#include "flow/report/report.h"
#include "flow/report/break.h"

#define DAY_S 86400

static gboolean wrong_by(const JrPanel *panel, const char *word, GError **error)
{
	g_autoptr(GString) known = g_string_new(NULL);

	for (const JrDimension *d = jr_dimensions; d->key; d++)
		if (panel->by & d->bit)
			g_string_append_printf(known, "%s%s",
					       known->len ? ", " : "", d->key);
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "%s is not told apart by '%s': write one or more of %s",
		    panel->name, word, known->str);
	return FALSE;
}

gboolean jr_report_by(const JrPanel *panel, const char *text, guint *by,
		      GError **error)
{
	g_auto(GStrv) words = g_strsplit(text, ",", -1);

	*by = 0;
	for (char **word = words; *word; word++) {
		const JrDimension *d = jr_dimensions;

		while (d->key && !g_str_equal(d->key, *word))
			d++;
		if (!d->key || !(panel->by & d->bit))
			return wrong_by(panel, *word, error);
		*by |= d->bit;
	}
	if (*by & JR_BY_WAY && *by & JR_BY_VARIANT) {
		g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
			    "by way goes who came, by variant what was sent: "
			    "write one of them");
		return FALSE;
	}
	/* A step without its workflow is nobody's, nor a way without a step. */
	if (*by & JR_BY_WAY)
		*by |= JR_BY_STEP;
	if (*by & (JR_BY_STEP | JR_BY_VARIANT))
		*by |= JR_BY_WORKFLOW;
	return *by != 0 || wrong_by(panel, text, error);
}

gint64 jr_report_from_s(const JrReportAsk *ask, gint64 none)
{
	return ask->since_s ? ask->since_s / DAY_S * DAY_S : none;
}

gint64 jr_report_until_s(const JrReportAsk *ask, gint64 none)
{
	return ask->until_s ? (ask->until_s / DAY_S + 1) * DAY_S - 1 : none;
}

JrReportQuery jr_report_query(const JrReportAsk *ask, guint by)
{
	return (JrReportQuery){ .from_day = ask->since_s / DAY_S,
				.until_day = ask->until_s / DAY_S,
				.workflow = ask->workflow,
				.channel = ask->channel,
				.by = by };
}

const char *jr_report_empty(const JrReportAsk *ask, const char *all)
{
	return ask->since_s || ask->until_s || ask->workflow || ask->channel
		       ? "nothing of what was asked for"
		       : all;
}

char *jr_report_day(gint64 day)
{
	char text[JR_INSTANT_SIZE];

	jr_instant_format(day * DAY_S, text);
	return g_strndup(text, 10);
}
