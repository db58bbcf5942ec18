#include "io/json.h"
#include "base/error.h"

#include <math.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* Maps up to this size are searched for a double as each key comes. */
#define FEW_MEMBERS 16

/* A map or list whose end has not been seen. */
typedef struct {
	gboolean is_map;
	guint first;	/* its first slot */
	guint32 offset; /* where it began */
} Frame;

struct _JrJson {
	yajl_handle yajl; /* lives for one text */

	/* Of the text at hand. */
	JrArena *arena;
	const char *text;
	gsize len;
	gsize last;	/* bytes up to the end of the last token */
	gboolean ended; /* all of it was given to yajl */
	/*
	 * A copy of the text.  Strings are unescaped in their own place, and
	 * their closing quote makes room for the NUL.
	 */
	char *copy;
	const JrVal *root;
	const char *why; /* it was refused by us, at byte... */
	gsize at;

	/* Members and items of all open frames, innermost last. */
	JrMember *slots;
	guint n_slots, max_slots;
	Frame frames[JR_JSON_MAX_DEPTH];
	guint depth;
};

/* Stop reading: @why, at the byte after @offset. */
static int refuse(JrJson *json, const char *why, gsize offset)
{
	json->why = why;
	json->at = offset + 1;
	return 0;
}

static int refuse_full(JrJson *json)
{
	return refuse(json, "it needs more memory than a record may",
		      json->last);
}

/* What may stand between two tokens that yajl calls back for. */
static gboolean is_between(char c)
{
	return c == ',' || c == ':' || c == ' ' || c == '\t' || c == '\r' ||
	       c == '\n';
}

/* Step over the token that was just read; returns the offset of its start. */
static gsize take_token(JrJson *json)
{
	gsize start = json->last;

	while (is_between(json->text[start]))
		start++;
	json->last =
		json->ended ? json->len : yajl_get_bytes_consumed(json->yajl);
	return start;
}

static JrMember *add_slot(JrJson *json)
{
	if (json->n_slots == json->max_slots) {
		json->max_slots *= 2;
		json->slots = g_renew(JrMember, json->slots, json->max_slots);
	}
	return &json->slots[json->n_slots++];
}

/* Put @val, which began at @start, into the innermost map or list. */
static int add_value(JrJson *json, JrVal val, gsize start)
{
	JrVal *place;

	val.offset = (guint32)start;
	val.bytes = (guint32)(json->last - start);
	if (json->depth == 0) {
		json->root = place = jr_arena_take(json->arena, sizeof *place);
		if (!place)
			return refuse_full(json);
	} else if (json->frames[json->depth - 1].is_map) {
		place = &json->slots[json->n_slots - 1].val;
	} else {
		place = &add_slot(json)->val;
	}
	*place = val;
	return 1;
}

static int on_null(void *data)
{
	JrJson *json = data;
	gsize start = take_token(json);

	return add_value(json, jr_val_null, start);
}

static int on_boolean(void *data, int yes)
{
	JrJson *json = data;
	gsize start = take_token(json);

	return add_value(json, jr_val_bool(yes), start);
}

/* Whether the @len bytes of @text are an integer that fits *@num. */
static gboolean read_integer(const char *text, gsize len, gint64 *num)
{
	gboolean minus = len > 0 && text[0] == '-';
	gint64 sum = 0; /* kept below 0, where there is one more */

	for (gsize i = minus; i < len; i++) {
		if (!g_ascii_isdigit(text[i]) ||
		    __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, text[i] - '0', &sum))
			return FALSE;
	}
	if (!minus && sum == G_MININT64)
		return FALSE;
	*num = minus ? sum : -sum;
	return TRUE;
}

static int on_number(void *data, const char *text, size_t len)
{
	JrJson *json = data;
	gsize start = take_token(json);
	double real;
	gint64 num;

	if (read_integer(text, len, &num))
		return add_value(json, jr_val_int(num), start);
	json->copy[start + len] = '\0'; /* what follows has been read */
	real = g_ascii_strtod(json->copy + start, NULL);
	if (!isfinite(real))
		return refuse(json, "a number beyond all doubles", start);
	return add_value(json, jr_val_real(real), start);
}

/* The four hex digits of an escape, which yajl has checked. */
static guint code_unit(const char *hex)
{
	guint unit = 0;

	for (guint i = 0; i < 4; i++)
		unit = 16 * unit + (guint)g_ascii_xdigit_value(hex[i]);
	return unit;
}

/* yajl would make "?" of half a pair, and a NUL of U+0000: refuse both. */
static int check_escapes(JrJson *json, gsize start)
{
	const char *c = json->text + start + 1;
	const char *end = json->text + json->last - 1;

	while ((c = memchr(c, '\\', (gsize)(end - c)))) {
		gsize at = (gsize)(c - json->text);
		guint unit;

		c += 2;
		if (c[-1] != 'u')
			continue;
		unit = code_unit(c);
		c += 4;
		if (unit == 0)
			return refuse(json, "U+0000 in a string", at);
		if (unit < 0xd800 || unit > 0xdfff)
			continue;
		if (unit > 0xdbff || end - c < 6 || c[0] != '\\' ||
		    c[1] != 'u' || (code_unit(c + 2) & 0xfc00) != 0xdc00)
			return refuse(json, "half a surrogate pair", at);
		c += 6;
	}
	return 1;
}

/* Make the string just read a text in json->copy; NULL when it is refused. */
static const char *take_text(JrJson *json, const unsigned char *text,
			     size_t len, gsize *start)
{
	char *place;

	*start = take_token(json);
	place = json->copy + *start + 1;
	if (json->last - *start != len + 2) { /* it has escapes */
		if (!check_escapes(json, *start))
			return NULL;
		memcpy(place, text, len);
	}
	place[len] = '\0';
	return place;
}

static int on_string(void *data, const unsigned char *text, size_t len)
{
	JrJson *json = data;
	gsize start;
	const char *place = take_text(json, text, len, &start);

	return place && add_value(json, jr_val_text_len(place, len), start);
}

static gboolean same_key(const JrMember *a, const JrMember *b)
{
	return a->key_len == b->key_len &&
	       memcmp(a->key, b->key, a->key_len) == 0;
}

static int on_key(void *data, const unsigned char *text, size_t len)
{
	JrJson *json = data;
	const Frame *frame = &json->frames[json->depth - 1];
	gsize start;
	const char *key = take_text(json, text, len, &start);
	JrMember *member;

	if (!key)
		return 0;
	member = add_slot(json);
	*member = (JrMember){ .key = key, .key_len = (guint32)len };
	if (json->n_slots - frame->first > FEW_MEMBERS)
		return 1; /* end_map() looks */
	for (guint i = frame->first; i < json->n_slots - 1; i++)
		if (same_key(&json->slots[i], member))
			return refuse(json, "a key that was there before",
				      start);
	return 1;
}

static int start_frame(JrJson *json, gboolean is_map)
{
	gsize start = take_token(json);

	if (json->depth == JR_JSON_MAX_DEPTH)
		return refuse(json,
			      "more than " G_STRINGIFY(
				      JR_JSON_MAX_DEPTH) " levels deep",
			      start);
	json->frames[json->depth++] = (Frame){
		.is_map = is_map,
		.first = json->n_slots,
		.offset = (guint32)start,
	};
	return 1;
}

static int on_start_map(void *data)
{
	return start_frame(data, TRUE);
}

static int on_start_list(void *data)
{
	return start_frame(data, FALSE);
}

static int compare_keys(const void *a, const void *b)
{
	const JrMember *const *x = a, *const *y = b;
	int order = strcmp((*x)->key, (*y)->key);

	return order ? order : (*x > *y) - (*x < *y);
}

/* A key that a big map has twice: the later one; NULL when there is none. */
static const JrMember *find_double(const JrMember *members, guint n)
{
	g_autofree const JrMember **sorted = g_new(const JrMember *, n);

	for (guint i = 0; i < n; i++)
		sorted[i] = &members[i];
	qsort(sorted, n, sizeof *sorted, compare_keys);
	for (guint i = 1; i < n; i++)
		if (same_key(sorted[i - 1], sorted[i]))
			return sorted[i];
	return NULL;
}

static int on_end_map(void *data)
{
	JrJson *json = data;
	const Frame frame = json->frames[json->depth - 1];
	const JrMember *from = json->slots + frame.first;
	guint n = json->n_slots - frame.first;
	JrMember *members = jr_arena_take(json->arena, n * sizeof *members);
	const JrMember *twice = NULL;

	take_token(json);
	if (!members)
		return refuse_full(json);
	if (n > FEW_MEMBERS)
		twice = find_double(from, n);
	if (twice)
		return refuse(json, "a key that was there before",
			      (gsize)(twice->key - json->copy) - 1);
	if (n > 0)
		memcpy(members, from, n * sizeof *members);
	json->n_slots = frame.first;
	json->depth--;
	return add_value(
		json,
		(JrVal){ .type = JR_VAL_MAP, .len = n, .members = members },
		frame.offset);
}

static int on_end_list(void *data)
{
	JrJson *json = data;
	const Frame frame = json->frames[json->depth - 1];
	guint n = json->n_slots - frame.first;
	JrVal *items = jr_arena_take(json->arena, n * sizeof *items);

	take_token(json);
	if (!items)
		return refuse_full(json);
	for (guint i = 0; i < n; i++)
		items[i] = json->slots[frame.first + i].val;
	json->n_slots = frame.first;
	json->depth--;
	return add_value(
		json, (JrVal){ .type = JR_VAL_LIST, .len = n, .items = items },
		frame.offset);
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_map_key = on_key,
	.yajl_start_map = on_start_map,
	.yajl_end_map = on_end_map,
	.yajl_start_array = on_start_list,
	.yajl_end_array = on_end_list,
};

/* yajl would let overlong forms and surrogates through as UTF-8. */
static gboolean check_utf8(JrJson *json)
{
	const char *end;
	gsize i = 0;
	guint64 eight;

	/* Most lines are ASCII: look at eight bytes at a time. */
	for (; json->len - i >= sizeof eight; i += sizeof eight) {
		memcpy(&eight, json->text + i, sizeof eight);
		if (eight & G_GUINT64_CONSTANT(0x8080808080808080))
			break;
	}
	if (g_utf8_validate_len(json->text + i, json->len - i, &end))
		return TRUE;
	refuse(json, *end ? "not UTF-8" : "a NUL byte",
	       (gsize)(end - json->text));
	return FALSE;
}

static void tell_refused(const JrJson *json, GError **error)
{
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "not JSON at byte %" G_GSIZE_FORMAT ": %s", json->at,
		    json->why);
}

/*
 * What was wrong: we know when a callback refused it; else yajl does, and says
 * so without quoting anything, with an "error:" before and a full stop after.
 */
static void tell_yajl(JrJson *json, gsize at, GError **error)
{
	unsigned char *text;
	char *why, *colon;
	gsize len;

	if (json->why) {
		tell_refused(json, error);
		return;
	}
	text = yajl_get_error(json->yajl, 0, NULL, 0);
	why = g_strstrip((char *)text);
	/* The lexer puts back the character that it trips over, but for one. */
	if (g_str_has_prefix(why, "lexical") && !strstr(why, "invalid char in"))
		at = MIN(at + 1, json->len + 1);
	colon = strstr(why, "error: ");
	why = colon ? colon + strlen("error: ") : why;
	len = strlen(why);
	if (len > 0 && why[len - 1] == '.')
		len--;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "not JSON at byte %" G_GSIZE_FORMAT ": %.*s", at, (int)len,
		    why);
	yajl_free_error(json->yajl, text);
}

/* Have yajl call back for all of json->text. */
static gboolean parse(JrJson *json, GError **error)
{
	const unsigned char *text = (const unsigned char *)json->text;

	if (yajl_parse(json->yajl, text, json->len) != yajl_status_ok) {
		tell_yajl(json, yajl_get_bytes_consumed(json->yajl), error);
		return FALSE;
	}
	/* A number that ends the text is only seen now. */
	json->ended = TRUE;
	if (yajl_complete_parse(json->yajl) != yajl_status_ok) {
		tell_yajl(json, json->len + 1, error);
		return FALSE;
	}
	return TRUE;
}

JrJson *jr_json_new(void)
{
	JrJson *json = g_new0(JrJson, 1);

	json->max_slots = 64;
	json->slots = g_new(JrMember, json->max_slots);
	return json;
}

void jr_json_free(JrJson *json)
{
	if (!json)
		return;
	g_free(json->slots);
	g_free(json);
}

/* Begin with @text; FALSE when it is refused as it stands. */
static gboolean begin(JrJson *json, JrArena *arena, const char *text, gsize len)
{
	json->arena = arena;
	json->text = text;
	json->len = len;
	json->last = 0;
	json->ended = FALSE;
	json->root = NULL;
	json->why = NULL;
	json->n_slots = json->depth = 0;
	json->copy = len < G_MAXUINT32 ? jr_arena_text(arena, text, len) : NULL;
	if (!json->copy)
		return refuse_full(json);
	return check_utf8(json);
}

const JrVal *jr_json_read(JrJson *json, JrArena *arena, const char *text,
			  gsize len, GError **error)
{
	if (begin(json, arena, text, len)) {
		/* A used one cannot begin anew, and a new one costs 0.1 µs. */
		json->yajl = yajl_alloc(&callbacks, NULL, json);
		yajl_config(json->yajl, yajl_dont_validate_strings, 1);
		if (!parse(json, error))
			json->root = NULL;
		yajl_free(json->yajl);
		return json->root;
	}
	tell_refused(json, error);
	return NULL;
}

const JrVal *jr_json_parse(JrArena *arena, const char *text, gsize len,
			   GError **error)
{
	g_autoptr(JrJson) json = jr_json_new();

	return jr_json_read(json, arena, text, len, error);
}
