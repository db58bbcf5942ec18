#include "flow/segment/list.h"
#include "base/error.h"
#include "io/file.h"

#include <string.h>

#define FILE_BYTES ((gsize)64 * 1024 * 1024)
#define NAME_MAX_BYTES 150 /* as long as an id can be */
#define ASKS 5000	   /* at once */
/* What Windows begins texts with. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct _JrSegmentList {
	char *text;	    /* of the file; its lines are cut to names */
	GHashTable *ids;    /* names, in text */
	GHashTable *emails; /* those with an @, in small letters; owned */
	char digest[JR_SHA256_SIZE];
};

/* Cut what begins with # from the end of @line, then blanks from both. */
static char *cut_line(char *line)
{
	char *comment = line;

	while ((comment = strchr(comment, '#')) && comment > line &&
	       !g_ascii_isspace(comment[-1]))
		comment++;
	if (comment)
		*comment = '\0';
	return g_strstrip(line);
}

/* An address is known by its small letters, and may be an id as well. */
static void add_name(JrSegmentList *list, char *name)
{
	if (strchr(name, '@'))
		g_hash_table_add(list->emails, g_utf8_strdown(name, -1));
	g_hash_table_add(list->ids, name);
}

static gboolean check_name(const char *path, guint line, const char *name,
			   GError **error)
{
	const char *why = NULL;

	if (!g_utf8_validate(name, -1, NULL))
		why = "not UTF-8";
	else if (strlen(name) > NAME_MAX_BYTES)
		why = "longer than an id can be";
	else if (strpbrk(name, ",;\t"))
		why = "more than an id or an e-mail address: write one on "
		      "each line";
	if (!why)
		return TRUE;
	g_set_error_literal(error, JR_ERROR, JR_ERROR_CONFIG, why);
	jr_error_at(error, path, line, 0);
	return FALSE;
}

static gboolean read_lines(JrSegmentList *list, const char *path,
			   GError **error)
{
	g_autoptr(GChecksum) digest = g_checksum_new(G_CHECKSUM_SHA256);
	char *line = list->text;

	if (g_str_has_prefix(line, BYTE_ORDER_MARK))
		line += strlen(BYTE_ORDER_MARK);
	for (guint number = 1; line; number++) {
		char *end = strchr(line, '\n'), *name;

		if (end)
			*end++ = '\0';
		name = cut_line(line);
		line = end;
		if (!*name)
			continue;
		if (!check_name(path, number, name, error))
			return FALSE;
		add_name(list, name);
		g_checksum_update(digest, (const guchar *)name,
				  (gssize)strlen(name) + 1);
	}
	g_strlcpy(list->digest, g_checksum_get_string(digest),
		  sizeof list->digest);
	return TRUE;
}

JrSegmentList *jr_segment_list_parse(char *text, gsize len, const char *path,
				     GError **error)
{
	g_autoptr(JrSegmentList) list = g_new0(JrSegmentList, 1);

	list->text = text;
	list->ids = g_hash_table_new(g_str_hash, g_str_equal);
	list->emails =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (strlen(text) != len) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "%s: a NUL is in it: write a text", path);
		return NULL;
	}
	return read_lines(list, path, error) ? g_steal_pointer(&list) : NULL;
}

JrSegmentList *jr_segment_list_load(const char *path, GError **error)
{
	gsize len;
	char *text = jr_file_read(path, FILE_BYTES, &len, error);

	return text ? jr_segment_list_parse(text, len, path, error) : NULL;
}

void jr_segment_list_free(JrSegmentList *list)
{
	if (!list)
		return;
	g_hash_table_unref(list->ids);
	g_hash_table_unref(list->emails);
	g_free(list->text);
	g_free(list);
}

const char *jr_segment_list_digest(const JrSegmentList *list)
{
	return list->digest;
}

gboolean jr_segment_list_has(const JrSegmentList *list,
			     const JrIdentity *identity)
{
	switch (identity->kind) {
	case JR_IDENTITY_ID:
		return g_hash_table_contains(list->ids, identity->value);
	case JR_IDENTITY_EMAIL:
		return g_hash_table_contains(list->emails, identity->value);
	case JR_IDENTITY_PHONE:
	case JR_IDENTITY_ANONYMOUS:
	case JR_IDENTITY_CIO_ID:
		break;
	}
	return FALSE;
}

static gboolean find(JrDb *db, GArray *asks, GArray *people, GError **error)
{
	if (!jr_people_find(db, (JrPersonAsk *)asks->data, asks->len, error))
		return FALSE;
	for (guint i = 0; i < asks->len; i++) {
		gint64 person = g_array_index(asks, JrPersonAsk, i).person;

		if (person)
			g_array_append_val(people, person);
	}
	g_array_set_size(asks, 0);
	return TRUE;
}

static gboolean find_all(GHashTable *names, JrIdentityKind kind, JrDb *db,
			 GArray *people, GError **error)
{
	g_autoptr(GArray) asks = g_array_new(FALSE, FALSE, sizeof(JrPersonAsk));
	GHashTableIter at;
	gpointer name;

	g_hash_table_iter_init(&at, names);
	while (g_hash_table_iter_next(&at, &name, NULL)) {
		const JrPersonAsk ask = { { kind, name }, 0 };

		g_array_append_val(asks, ask);
		if (asks->len == ASKS && !find(db, asks, people, error))
			return FALSE;
	}
	return find(db, asks, people, error);
}

static int by_number(gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

	return x < y ? -1 : x > y;
}

gboolean jr_segment_list_people(const JrSegmentList *list, JrDb *db,
				GArray *people, GError **error)
{
	guint n = 0;

	if (!find_all(list->ids, JR_IDENTITY_ID, db, people, error) ||
	    !find_all(list->emails, JR_IDENTITY_EMAIL, db, people, error))
		return FALSE;
	g_array_sort(people, by_number);
	for (guint i = 0; i < people->len; i++) {
		gint64 person = g_array_index(people, gint64, i);

		if (n == 0 || g_array_index(people, gint64, n - 1) != person)
			g_array_index(people, gint64, n++) = person;
	}
	g_array_set_size(people, n);
	return TRUE;
}
