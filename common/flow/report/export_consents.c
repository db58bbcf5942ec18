/* What someone agreed to, with its proof, and what of them is suppressed. */
#include "flow/report/export_impl.h"
#include "store/consents.h"
#include "store/people.h"
#include "store/suppress.h"

#include <string.h>

static void put_text(const char *key, const char *text, GString *out)
{
	if (!text || !*text)
		return;
	jr_export_key(key, strlen(key), out);
	jr_val_write_text(text, strlen(text), out);
}

static void put_at(const char *key, gint64 at_s, GString *out)
{
	jr_export_key(key, strlen(key), out);
	jr_export_instant(at_s, out);
}

static void write_consent(const JrConsent *one, GString *out)
{
	g_string_append_printf(out,
			       "\"row\":%" G_GINT64_FORMAT ",\"agreed\":%s",
			       one->row, one->in ? "true" : "false");
	put_text("channel", jr_channel_name(one->channel), out);
	put_text("number", one->number, out);
	put_text("scope", one->scope, out);
	put_at("at", one->at_s, out);
	put_at("recorded_at", one->recorded_s, out);
	put_text("method", one->method, out);
	put_text("ip", one->ip, out);
	put_text("user_agent", one->agent, out);
	put_text("source", one->source, out);
	put_text("text", one->disclosure, out);
	put_text("text_sha256", one->disclosure_sha, out);
	if (one->evidence) {
		jr_export_key("evidence", strlen("evidence"), out);
		g_string_append(out, one->evidence);
	}
	put_text("hash", one->hash, out);
}

static gboolean put_consent(const JrConsent *one, gpointer user)
{
	JrExport *export = user;
	g_autoptr(GString) data = g_string_new("{");

	write_consent(one, data);
	g_string_append_c(data, '}');
	jr_export_put(export, "consent", data);
	return TRUE;
}

/* Rows of a number are of whoever had it; those of nobody are ours. */
static gboolean put_nobodys(const JrConsent *one, gpointer user)
{
	return one->person != 0 || put_consent(one, user);
}

static gboolean put_suppressed(JrExport *export, JrSuppressKind kind,
			       const char *value, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 20);
	JrSuppress ask = { .kind = kind, .value = value };
	g_autoptr(GString) data = g_string_new("{");
	gboolean yes;

	if (!jr_suppress_has(export->flow->db, &ask, arena, &yes, error))
		return FALSE;
	if (!yes)
		return TRUE;
	put_text("value", value, data);
	put_at("at", ask.at_s, data);
	put_text("reason", ask.reason, data);
	put_text("source", ask.source, data);
	g_string_append_c(data, '}');
	jr_export_put(export, "suppression", data);
	return TRUE;
}

static gboolean put_numbers(JrExport *export, JrArena *arena, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrNumber));
	const char *before = NULL;

	if (!jr_person_numbers(export->flow->db, export->person, arena, all,
			       error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrNumber *one = &g_array_index(all, JrNumber, i);
		const JrConsentQuery query = { .number = one->number };

		if (g_strcmp0(before, one->number) == 0)
			continue;
		before = one->number;
		if (!jr_consent_each(export->flow->db, &query, put_nobodys,
				     export, error) ||
		    !put_suppressed(export, JR_SUPPRESS_NUMBER, one->number,
				    error))
			return FALSE;
	}
	return TRUE;
}

/* An address is on the list as such, a name with its kind before it. */
static gboolean put_names(JrExport *export, JrArena *arena, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrIdentity));

	if (!jr_person_identities(export->flow->db, export->person, arena, all,
				  error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrIdentity *one = &g_array_index(all, JrIdentity, i);
		g_autofree char *name = g_strconcat(jr_identity_name(one->kind),
						    ":", one->value, NULL);

		if ((one->kind == JR_IDENTITY_EMAIL &&
		     !put_suppressed(export, JR_SUPPRESS_EMAIL, one->value,
				     error)) ||
		    !put_suppressed(export, JR_SUPPRESS_IDENTITY, name, error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_export_consents(JrExport *export, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(16 << 20);
	const JrConsentQuery query = { .person = export->person };

	return jr_consent_each(export->flow->db, &query, put_consent, export,
			       error) &&
	       put_numbers(export, arena, error) &&
	       put_names(export, arena, error);
}
