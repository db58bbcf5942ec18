/* An attribute that is a name, too, is another now. */
#include "flow/ingest/keep_impl.h"

#include <string.h>

gboolean jr_keep_rename_email(JrKeepRun *run, JrWho *who, const char *old,
			      const JrVal *now, GError **error)
{
	g_autofree char *old_lower = old ? g_utf8_strdown(old, -1) : NULL;
	g_autofree char *new_lower = now && now->type == JR_VAL_TEXT
					     ? g_utf8_strdown(now->text, -1)
					     : NULL;
	JrIdentity identity = { .kind = JR_IDENTITY_EMAIL };
	JrWho *owner;

	if (g_strcmp0(old_lower, new_lower) == 0)
		return TRUE;
	if (old_lower) {
		identity.value = jr_keep_text(run, old_lower, -1);
		if (!jr_keep_flush(run, error) ||
		    !jr_person_unidentify(run->db, who->person, &identity,
					  error))
			return FALSE;
		jr_roster_unname(run->roster, &identity);
	}
	if (!new_lower)
		return TRUE;
	identity.value = jr_keep_text(run, new_lower, -1);
	if (!jr_roster_get(run->roster, &identity, &owner, error))
		return FALSE;
	if (!owner)
		jr_roster_name(run->roster, who, &identity);
	return TRUE;
}

/* Whether @who, who is written, is named by @number, not only texted at it. */
static gboolean is_named(JrKeepRun *run, const JrWho *who, const char *number,
			 gboolean *yes, GError **error)
{
	JrPersonAsk ask = { { JR_IDENTITY_PHONE, number }, 0 };

	if (!jr_people_find(run->db, &ask, 1, error))
		return FALSE;
	*yes = ask.person == who->person;
	return TRUE;
}

/*
 * Whom a number named is named by the new one, so that the old one, which may
 * be given to someone else, does not find them for ever.
 */
gboolean jr_keep_rename_phone(JrKeepRun *run, JrWho *who, const char *old,
			      const JrVal *now, GError **error)
{
	JrIdentity identity = { JR_IDENTITY_PHONE, old };
	JrPersonAsk ask;
	gboolean named;

	if (!old)
		return TRUE;
	if (!jr_keep_flush(run, error) ||
	    !is_named(run, who, old, &named, error))
		return FALSE;
	if (!named)
		return TRUE;
	if (!jr_person_unidentify(run->db, who->person, &identity, error))
		return FALSE;
	jr_roster_unname(run->roster, &identity);
	if (!now || now->type != JR_VAL_TEXT)
		return TRUE;
	identity.value = jr_keep_text(run, now->text, now->len);
	ask = (JrPersonAsk){ identity, 0 };
	if (!jr_people_find(run->db, &ask, 1, error))
		return FALSE;
	if (!ask.person)
		jr_roster_name(run->roster, who, &identity);
	return TRUE;
}
