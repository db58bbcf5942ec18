/* Taking an identify: who it is, what is known of them, what they agreed to. */
#include "flow/ingest/keep_impl.h"

#include <string.h>

typedef struct {
	JrKeepRun *run;
	const JrIngestRec *rec;
} Refused;

/* The e-mail that @rec's attributes give, as an identity; FALSE: none. */
static gboolean said_email(JrKeepRun *run, const JrIngestRec *rec,
			   JrIdentity *identity)
{
	const char *text = jr_val_get_text(rec->attributes, "email");

	if (!text || !strchr(text, '@'))
		return FALSE;
	g_autofree char *lower = g_utf8_strdown(text, -1);
	identity->kind = JR_IDENTITY_EMAIL;
	identity->value = jr_keep_text(run, lower, -1);
	return TRUE;
}

/* Whether all that @who, who is written, is known by is of kinds @kinds. */
static gboolean known_only_by(JrKeepRun *run, const JrWho *who, guint kinds,
			      gboolean *yes, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrIdentity));

	if (!jr_person_identities(run->db, who->person, run->arena, all, error))
		return FALSE;
	*yes = TRUE;
	for (guint i = 0; i < all->len; i++)
		if (!(kinds & 1u << g_array_index(all, JrIdentity, i).kind))
			*yes = FALSE;
	return TRUE;
}

/*
 * An id that nobody has, of someone whose address is known without an id, is
 * theirs: it names them from now on.
 */
static gboolean adopt(JrKeepRun *run, JrIngestRec *rec, JrWho **who,
		      GError **error)
{
	const guint nameless = 1u << JR_IDENTITY_EMAIL |
			       1u << JR_IDENTITY_PHONE |
			       1u << JR_IDENTITY_ANONYMOUS;
	JrIdentity email;
	gboolean barred, free = FALSE;

	*who = NULL;
	if (rec->who.kind != JR_IDENTITY_ID || !said_email(run, rec, &email))
		return TRUE;
	if (!jr_roster_get(run->roster, &email, who, error))
		return FALSE;
	if (!*who)
		return TRUE;
	if (!jr_keep_barred(run, &rec->who, &barred, error))
		return FALSE;
	if (barred) {
		*who = NULL;
		return TRUE;
	}
	/* Its names, perhaps given in this batch, are asked of the store. */
	if (!jr_keep_flush(run, error) ||
	    !known_only_by(run, *who, nameless, &free, error))
		return FALSE;
	if (!free) {
		*who = NULL;
		return TRUE;
	}
	jr_roster_want(run->roster, *who);
	if (!jr_roster_load(run->roster, error))
		return FALSE;
	jr_roster_name(run->roster, *who, &rec->who);
	run->whos[run->taken] = *who;
	return TRUE;
}

static gboolean find_or_make(JrKeepRun *run, JrIngestRec *rec, JrWho **who,
			     GError **error)
{
	/* Who has a number is asked of what is written. */
	if (rec->who.kind == JR_IDENTITY_PHONE &&
	    jr_roster_pending(run->roster) && !jr_keep_flush(run, error))
		return FALSE;
	if (!jr_roster_get(run->roster, &rec->who, who, error))
		return FALSE;
	if (!*who && !adopt(run, rec, who, error))
		return FALSE;
	return *who ? (run->whos[run->taken] = *who, TRUE)
		    : jr_keep_who(run, rec, who, error);
}

/* Who had the anonymous name is the same person, unless known otherwise. */
static gboolean link_anonymous(JrKeepRun *run, JrIngestRec *rec, JrWho **who,
			       GError **error)
{
	gboolean nameless;
	JrWho *other;

	if (!rec->other.kind)
		return TRUE;
	if (!jr_roster_get(run->roster, &rec->other, &other, error))
		return FALSE;
	if (!other) {
		jr_roster_name(run->roster, *who, &rec->other);
		return TRUE;
	}
	if (other == *who)
		return TRUE;
	if (!jr_keep_flush(run, error) ||
	    !known_only_by(run, other, 1u << JR_IDENTITY_ANONYMOUS, &nameless,
			   error))
		return FALSE;
	if (!nameless)
		return TRUE;
	return jr_keep_merge_people(run, (*who)->person, other->person,
				    error) &&
	       jr_keep_who(run, rec, who, error);
}

static void refused(gpointer user, const char *name, const char *why)
{
	const Refused *refusal = user;
	g_autofree char *field = g_strconcat("attributes.", name, NULL);

	jr_keep_refuse(refusal->run, refusal->rec, field, why);
}

/*
 * The address is a name, too.  FALSE in *@free: another person has it, and it
 * cannot be @who's.
 */
static gboolean check_email(JrKeepRun *run, const JrIngestRec *rec, JrWho *who,
			    gboolean *free, GError **error)
{
	JrIdentity email;
	JrWho *owner;

	*free = TRUE;
	if (!said_email(run, rec, &email))
		return TRUE;
	if (!jr_roster_get(run->roster, &email, &owner, error))
		return FALSE;
	*free = !owner || owner == who;
	if (!*free)
		jr_keep_refuse(run, rec, "attributes.email",
			       "another person has it: merge both, or write "
			       "another");
	return TRUE;
}

/* The attributes of @rec that are news of @who. */
static JrVal clean_update(JrKeepRun *run, const JrIngestRec *rec,
			  gboolean email_free, const GPtrArray *doubted)
{
	const JrVal *map = rec->attributes;
	guint32 most = map ? map->len : 0;
	JrMember *members = jr_keep_take(run, most * sizeof *members);
	Refused refusal = { run, rec };
	guint32 n = 0;

	for (guint32 i = 0; i < most; i++) {
		const JrMember *member = &map->members[i];
		const char *why = NULL;
		gboolean skip;
		JrVal val;

		if (!jr_keep_attribute(run, member, &val, &skip, &why))
			refused(&refusal, member->key, why);
		if (skip || why ||
		    (!email_free && g_str_equal(member->key, "email")))
			continue;
		for (guint d = 0; d < doubted->len; d++)
			skip |= g_str_equal(doubted->pdata[d], member->key);
		if (skip)
			continue;
		members[n] = *member;
		members[n++].val = val;
	}
	return (JrVal){ .type = JR_VAL_MAP, .len = n, .members = members };
}

/* What follows from attribute @name being another now. */
static gboolean follow(JrKeepRun *run, JrWho *who, const JrVal *update,
		       const char *name, const JrVal *before, GError **error)
{
	const JrVal *val = jr_val_get(update, name);

	if (g_str_has_suffix(name, "phone")) {
		who->number = TRUE;
		/* Another number brings no consent along. */
		if (!who->made) {
			jr_keep_mirror_later(run, JR_CHANNEL_SMS);
			jr_keep_mirror_later(run, JR_CHANNEL_WHATSAPP);
		}
		return !g_str_equal(name, "phone") ||
		       jr_keep_rename_phone(run, who,
					    jr_val_get_text(before, name), val,
					    error);
	} else if (g_str_equal(name, "timezone")) {
		who->data->zone = val->type == JR_VAL_TEXT ? val->text : NULL;
		who->dirty = TRUE;
	} else if (g_str_equal(name, "email")) {
		return jr_keep_rename_email(
			run, who, jr_val_get_text(before, name), val, error);
	}
	return TRUE;
}

static gboolean merge_update(JrKeepRun *run, const JrIngestRec *rec, JrWho *who,
			     const JrVal *update, GError **error)
{
	g_autoptr(GPtrArray) changed = g_ptr_array_new();
	Refused refusal = { run, rec };
	const JrAttrsReport report = { refused, &refusal, changed };
	const JrVal *before = NULL;

	/* Of whom nothing is known nothing can be another. */
	if (!g_str_equal(who->data->attributes, "{}") &&
	    (jr_val_get(update, "email") || jr_val_get(update, "phone"))) {
		before = jr_roster_values(run->roster, who->data->attributes,
					  error);
		if (!before)
			return FALSE;
	}
	if (!jr_roster_merge(run->roster, who, update, rec->at_ms, &report,
			     error))
		return FALSE;
	for (guint i = 0; i < changed->len; i++)
		if (!follow(run, who, update, changed->pdata[i], before, error))
			return FALSE;
	return TRUE;
}

/* An id among the attributes names who is known by something else. */
static gboolean name_id(JrKeepRun *run, const JrIngestRec *rec, JrWho *who,
			GError **error)
{
	const char *id = jr_val_get_text(rec->attributes, "id");
	const JrIdentity identity = { JR_IDENTITY_ID, id };
	JrWho *owner;

	if (!id || !*id || rec->who.kind == JR_IDENTITY_ID)
		return TRUE;
	if (!jr_roster_get(run->roster, &identity, &owner, error))
		return FALSE;
	if (!owner)
		jr_roster_name(run->roster, who, &identity);
	else if (owner != who)
		jr_keep_refuse(run, rec, "attributes.id",
			       "another person has it: merge both");
	return TRUE;
}

gboolean jr_keep_identify(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	g_autoptr(GPtrArray) doubted = g_ptr_array_new();
	gboolean email_free;
	JrWho *who;
	JrVal update;

	if (rec->data.text)
		rec->attributes = jr_roster_again(run->roster, rec->data.text,
						  rec->data.len);
	if (!find_or_make(run, rec, &who, error))
		return FALSE;
	if (!who) {
		rec->kept = JR_KEPT_IGNORED;
		run->rows[run->taken].fresh = FALSE;
		return TRUE;
	}
	if (!link_anonymous(run, rec, &who, error))
		return FALSE;
	jr_roster_want(run->roster, who);
	if (!jr_roster_load(run->roster, error) ||
	    !name_id(run, rec, who, error) ||
	    !jr_keep_claims(run, rec, who, doubted, error) ||
	    !check_email(run, rec, who, &email_free, error))
		return FALSE;
	jr_keep_wishes(run, rec);
	update = clean_update(run, rec, email_free, doubted);
	return merge_update(run, rec, who, &update, error);
}
