#include "flow/count_lines.h"
#include "base/error.h"
#include "rules/sms.h"

#include <string.h>

/* What the answer gives itself. */
static const char *const own[] = { "text",     "encoding", "units",
				   "segments", "error",	   NULL };

static void add_key(GString *out, const char *key)
{
	if (out->len > 1)
		g_string_append_c(out, ',');
	jr_val_write_text(key, strlen(key), out);
	g_string_append_c(out, ':');
}

/* The members of @question that come back as they are. */
static void add_others(GString *out, const JrVal *question)
{
	for (guint i = 0; question && i < question->len; i++) {
		const JrMember *member = &question->members[i];

		if (g_strv_contains(own, member->key))
			continue;
		add_key(out, member->key);
		jr_val_write(&member->val, out);
	}
}

static void add_count(GString *out, const char *text, gboolean smart)
{
	g_autofree char *plain = smart ? jr_sms_smart_always(text) : NULL;
	JrSmsCount count = jr_sms_count(plain ? plain : text);

	add_key(out, "encoding");
	g_string_append_printf(out, "\"%s\",\"units\":%u,\"segments\":%u",
			       jr_sms_encoding_name(count.encoding),
			       count.units, count.segments);
}

/* The text of @record; NULL and the reason. */
static const char *text_of(const JrRecord *record, GError **error)
{
	const char *text = jr_val_get_text(record->val, "text");

	if (!record->val)
		g_propagate_error(error, g_error_copy(record->why));
	else if (!text)
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "there is no text: write 'text'");
	return text;
}

/* Whether @record was a question. */
static gboolean answer(GString *out, const JrRecord *record, gboolean smart)
{
	g_autoptr(GError) why = NULL;
	const char *text = text_of(record, &why);

	g_string_assign(out, "{");
	add_others(out, record->val);
	if (text) {
		add_count(out, text, smart);
	} else {
		add_key(out, "error");
		jr_val_write_text(why->message, strlen(why->message), out);
	}
	g_string_append_c(out, '}');
	return text != NULL;
}

gboolean jr_count_lines(JrReader *reader, JrWriter *out, gboolean smart,
			guint *wrong, GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);
	JrRecord record;
	JrRead read;

	*wrong = 0;
	while ((read = jr_reader_next(reader, &record, error)) ==
		       JR_READ_RECORD ||
	       read == JR_READ_BAD) {
		*wrong += !answer(line, &record, smart);
		if (!jr_writer_line(out, line->str, line->len, error))
			return FALSE;
		jr_reader_release(reader);
		if (!jr_reader_ready(reader, 0) && !jr_writer_flush(out, error))
			return FALSE;
	}
	return read == JR_READ_END && jr_writer_flush(out, error);
}
