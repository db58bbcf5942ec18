/* Orders about whole people: merge, delete, suppress, unsuppress. */
#include "flow/ingest/keep_impl.h"
#include "store/erase.h"
#include "store/suppress.h"

#include <string.h>

/*
 * All is written, and nothing is remembered: what the roster knows of people
 * may not be true after what comes.
 */
static gboolean settle(JrKeepRun *run, GError **error)
{
	JrWho *who = run->whos[run->taken];

	if (!jr_keep_flush(run, error))
		return FALSE;
	if (who)
		run->rows[run->taken].person = who->person;
	run->whos[run->taken] = NULL;
	jr_roster_forget(run->roster);
	return TRUE;
}

/* What @loser has and @winner never had, the winner gets, with its times. */
static gboolean fill_in(JrKeepRun *run, JrWho *winner, const JrPerson *loser,
			GError **error)
{
	const JrVal *values =
		jr_roster_values(run->roster, loser->attributes, error);
	const JrVal *times =
		values ? jr_roster_values(run->roster, loser->times, error)
		       : NULL;
	const JrVal *known =
		times ? jr_roster_values(run->roster, winner->data->times,
					 error)
		      : NULL;

	if (!known)
		return FALSE;
	for (guint32 i = 0; i < values->len; i++) {
		const JrMember *member = &values->members[i];
		const JrVal *at = jr_val_get(times, member->key);
		const JrVal one = { .type = JR_VAL_MAP,
				    .len = 1,
				    .members = member };

		if (!jr_val_get(known, member->key) &&
		    !jr_roster_merge(run->roster, winner, &one,
				     at && at->type == JR_VAL_INT ? at->num : 0,
				     NULL, error))
			return FALSE;
	}
	if (!winner->data->zone) {
		winner->data->zone = loser->zone;
		winner->dirty = TRUE;
	}
	winner->number = TRUE;
	return TRUE;
}

/* Consents of both are the winner's: their attributes follow. */
static gboolean mirror_both(JrKeepRun *run, gint64 winner, GError **error)
{
	const JrConsentKey sms = { winner, NULL, JR_CHANNEL_SMS, NULL };
	const JrConsentKey whatsapp = { winner, NULL, JR_CHANNEL_WHATSAPP,
					NULL };

	return jr_keep_mirror(run, run->taken, &sms, error) &&
	       jr_keep_mirror(run, run->taken, &whatsapp, error);
}

gboolean jr_keep_merge_people(JrKeepRun *run, gint64 winner, gint64 loser,
			      GError **error)
{
	gint64 at_s = run->rows[run->taken].at_s;
	JrWho *who, *other;

	if (!settle(run, error) ||
	    !jr_roster_person(run->roster, winner, &who, error) ||
	    !jr_roster_person(run->roster, loser, &other, error))
		return FALSE;
	if (!who || !other)
		return TRUE;
	if (!fill_in(run, who, other->data, error) ||
	    !jr_people_merge(run->db, winner, loser, at_s, error) ||
	    !mirror_both(run, winner, error) ||
	    !jr_roster_flush(run->roster, error))
		return FALSE;
	jr_roster_forget(run->roster);
	return TRUE;
}

/* @who is known by @name, too, unless nobody may be. */
static gboolean give_name(JrKeepRun *run, JrWho *who, const JrIdentity *name,
			  GError **error)
{
	gboolean barred;

	run->whos[run->taken] = who;
	jr_roster_want(run->roster, who);
	if (!jr_roster_load(run->roster, error) ||
	    !jr_keep_barred(run, name, &barred, error))
		return FALSE;
	if (!barred)
		jr_roster_name(run->roster, who, name);
	return TRUE;
}

gboolean jr_keep_merge(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	JrWho *who, *other;

	if (!jr_roster_get(run->roster, &rec->other, &other, error) ||
	    !jr_roster_get(run->roster, &rec->who, &who, error))
		return FALSE;
	if (!who && other)
		return give_name(run, other, &rec->who, error);
	if (!who && !jr_keep_who(run, rec, &who, error))
		return FALSE;
	if (!who) {
		rec->kept = JR_KEPT_IGNORED;
		run->rows[run->taken].fresh = FALSE;
		return TRUE;
	}
	run->whos[run->taken] = who;
	/* Both may be names of the one that was just made. */
	if (!other && !jr_roster_get(run->roster, &rec->other, &other, error))
		return FALSE;
	if (!other)
		return give_name(run, who, &rec->other, error);
	return other == who ||
	       jr_keep_merge_people(run, who->person, other->person, error);
}

/* Erase whoever @rec names; *@person is 0 for nobody. */
static gboolean erase(JrKeepRun *run, JrIngestRec *rec, gboolean bar,
		      GError **error)
{
	JrErase order = {
		.at_s = rec->at_ms / 1000,
		.reason = bar ? "suppressed" : "erased",
		.bar = bar,
	};
	JrWho *who;

	if (!jr_roster_get(run->roster, &rec->who, &who, error))
		return FALSE;
	if (!who)
		return TRUE;
	order.person = who->person;
	run->number_bars = TRUE; /* theirs are blocked now */
	if (!settle(run, error) || !jr_person_erase(run->db, &order, error))
		return FALSE;
	run->rows[run->taken].person = order.person;
	return TRUE;
}

gboolean jr_keep_delete(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	return erase(run, rec, FALSE, error);
}

/* What must not be taken up again under @identity, as rows of the list. */
static guint barred_as(JrKeepRun *run, const JrIdentity *identity,
		       JrSuppress list[2])
{
	g_autofree char *name = g_strdup_printf(
		"%s:%s", jr_identity_name(identity->kind), identity->value);

	list[0] = (JrSuppress){ .kind = JR_SUPPRESS_IDENTITY,
				.value = jr_keep_text(run, name, -1) };
	list[1] = (JrSuppress){ .value = identity->value };
	if (identity->kind == JR_IDENTITY_PHONE)
		list[1].kind = JR_SUPPRESS_NUMBER;
	else if (identity->kind == JR_IDENTITY_EMAIL)
		list[1].kind = JR_SUPPRESS_EMAIL;
	else
		return 1;
	return 2;
}

gboolean jr_keep_suppress(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	JrSuppress list[2];
	guint n = barred_as(run, &rec->who, list);
	gboolean fresh;

	run->bars = run->number_bars = TRUE;
	if (!erase(run, rec, TRUE, error))
		return FALSE;
	for (guint i = 0; i < n; i++) {
		list[i].at_s = rec->at_ms / 1000;
		list[i].reason = "suppressed";
		if (!jr_suppress_add(run->db, &list[i], &fresh, error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_keep_unsuppress(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	JrSuppress list[2];
	guint n = barred_as(run, &rec->who, list);
	gboolean was;

	for (guint i = 0; i < n; i++)
		if (!jr_suppress_remove(run->db, &list[i], &was, error))
			return FALSE;
	return TRUE;
}
