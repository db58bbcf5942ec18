/* What is heard of devices by way of what became of messages. */
#include "flow/ingest/keep_impl.h"
#include "net/providers.h"
#include "store/devices.h"

#include <string.h>

gboolean jr_keep_find_device(JrKeepRun *run, gint64 person, const char *token,
			     gint64 *device, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrDevice));

	*device = 0;
	if (!token || !person)
		return TRUE;
	if (!jr_devices_of(run->db, person, run->arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrDevice *one = &g_array_index(all, JrDevice, i);

		if (g_str_equal(one->token, token))
			*device = one->device;
	}
	return TRUE;
}

/* Whether @code, of any push service, says that there is no such device. */
static gboolean is_dead(const char *code)
{
	const JrClass *const tables[] = { jr_fcm_classes, jr_apns_classes,
					  jr_webpush_classes };

	for (guint i = 0; code && i < G_N_ELEMENTS(tables); i++)
		for (const JrClass *row = tables[i]; row->code; row++)
			if (row->outcome == JR_OUTCOME_DROP_TOKEN &&
			    g_str_equal(row->code, code))
				return TRUE;
	return FALSE;
}

/* Gone since the report says so: a token that was registered later stays. */
static gboolean write_gone(JrKeepRun *run, const JrEffect *effect,
			   GError **error)
{
	const JrIngestRec *rec = jr_keep_rec(run, effect->rec);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrDevice));
	gint64 person = run->rows[effect->rec].person;
	gboolean gone;

	if (!person)
		return TRUE;
	if (!jr_devices_of(run->db, person, run->arena, all, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		JrDevice *one = &g_array_index(all, JrDevice, i);

		one->gone_ms = rec->at_ms;
		one->gone_reason = effect->data;
		if (g_str_equal(one->token, rec->metric->token) &&
		    !jr_device_gone(run->db, one, &gone, error))
			return FALSE;
	}
	return TRUE;
}

void jr_keep_feedback(JrKeepRun *run, const JrIngestRec *rec)
{
	const JrIngestMetric *said = rec->metric;
	const char *code = is_dead(said->code)	   ? said->code
			   : is_dead(said->reason) ? said->reason
						   : NULL;

	if (said->token && code)
		jr_keep_effect(run, write_gone, code);
}
