/* What formats are made of: fields, read and checked. */
#include "base/instant.h"
#include "flow/format/format.h"
#include "rules/phone.h"

#include <string.h>

#define NAME_MAX_BYTES 100    /* of an event, page or screen */
#define ID_MAX_BYTES 150      /* of a person */
#define OWN_ID_MAX_BYTES 200  /* of a record */
#define DATA_MAX_BYTES 100000 /* of attributes or properties */

gboolean jr_line_instant(const JrVal *val, gint64 *ms)
{
	const gint64 longest_s = G_GINT64_CONSTANT(99999999999);

	switch (val->type) {
	case JR_VAL_INT:
		*ms = val->num > longest_s ? val->num : val->num * 1000;
		return val->num >= 0 && *ms / 1000 <= longest_s;
	case JR_VAL_REAL:
		if (!(val->real >= 0 && val->real <= 1e14))
			return FALSE;
		*ms = (gint64)(val->real > (double)longest_s ? val->real
							     : val->real * 1e3);
		return TRUE;
	case JR_VAL_TEXT:
		return jr_instant_parse(val->text, NULL, ms, NULL);
	case JR_VAL_NULL:
	case JR_VAL_BOOL:
	case JR_VAL_LIST:
	case JR_VAL_MAP:
		break;
	}
	return FALSE;
}

gboolean jr_line_past(JrFormatLine *line, const char *field, gint64 *ms)
{
	gint64 now_ms = line->setup->now_ms;

	if (*ms < 0)
		return jr_line_refuse(line, field,
				      "before 1970: write when it happened");
	if (*ms > now_ms + JR_FORMAT_SKEW_MS)
		return jr_line_refuse(line, field,
				      "in the future by %" G_GINT64_FORMAT
				      " s: write when it happened, in UTC",
				      (*ms - now_ms) / 1000);
	*ms = MIN(*ms, now_ms);
	return TRUE;
}

gboolean jr_line_time(JrFormatLine *line, const char *field, const JrVal *val,
		      gint64 *ms)
{
	if (!jr_line_instant(val, ms))
		return jr_line_refuse(line, field,
				      "no instant: write seconds since 1970 or "
				      "2026-11-23T06:40:00Z");
	return jr_line_past(line, field, ms);
}

gboolean jr_line_at(JrFormatLine *line, JrIngestRec *rec, const char *field,
		    const JrVal *val)
{
	if (jr_val_is_null(val))
		return TRUE;
	rec->timed = TRUE;
	return jr_line_time(line, field, val, &rec->at_ms);
}

gboolean jr_line_text(JrFormatLine *line, const JrFormatText *want,
		      const JrVal *val, const char **text)
{
	const char *start;
	gsize len;

	if (jr_val_is_null(val))
		return jr_line_refuse(line, want->field,
				      "missing: write a text");
	if (val->type != JR_VAL_TEXT)
		return jr_line_refuse(line, want->field,
				      "%s: write a text in quotes",
				      jr_val_type_name(val));
	start = val->text;
	len = val->len;
	while (want->trim && len > 0 && g_ascii_isspace(start[0]))
		start++, len--;
	while (want->trim && len > 0 && g_ascii_isspace(start[len - 1]))
		len--;
	if (len == 0)
		return jr_line_refuse(line, want->field, "empty");
	if (len > want->max)
		return jr_line_refuse(line, want->field,
				      "longer than %zu bytes", want->max);
	*text = jr_line_keep(line, start, len);
	return TRUE;
}

gboolean jr_line_name(JrFormatLine *line, JrIngestRec *rec, const char *field,
		      const JrVal *val)
{
	const JrFormatText want = { field, NAME_MAX_BYTES, TRUE };

	return jr_line_text(line, &want, val, &rec->name);
}

gboolean jr_line_map(JrFormatLine *line, const char *field, const JrVal *val,
		     JrSlice *map)
{
	if (jr_val_is_null(val))
		return TRUE;
	if (val->type != JR_VAL_MAP)
		return jr_line_refuse(line, field, "%s: write an object",
				      jr_val_type_name(val));
	if (val->bytes > DATA_MAX_BYTES)
		return jr_line_refuse(line, field, "longer than %d bytes",
				      DATA_MAX_BYTES);
	*map = jr_line_slice(line, val);
	return TRUE;
}

gboolean jr_line_own_id(JrFormatLine *line, JrIngestRec *rec, const char *field,
			const JrVal *val)
{
	const JrFormatText want = { field, OWN_ID_MAX_BYTES, FALSE };

	if (jr_val_is_null(val))
		return TRUE;
	if (val->type == JR_VAL_INT) {
		rec->id = jr_line_printf(line, "%" G_GINT64_FORMAT, val->num);
		return TRUE;
	}
	return jr_line_text(line, &want, val, &rec->id);
}

static gboolean email_identity(JrFormatLine *line, const char *field,
			       const JrVal *val, JrIdentity *identity)
{
	const JrFormatText want = { field, ID_MAX_BYTES, TRUE };
	const char *text;

	if (!jr_line_text(line, &want, val, &text))
		return FALSE;
	if (!strchr(text, '@'))
		return jr_line_refuse(line, field, "no e-mail address");
	g_autofree char *lower = g_utf8_strdown(text, -1);
	identity->value = jr_line_keep(line, lower, strlen(lower));
	return TRUE;
}

static gboolean phone_identity(JrFormatLine *line, const char *field,
			       const JrVal *val, JrIdentity *identity)
{
	const JrFormatText want = { field, ID_MAX_BYTES, TRUE };
	g_autoptr(GError) why = NULL;
	char number[JR_PHONE_SIZE];
	const char *text;

	if (!jr_line_text(line, &want, val, &text))
		return FALSE;
	if (!jr_phone_normalize(text, line->setup->country, number, &why))
		return jr_line_refuse(line, field, "%s", why->message);
	identity->value = jr_line_keep(line, number, strlen(number));
	return TRUE;
}

gboolean jr_line_identity(JrFormatLine *line, const char *field,
			  JrIdentityKind kind, const JrVal *val,
			  JrIdentity *identity)
{
	const JrFormatText want = { field, ID_MAX_BYTES, FALSE };

	identity->kind = kind;
	switch (kind) {
	case JR_IDENTITY_EMAIL:
		return email_identity(line, field, val, identity);
	case JR_IDENTITY_PHONE:
		return phone_identity(line, field, val, identity);
	case JR_IDENTITY_ID:
	case JR_IDENTITY_ANONYMOUS:
	case JR_IDENTITY_CIO_ID:
		break;
	}
	/* Databases number their people; JSON writers forget the quotes. */
	if (val && val->type == JR_VAL_INT) {
		identity->value =
			jr_line_printf(line, "%" G_GINT64_FORMAT, val->num);
		return TRUE;
	}
	return jr_line_text(line, &want, val, &identity->value);
}

gboolean jr_line_identifiers(JrFormatLine *line, const char *field,
			     const JrVal *val, JrIdentity *identity)
{
	const JrVal *found = NULL;

	if (!val || val->type != JR_VAL_MAP)
		return jr_line_refuse(line, field,
				      "missing: write {\"id\":\"…\"}");
	for (int kind = 1; kind <= JR_IDENTITY_LAST; kind++) {
		const JrVal *one = jr_val_get(val, jr_identity_name(kind));

		if (jr_val_is_null(one))
			continue;
		if (found)
			return jr_line_refuse(
				line, field,
				"names a person twice: write exactly one of "
				"id, email, phone, cio_id");
		found = one;
		identity->kind = kind;
	}
	if (!found)
		return jr_line_refuse(line, field,
				      "names nobody: write exactly one of id, "
				      "email, phone, cio_id");
	if (jr_line_identity(line, field, identity->kind, found, identity))
		return TRUE;
	line->field = jr_line_printf(line, "%s.%s", field,
				     jr_identity_name(identity->kind));
	return FALSE;
}
