#include "base/val.h"

#include <math.h>
#include <string.h>

/* From here on members are found by hash, so that no record is slow. */
#define MANY_MEMBERS 32

const JrVal jr_val_null = { .type = JR_VAL_NULL };

const JrVal *jr_val_get_len(const JrVal *map, const char *key, gsize len)
{
	if (!map || map->type != JR_VAL_MAP)
		return NULL;
	for (guint32 i = 0; i < map->len; i++) {
		const JrMember *member = &map->members[i];

		if (member->key_len == len &&
		    memcmp(member->key, key, len) == 0)
			return &member->val;
	}
	return NULL;
}

const JrVal *jr_val_get(const JrVal *map, const char *key)
{
	return jr_val_get_len(map, key, strlen(key));
}

/* Longer keys are tried first: a key with dots wins over nesting. */
static const JrVal *find_path(const JrVal *map, const char *path, gsize len)
{
	gsize head = len;

	while (head > 0) {
		const JrVal *val = jr_val_get_len(map, path, head);

		if (val && head == len)
			return val;
		if (val)
			val = find_path(val, path + head + 1, len - head - 1);
		if (val)
			return val;
		do
			head--;
		while (head > 0 && path[head] != '.');
	}
	return NULL;
}

const JrVal *jr_val_path(const JrVal *map, const char *path)
{
	return find_path(map, path, strlen(path));
}

const char *jr_val_get_text(const JrVal *map, const char *key)
{
	const JrVal *val = jr_val_get(map, key);

	return val && val->type == JR_VAL_TEXT ? val->text : NULL;
}

const char *jr_val_lines(const JrVal *val)
{
	g_assert(val->type == JR_VAL_TEXT);
	/* They stand behind the text and its NUL. */
	return val->has_lines ? val->text + val->len + 1 : val->text;
}

const char *jr_val_escaped(const JrVal *val)
{
	g_assert(val->type == JR_VAL_TEXT);
	return val->has_escapes ? val->text + val->len + 1 : NULL;
}

/* Bytes of the letter at @at, which may be escaped by YAML. */
static gsize letter_bytes(const char *at)
{
	static const struct {
		char letter;
		gsize bytes;
	} codes[] = { { 'x', 4 }, { 'u', 6 }, { 'U', 10 } };

	if (*at == '\'' && at[1] == '\'')
		return 2;
	if (*at != '\\' || !at[1])
		return (gsize)(g_utf8_next_char(at) - at);
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i].letter == at[1])
			return MIN(codes[i].bytes, strlen(at));
	return 1 + (gsize)(g_utf8_next_char(at + 1) - (at + 1));
}

void jr_val_step(const char **text, const char **source, gboolean escapes)
{
	const char *at = *source;
	gboolean joins =
		escapes && *at == '\\' && at[1] && strchr("\r\n", at[1]);
	gsize blanks = strspn(at + joins, " \t\r\n");

	if (memchr(at, '\n', joins + blanks)) {
		*source += joins + blanks;
		if (!joins)
			*text += strspn(*text, " \t\r\n");
		return;
	}
	*source +=
		escapes ? letter_bytes(at) : (gsize)(g_utf8_next_char(at) - at);
	*text = g_utf8_next_char(*text);
}

gboolean jr_val_is_null(const JrVal *val)
{
	return !val || val->type == JR_VAL_NULL;
}

/* Exactly: as doubles, 2^53 and 2^53 + 1 would be one number. */
static gboolean int_is_real(gint64 num, double real)
{
	return real >= -0x1p63 && real < 0x1p63 && floor(real) == real &&
	       (gint64)real == num;
}

static gboolean lists_equal(const JrVal *a, const JrVal *b)
{
	for (guint32 i = 0; i < a->len; i++)
		if (!jr_val_equal(&a->items[i], &b->items[i]))
			return FALSE;
	return TRUE;
}

static gboolean big_maps_equal(const JrVal *a, const JrVal *b)
{
	g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint32 i = 0; i < b->len; i++)
		g_hash_table_insert(index, (gpointer)b->members[i].key,
				    (gpointer)&b->members[i].val);
	for (guint32 i = 0; i < a->len; i++) {
		const JrVal *other =
			g_hash_table_lookup(index, a->members[i].key);

		if (!other || !jr_val_equal(&a->members[i].val, other))
			return FALSE;
	}
	return TRUE;
}

/* Keys stand once in a map: as many, and each of one in the other, is all. */
static gboolean maps_equal(const JrVal *a, const JrVal *b)
{
	if (a->len > MANY_MEMBERS)
		return big_maps_equal(a, b);
	for (guint32 i = 0; i < a->len; i++) {
		const JrMember *member = &a->members[i];
		const JrVal *other =
			jr_val_get_len(b, member->key, member->key_len);

		if (!other || !jr_val_equal(&member->val, other))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_val_equal(const JrVal *a, const JrVal *b)
{
	a = a ? a : &jr_val_null;
	b = b ? b : &jr_val_null;
	if (a->type == JR_VAL_INT && b->type == JR_VAL_REAL)
		return int_is_real(a->num, b->real);
	if (a->type == JR_VAL_REAL && b->type == JR_VAL_INT)
		return int_is_real(b->num, a->real);
	if (a->type != b->type)
		return FALSE;
	switch (a->type) {
	case JR_VAL_NULL:
		return TRUE;
	case JR_VAL_BOOL:
		return !a->yes == !b->yes;
	case JR_VAL_INT:
		return a->num == b->num;
	case JR_VAL_REAL:
		return a->real == b->real;
	case JR_VAL_TEXT:
		return a->len == b->len &&
		       memcmp(a->text, b->text, a->len) == 0;
	case JR_VAL_LIST:
		return a->len == b->len && lists_equal(a, b);
	case JR_VAL_MAP:
		return a->len == b->len && maps_equal(a, b);
	}
	g_assert_not_reached();
}

JrVal jr_val_bool(gboolean yes)
{
	return (JrVal){ .type = JR_VAL_BOOL, .yes = !!yes };
}

JrVal jr_val_int(gint64 num)
{
	return (JrVal){ .type = JR_VAL_INT, .num = num };
}

JrVal jr_val_real(double real)
{
	if (!isfinite(real))
		return jr_val_null;
	return (JrVal){ .type = JR_VAL_REAL, .real = real };
}

JrVal jr_val_text(const char *text)
{
	return jr_val_text_len(text, strlen(text));
}

JrVal jr_val_text_len(const char *text, gsize len)
{
	g_assert(len <= G_MAXUINT32);
	return (JrVal){ .type = JR_VAL_TEXT,
			.len = (guint32)len,
			.text = text };
}

const char *jr_val_type_name(const JrVal *val)
{
	static const char *const names[] = {
		[JR_VAL_NULL] = "nothing",
		[JR_VAL_BOOL] = "true or false",
		[JR_VAL_INT] = "a whole number",
		[JR_VAL_REAL] = "a number",
		[JR_VAL_TEXT] = "a text",
		[JR_VAL_LIST] = "a list",
		[JR_VAL_MAP] = "a map",
	};

	return names[val ? val->type : JR_VAL_NULL];
}
