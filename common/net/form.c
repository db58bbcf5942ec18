#include "net/form.h"
#include "base/error.h"

#include <string.h>

void jr_form_add(GString *form, const char *name, const char *value)
{
	g_autofree char *n = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *v = g_uri_escape_string(value, NULL, FALSE);

	g_string_append_printf(form, "%s%s=%s", form->len > 0 ? "&" : "", n, v);
}

/* @len bytes of @text without their escapes; NULL where they are wrong. */
static char *unescape(const char *text, gsize len)
{
	g_autofree char *copy = g_strndup(text, len);
	g_autofree char *plain = NULL;

	for (char *c = copy; *c; c++)
		if (*c == '+')
			*c = ' ';
	plain = g_uri_unescape_string(copy, NULL);
	if (!plain || !g_utf8_validate(plain, -1, NULL))
		return NULL;
	return g_steal_pointer(&plain);
}

static void clear_field(gpointer data)
{
	JrFormField *field = data;

	g_free(field->name);
	g_free(field->value);
}

/* Read @len bytes of @text, one "name=value", into @field. */
static gboolean read_field(const char *text, gsize len, JrFormField *field)
{
	const char *is = memchr(text, '=', len);
	gsize name = is ? (gsize)(is - text) : len;

	field->name = unescape(text, name);
	field->value = is ? unescape(is + 1, len - name - 1) : g_strdup("");
	return field->name && field->value;
}

GArray *jr_form_parse(const char *text, gsize len, guint max, GError **error)
{
	g_autoptr(GArray) fields =
		g_array_new(FALSE, TRUE, sizeof(JrFormField));
	const char *end = text + len;
	const char *fault = NULL;

	g_array_set_clear_func(fields, clear_field);
	if (memchr(text, '\0', len))
		fault = "has a NUL";
	while (text < end && !fault) {
		const char *stop = memchr(text, '&', end - text);
		gsize part = (stop ? stop : end) - text;

		if (fields->len >= max)
			fault = "has too many fields";
		else if (part > 0) {
			JrFormField field = { 0 };

			if (!read_field(text, part, &field))
				fault = "has an escape that is none, or is not "
					"UTF-8";
			g_array_append_val(fields, field);
		}
		text += part + 1;
	}
	if (!fault)
		return g_steal_pointer(&fields);
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "the form %s: write application/x-www-form-urlencoded",
		    fault);
	return NULL;
}

const char *jr_form_get(const GArray *fields, const char *name)
{
	for (guint i = 0; i < fields->len; i++) {
		const JrFormField *field =
			&g_array_index(fields, JrFormField, i);

		if (strcmp(field->name, name) == 0)
			return field->value;
	}
	return NULL;
}
