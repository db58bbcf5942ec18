#include "flow/format/format.h"
#include "base/error.h"
#include "base/hash.h"
#include "io/json.h"

#include <string.h>

#define CONTENT_ID_BYTES 32 /* hex digits of a SHA-256 */

/* In the order in which shapes are tried: what is frequent comes first. */
static const JrFormat *const formats[] = {
	&jr_format_entity,	&jr_format_segment,    &jr_format_report,
	&jr_format_batch,	&jr_format_twilio,     &jr_format_telnyx,
	&jr_format_messagebird, &jr_format_customerio, &jr_format_track,
	&jr_format_pass,	&jr_format_clf,	       &jr_format_csv,
};

char *jr_format_names(void)
{
	GString *names = g_string_new("auto");

	for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
		g_string_append_printf(names, ", %s", formats[i]->name);
	return g_string_free(names, FALSE);
}

gboolean jr_format_find(const char *name, const JrFormat **format,
			GError **error)
{
	g_autofree char *names = NULL;

	*format = NULL;
	if (g_str_equal(name, "auto"))
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
		if (g_str_equal(name, formats[i]->name))
			*format = formats[i];
	if (*format)
		return TRUE;
	names = jr_format_names();
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "unknown format '%s': write one of %s", name, names);
	return FALSE;
}

/*
 * The name of a record that brings none: made of its bytes.  One that sets a
 * state and does not say when is an order for now: the same bytes at another
 * second are another order, else a value set, changed and set back would stay
 * changed.
 */
const char *jr_line_content_id(JrFormatLine *line, const JrIngestRec *rec,
			       JrSlice content, guint place)
{
	gboolean happened = rec->action == JR_INGEST_EVENT ||
			    rec->action == JR_INGEST_PAGE ||
			    rec->action == JR_INGEST_SCREEN;
	char sha[JR_SHA256_SIZE];

	jr_sha256(content.text, content.len, sha);
	sha[CONTENT_ID_BYTES] = '\0';
	if (rec->timed || happened)
		return place == 0 ? jr_line_keep(line, sha, CONTENT_ID_BYTES)
				  : jr_line_printf(line, "%s.%u", sha, place);
	return jr_line_printf(line, "%s.%u@%" G_GINT64_FORMAT, sha, place,
			      line->setup->when_ms / 1000);
}

static const JrFormat *recognise(const JrFormatLine *line)
{
	if (line->val->type != JR_VAL_MAP)
		return NULL;
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
		if (formats[i]->is && formats[i]->is(line->val))
			return formats[i];
	return NULL;
}

gboolean jr_format_read(JrFormatLine *line, const JrFormat *format)
{
	guint before = line->recs->len;

	if (!format)
		format = recognise(line);
	if (!format)
		return jr_line_refuse(line, "type",
				      "no known form: see jr-records(5)");
	if (!format->text && (!line->val || line->val->type != JR_VAL_MAP))
		return jr_line_refuse(line, NULL, "not an object");
	if (format->text &&
	    (memchr(line->raw.text, 0, line->raw.len) ||
	     !g_utf8_validate(line->raw.text, (gssize)line->raw.len, NULL)))
		return jr_line_refuse(line, NULL, "not UTF-8");
	if (format->is && !format->is(line->val) &&
	    !(format->may && format->may(line->val)))
		return jr_line_refuse(line, NULL,
				      "not of the form %s: see jr-records(5)",
				      format->name);
	if (!format->read(line)) {
		g_array_set_size(line->recs, before);
		return FALSE;
	}
	for (guint i = before; i < line->recs->len; i++) {
		JrIngestRec *rec = &g_array_index(line->recs, JrIngestRec, i);

		if (!rec->id && rec->action != JR_INGEST_PASS)
			rec->id = jr_line_content_id(line, rec, rec->raw,
						     i - before);
	}
	return TRUE;
}

/* A record goes out as one line, and its slices with it. */
static char *in_one_line(const JrVal *val)
{
	GString *json = g_string_new(NULL);

	jr_val_write(val, json);
	return g_string_free(json, FALSE);
}

gboolean jr_line_enter(JrFormatLine *line, const char *field, const char *text,
		       gsize len)
{
	g_autoptr(GError) why = NULL;
	const JrVal *val = jr_json_parse(line->arena, text, len, &why);

	if (!val)
		return jr_line_refuse(line, field, "%s", why->message);
	if (val->type != JR_VAL_MAP)
		return jr_line_refuse(line, field, "%s: write an object",
				      jr_val_type_name(val));
	if (memchr(text, '\n', len) || memchr(text, '\r', len)) {
		g_autofree char *flat = in_one_line(val);

		len = strlen(flat);
		line->base = jr_line_keep(line, flat, len);
		val = jr_json_parse(line->arena, line->base, len, NULL);
		g_assert(val);
	} else {
		line->base = jr_line_keep(line, text, len);
	}
	line->val = val;
	line->raw = (JrSlice){ line->base, len };
	return TRUE;
}

JrIngestRec *jr_line_add(JrFormatLine *line, JrIngestAction action)
{
	const JrIngestRec rec = {
		.action = action,
		.line = line->number,
		.raw = line->raw,
		.at_ms = line->setup->when_ms,
	};

	g_array_append_val(line->recs, rec);
	return &g_array_index(line->recs, JrIngestRec, line->recs->len - 1);
}

const char *jr_line_keep(JrFormatLine *line, const char *text, gsize len)
{
	const char *copy = jr_arena_text(line->arena, text, len);

	/* A batch is bounded in bytes, and what is made of it by them. */
	g_assert(copy);
	return copy;
}

const char *jr_line_printf(JrFormatLine *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	return jr_line_keep(line, text, strlen(text));
}

gboolean jr_line_refuse(JrFormatLine *line, const char *field,
			const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	line->field = field ? jr_line_keep(line, field, strlen(field)) : NULL;
	line->reason = jr_line_keep(line, text, strlen(text));
	return FALSE;
}

JrSlice jr_line_slice(const JrFormatLine *line, const JrVal *val)
{
	if (!val)
		return (JrSlice){ 0 };
	return (JrSlice){ line->base + val->offset, val->bytes };
}
