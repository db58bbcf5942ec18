#include "io/yaml.h"
#include "base/error.h"
#include "io/file.h"
#include "io/yaml_scalar.h"
#include "io/yaml_source.h"

#include <string.h>

typedef struct {
	JrYamlSource source;
	JrArena *arena;
	guint depth;
} Reader;

typedef JrYamlEvent Event;

static gboolean full(Reader *r, yaml_mark_t mark)
{
	return jr_yaml_refuse(&r->source, mark, "too much: split the file");
}

/* The text of a scalar, in the arena; behind it its @source, unless NULL. */
static const char *take_text(Reader *r, const Event *event, const char *source)
{
	const char *text = (const char *)event->data.scalar.value;
	gsize len = event->data.scalar.length;
	gsize more = source ? strlen(source) + 1 : 0;
	char *copy;

	if (memchr(text, '\0', len)) {
		jr_yaml_refuse(&r->source, event->start_mark,
			       "a NUL in a text: remove the \\0");
		return NULL;
	}
	copy = jr_arena_take(r->arena, len + 1 + more);
	if (!copy) {
		full(r, event->start_mark);
		return NULL;
	}
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (source)
		memcpy(copy + len + 1, source, more);
	return copy;
}

static gboolean read_scalar(Reader *r, const Event *event, JrVal *val)
{
	gsize len = event->data.scalar.length;
	yaml_mark_t mark = jr_yaml_text_start(&r->source, event);
	gboolean escapes;
	g_autofree char *source =
		jr_yaml_source(&r->source, event, mark, &escapes);
	const char *text = take_text(r, event, source);

	if (!text)
		return FALSE;
	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		*val = jr_val_text_len(text, len);
	else if (!jr_yaml_scalar(text, len, val))
		return jr_yaml_refuse(
			&r->source, mark,
			"'%s' is no finite number: write digits, or "
			"quotes around a text",
			text);
	val->line = (guint32)mark.line + 1;
	val->column = (guint32)mark.column + 1;
	if (source && val->type == JR_VAL_TEXT) {
		val->has_lines = !escapes;
		val->has_escapes = escapes;
	}
	return TRUE;
}

/* ---- maps and lists ---- */

static gboolean read_node(Reader *r, const Event *event, JrVal *val);

static gboolean enter(Reader *r, const Event *event)
{
	if (++r->depth > JR_YAML_MAX_DEPTH)
		return jr_yaml_refuse(
			&r->source, event->start_mark,
			"more than %d levels deep: write it flatter",
			JR_YAML_MAX_DEPTH);
	return TRUE;
}

/* Move the @n elements of @size bytes of @array to the arena. */
static gconstpointer keep(Reader *r, const GArray *array, gsize size)
{
	gpointer copy = jr_arena_take(r->arena, array->len * size);

	if (copy && array->len > 0)
		memcpy(copy, array->data, array->len * size);
	return copy;
}

static gboolean read_list(Reader *r, const Event *start, JrVal *val)
{
	g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(JrVal));

	if (!enter(r, start))
		return FALSE;
	for (;;) {
		g_auto(JrYamlEvent) event = { 0 };
		JrVal item;

		if (!jr_yaml_next(&r->source, &event))
			return FALSE;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			break;
		if (!read_node(r, &event, &item))
			return FALSE;
		g_array_append_val(items, item);
	}
	r->depth--;
	*val = (JrVal){ .type = JR_VAL_LIST, .len = items->len };
	val->items = keep(r, items, sizeof(JrVal));
	return val->items || full(r, start->start_mark);
}

/* Check the key in @event and make a member of it.  @lines: key -> its line. */
static gboolean read_key(Reader *r, const Event *event, GHashTable *lines,
			 JrMember *member)
{
	guint line = (guint)event->start_mark.line + 1;
	gboolean plain;
	gpointer before;

	if (event->type != YAML_SCALAR_EVENT)
		return jr_yaml_refuse(
			&r->source, event->start_mark,
			"a key that is no text: write 'key: value', and "
			"put a template such as '{{ x }}' in quotes");
	member->key = take_text(r, event, NULL);
	if (!member->key)
		return FALSE;
	plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (plain && strcmp(member->key, "<<") == 0)
		return jr_yaml_refuse(
			&r->source, event->start_mark,
			"'<<' merges nothing here: write the keys out");
	before = g_hash_table_lookup(lines, member->key);
	if (before)
		return jr_yaml_refuse(
			&r->source, event->start_mark,
			"'%s' was there before, in line %u: write it "
			"once",
			member->key, GPOINTER_TO_UINT(before));
	g_hash_table_insert(lines, (gpointer)member->key,
			    GUINT_TO_POINTER(line));
	member->key_len = (guint32)event->data.scalar.length;
	member->key_line = line;
	member->key_column = (guint)MIN(event->start_mark.column + 1, 4095);
	return TRUE;
}

static gboolean check_plain_node(Reader *r, const Event *event);

/* One key and its value; *@done instead when the map ends. */
static gboolean read_member(Reader *r, GHashTable *lines, JrMember *member,
			    gboolean *done)
{
	g_auto(JrYamlEvent) key = { 0 };
	g_auto(JrYamlEvent) val = { 0 };

	if (!jr_yaml_next(&r->source, &key))
		return FALSE;
	*done = key.type == YAML_MAPPING_END_EVENT;
	return *done ||
	       (check_plain_node(r, &key) && read_key(r, &key, lines, member) &&
		jr_yaml_next(&r->source, &val) &&
		read_node(r, &val, &member->val));
}

static gboolean read_map(Reader *r, const Event *start, JrVal *val)
{
	g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(JrMember));
	g_autoptr(GHashTable) lines = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean done;

	if (!enter(r, start))
		return FALSE;
	for (;;) {
		JrMember member = { 0 };

		if (!read_member(r, lines, &member, &done))
			return FALSE;
		if (done)
			break;
		g_array_append_val(members, member);
	}
	r->depth--;
	*val = (JrVal){ .type = JR_VAL_MAP, .len = members->len };
	val->members = keep(r, members, sizeof(JrMember));
	return val->members || full(r, start->start_mark);
}

/* What is YAML but would not read the same to everyone. */
static gboolean check_plain_node(Reader *r, const Event *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	switch ((int)event->type) {
	case YAML_ALIAS_EVENT:
		return jr_yaml_refuse(
			&r->source, event->start_mark,
			"'*%s' refers to an anchor: write the value out, "
			"or put a text that begins with * in quotes",
			event->data.alias.anchor);
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	}
	if (anchor)
		return jr_yaml_refuse(
			&r->source, event->start_mark,
			"'&%s' is an anchor: write the value out where "
			"it is needed, or put a text that begins with & "
			"in quotes",
			anchor);
	if (tag)
		return jr_yaml_refuse(
			&r->source, event->start_mark,
			"a tag: put a text that begins with ! in quotes, "
			"or leave the tag out");
	return TRUE;
}

static gboolean read_node(Reader *r, const Event *event, JrVal *val)
{
	gboolean ok;

	if (!check_plain_node(r, event))
		return FALSE;
	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(r, event, val);
	if (event->type == YAML_SEQUENCE_START_EVENT)
		ok = read_list(r, event, val);
	else
		ok = read_map(r, event, val);
	val->line = (guint32)event->start_mark.line + 1;
	val->column = (guint32)event->start_mark.column + 1;
	return ok;
}

/* ---- the whole ---- */

/* Read events up to one of @type, which is all that may come now. */
static gboolean skip_to(Reader *r, yaml_event_type_t type, gboolean *ended)
{
	g_auto(JrYamlEvent) event = { 0 };

	if (!jr_yaml_next(&r->source, &event))
		return FALSE;
	*ended = event.type == YAML_STREAM_END_EVENT;
	if (event.type == type || *ended)
		return TRUE;
	return jr_yaml_refuse(
		&r->source, event.start_mark,
		"a second document: write it to a file of its own");
}

static gboolean read_root(Reader *r, JrVal *val)
{
	g_auto(JrYamlEvent) event = { 0 };

	return jr_yaml_next(&r->source, &event) && read_node(r, &event, val);
}

static gboolean read_stream(Reader *r, JrVal *val)
{
	gboolean ended;

	if (!skip_to(r, YAML_STREAM_START_EVENT, &ended) ||
	    !skip_to(r, YAML_DOCUMENT_START_EVENT, &ended))
		return FALSE;
	if (ended) /* blank lines and comments only */
		return TRUE;
	return read_root(r, val) &&
	       skip_to(r, YAML_DOCUMENT_END_EVENT, &ended) &&
	       skip_to(r, YAML_STREAM_END_EVENT, &ended);
}

const JrVal *jr_yaml_parse(JrArena *arena, const char *text, gsize len,
			   const char *file, GError **error)
{
	g_autoptr(GError) why = NULL;
	Reader r = {
		.source = { .text = text,
			    .len = len,
			    .file = file,
			    .error = &why },
		.arena = arena,
	};
	JrVal *val = jr_arena_take(arena, sizeof *val);
	gboolean ok = jr_yaml_open(&r.source);

	if (val)
		*val = (JrVal){ .line = 1, .column = 1 };
	else if (ok)
		ok = full(&r, (yaml_mark_t){ 0 });
	ok = ok && read_stream(&r, val);
	yaml_parser_delete(&r.source.parser);
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return ok ? val : NULL;
}

const JrVal *jr_yaml_load(JrArena *arena, const char *path, GError **error)
{
	gsize len;
	g_autofree char *text =
		jr_file_read(path, JR_YAML_MAX_BYTES, &len, error);

	return text ? jr_yaml_parse(arena, text, len, path, error) : NULL;
}
