/*
 * Numbers that said STOP when nobody known had them.  They are blocked for
 * ever, whoever brings them later with whatever consent: only who writes START
 * from the number itself unblocks it.
 */
#include "flow/ingest/keep_impl.h"
#include "store/suppress.h"

#define STRANGER "stop"

gboolean jr_keep_number_barred(JrKeepRun *run, const char *number,
			       gboolean *yes, GError **error)
{
	JrSuppress ask = { .kind = JR_SUPPRESS_NUMBER, .value = number };

	*yes = FALSE;
	return !run->number_bars ||
	       jr_suppress_has(run->db, &ask, run->arena, yes, error);
}

gboolean jr_keep_bar_number(JrKeepRun *run, const char *number, gint64 at_s,
			    const char *source, GError **error)
{
	const JrSuppress bar = {
		.kind = JR_SUPPRESS_NUMBER,
		.value = number,
		.at_s = at_s,
		.reason = STRANGER,
		.source = source,
	};
	gboolean fresh;

	run->number_bars = TRUE;
	return jr_suppress_add(run->db, &bar, &fresh, error);
}

gboolean jr_keep_unbar_number(JrKeepRun *run, const char *number, gint64 at_s,
			      gboolean *was, GError **error)
{
	JrSuppress bar = { .kind = JR_SUPPRESS_NUMBER, .value = number };
	gboolean on;

	*was = FALSE;
	if (!run->number_bars)
		return TRUE;
	if (!jr_suppress_has(run->db, &bar, run->arena, &on, error))
		return FALSE;
	/* Of an erased or suppressed person it is another's to decide. */
	if (!on || g_strcmp0(bar.reason, STRANGER) != 0 || at_s <= bar.at_s)
		return TRUE;
	return jr_suppress_remove(run->db, &bar, was, error);
}
