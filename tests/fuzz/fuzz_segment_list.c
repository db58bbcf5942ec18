/* A list of people in a file is anyone's: it is refused, with a place, or names
 * those who stand on its lines and nobody else. */
#include "base/error.h"
#include "flow/segment/list.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The name on a line as whoever reads it sees it: up to the end, or to a # that
 * begins the line or stands behind a blank; NULL: none.  Owned. */
static char *name_on(const char *line)
{
	gsize len = 0;

	while (line[len] && (line[len] != '#' ||
			     (len > 0 && !strchr(" \t\r\f", line[len - 1]))))
		len++;
	return g_strstrip(g_strndup(line, len));
}

static gboolean has(const JrSegmentList *list, JrIdentityKind kind,
		    const char *value)
{
	const JrIdentity identity = { kind, value };

	return jr_segment_list_has(list, &identity);
}

static void check_line(const JrSegmentList *list, const char *line)
{
	g_autofree char *name = name_on(line);
	g_autofree char *small = g_utf8_strdown(name, -1);
	g_autofree char *more = g_strconcat(name, "\n", NULL);

	g_assert(g_utf8_validate(name, -1, NULL));
	g_assert(has(list, JR_IDENTITY_ID, name) == (*name != '\0'));
	g_assert(has(list, JR_IDENTITY_EMAIL, small) == !!strchr(name, '@'));
	g_assert(!has(list, JR_IDENTITY_ID, more));
	g_assert(!has(list, JR_IDENTITY_PHONE, name));
}

/* The names one by one are the same list: what does not count does not. */
static void check_digest(const JrSegmentList *list, char **lines)
{
	g_autoptr(GString) plain = g_string_new("#\n");
	g_autoptr(JrSegmentList) again = NULL;
	gsize len;

	for (char **line = lines; *line; line++) {
		g_autofree char *name = name_on(*line);

		if (*name)
			g_string_append_printf(plain, "%s\n", name);
	}
	len = plain->len;
	again = jr_segment_list_parse(g_strdup(plain->str), len, "f", NULL);
	g_assert(again && g_str_equal(jr_segment_list_digest(list),
				      jr_segment_list_digest(again)));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	char *text = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(JrSegmentList) list = NULL;
	g_auto(GStrv) lines = NULL;

	/* g_strndup() ends at a NUL, and the rest of its bytes are 0. */
	memcpy(text, data, size);
	list = jr_segment_list_parse(text, size, "f", &error);
	g_assert(!list == !!error);
	if (error) {
		g_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG) &&
			 g_str_has_prefix(error->message, "f:") &&
			 g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	text = g_strndup((const char *)data, size);
	lines = g_strsplit(g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3
								  : text,
			   "\n", -1);
	g_free(text);
	for (char **line = lines; *line; line++)
		check_line(list, *line);
	check_digest(list, lines);
	return 0;
}
