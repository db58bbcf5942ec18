#include "flow/segment/file.h"
#include "base/error.h"
#include "base/suggest.h"
#include "io/yaml.h"

#include <string.h>

#define FILE_BYTES ((gsize)64 * 1024 * 1024) /* of values: 1 MiB of YAML */
#define NAME_MAX_BYTES 100
#define DEFS_MAX 1000

static const char *const keys[] = { "where", "manual", "file", "description",
				    NULL };

/* Wrong at line and column of @val, in file @path. */
G_GNUC_PRINTF(4, 5)
static gboolean wrong(const char *path, const JrVal *val, GError **error,
		      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(error, JR_ERROR, JR_ERROR_CONFIG, text);
	jr_error_at(error, path, val->line, val->column);
	return FALSE;
}

static gboolean check_name(const char *path, const JrMember *member,
			   GError **error)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const JrVal at = { .line = member->key_line,
			   .column = member->key_column };

	if (member->key_len > 0 && member->key_len <= NAME_MAX_BYTES &&
	    strspn(member->key, allowed) == member->key_len)
		return TRUE;
	return wrong(path, &at, error,
		     "'%s' cannot be a segment's name: write letters, digits, "
		     "'_' and '-'",
		     member->key);
}

static gboolean compile(const char *path, const JrVal *where, JrSegmentDef *def,
			GError **error)
{
	if (where->type != JR_VAL_TEXT)
		return wrong(path, where, error,
			     "'%s' is %s: write an expression, as "
			     "plan == \"trial\"",
			     def->name, jr_val_type_name(where));
	def->expr = jr_expr_new_in(where, path, error);
	return def->expr != NULL;
}

static gboolean check_keys(const char *path, const JrVal *map, GError **error)
{
	for (guint32 i = 0; i < map->len; i++) {
		const JrMember *member = &map->members[i];
		const JrVal at = { .line = member->key_line,
				   .column = member->key_column };

		if (g_strv_contains(keys, member->key))
			continue;
		g_autofree char *hint = jr_suggest_write(member->key, keys);
		return wrong(path, &at, error, "unknown key '%s': %s",
			     member->key, hint);
	}
	return TRUE;
}

/* The list in the file @val, which is found from the folder of @path. */
static gboolean read_list(JrSegmentFile *file, const JrVal *val,
			  JrSegmentDef *def, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(file->path);
	g_autofree char *path = NULL, *text = NULL;

	if (val->type != JR_VAL_TEXT || val->len == 0)
		return wrong(file->path, val, error,
			     "'file' is %s: write the path of a list of ids",
			     jr_val_type_name(val));
	path = g_path_is_absolute(val->text) || g_str_equal(folder, ".")
		       ? g_strdup(val->text)
		       : g_build_filename(folder, val->text, NULL);
	def->list = jr_segment_list_load(path, error);
	if (!def->list) {
		jr_error_at(error, file->path, val->line, val->column);
		return FALSE;
	}
	text = g_strdup_printf("file %s, sha256 %s", val->text,
			       jr_segment_list_digest(def->list));
	def->text = jr_arena_text(file->arena, text, strlen(text));
	g_assert(def->text);
	return TRUE;
}

static gboolean check_types(const char *path, const JrVal *map, GError **error)
{
	const JrVal *manual = jr_val_get(map, "manual");
	const JrVal *text = jr_val_get(map, "description");

	if (manual && manual->type != JR_VAL_BOOL)
		return wrong(path, manual, error,
			     "'manual' is %s: write true or false",
			     jr_val_type_name(manual));
	if (text && text->type != JR_VAL_TEXT)
		return wrong(path, text, error,
			     "'description' is %s: write a text",
			     jr_val_type_name(text));
	return TRUE;
}

/* A definition with words beside the expression. */
static gboolean read_map(JrSegmentFile *file, const JrVal *map,
			 JrSegmentDef *def, GError **error)
{
	const JrVal *where = jr_val_get(map, "where");
	const JrVal *list = jr_val_get(map, "file");
	const JrVal *manual = jr_val_get(map, "manual");
	const char *path = file->path;

	if (!check_keys(path, map, error) || !check_types(path, map, error))
		return FALSE;
	def->description = jr_val_get_text(map, "description");
	if (manual && !manual->yes)
		manual = NULL;
	if (where && (manual || list))
		return wrong(path, where, error,
			     "'%s' is manual and has an expression: write one "
			     "of both",
			     def->name);
	if (list && manual)
		return wrong(path, list, error,
			     "'%s' is listed by records and in a file: write "
			     "one of 'manual' and 'file'",
			     def->name);
	if (where)
		return compile(path, where, def, error);
	if (list)
		return read_list(file, list, def, error);
	def->text = "manual";
	return manual ||
	       wrong(path, map, error,
		     "'%s' says nothing of who is in it: write 'where', "
		     "'manual: true' or 'file'",
		     def->name);
}

static void note_time(gpointer user)
{
	((JrSegmentDef *)user)->timed = TRUE;
}

static gboolean read_def(JrSegmentFile *file, const JrMember *member,
			 JrSegmentDef *def, GError **error)
{
	const JrExprVisitor visitor = { .time = note_time };
	const char *path = file->path;
	gboolean ok;

	*def = (JrSegmentDef){ .name = member->key, .line = member->key_line };
	ok = check_name(path, member, error) &&
	     (member->val.type == JR_VAL_MAP
		      ? read_map(file, &member->val, def, error)
		      : compile(path, &member->val, def, error));
	if (ok && def->expr) {
		def->text = jr_expr_text(def->expr);
		jr_expr_visit(def->expr, &visitor, def);
	}
	return ok;
}

/* Putting definitions behind those they ask for. */
typedef struct {
	JrSegmentFile *file;
	GArray *read;	   /* JrSegmentDef, as they stand in the file */
	guint8 *state;	   /* of each: 0 not seen, 1 under way, 2 done */
	GPtrArray *path;   /* of those under way: JrSegmentDef */
	GChecksum *digest; /* of the one under way */
	GError *error;
} Order;

static void place(Order *order, guint i);

static int find_read(const Order *order, const char *name)
{
	for (guint i = 0; i < order->read->len; i++)
		if (g_str_equal(
			    g_array_index(order->read, JrSegmentDef, i).name,
			    name))
			return (int)i;
	return -1;
}

static void tell_missing(Order *order, const char *name, guint line,
			 guint column)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < order->read->len; i++)
		g_ptr_array_add(names, (gpointer)g_array_index(order->read,
							       JrSegmentDef, i)
					       .name);
	g_ptr_array_add(names, NULL);
	g_autofree char *hint =
		jr_suggest_write(name, (const char *const *)names->pdata);
	g_set_error(&order->error, JR_ERROR, JR_ERROR_CONFIG,
		    "there is no segment '%s': %s", name, hint);
	jr_error_at(&order->error, order->file->path, line, column);
}

/* "a -> b -> a": @name is under way already. */
static void tell_cycle(Order *order, const char *name, guint line, guint column)
{
	g_autoptr(GString) cycle = g_string_new(NULL);

	for (guint i = 0; i < order->path->len; i++) {
		const JrSegmentDef *def = order->path->pdata[i];

		if (cycle->len > 0 || g_str_equal(def->name, name))
			g_string_append_printf(cycle, "%s -> ", def->name);
	}
	g_set_error(&order->error, JR_ERROR, JR_ERROR_CONFIG,
		    "a segment that asks for itself: %s%s", cycle->str, name);
	jr_error_at(&order->error, order->file->path, line, column);
}

static void visit_segment(gpointer user, const char *name, guint line,
			  guint column)
{
	Order *order = user;
	int i;

	if (order->error)
		return;
	i = find_read(order, name);
	if (i < 0)
		tell_missing(order, name, line, column);
	else if (order->state[i] == 1)
		tell_cycle(order, name, line, column);
	else if (order->state[i] == 0)
		place(order, (guint)i);
}

static void hash_segment(gpointer user, const char *name, guint line,
			 guint column)
{
	Order *order = user;
	const JrSegmentDef *def = jr_segment_file_find(order->file, name);

	(void)line;
	(void)column;
	g_checksum_update(order->digest, (const guchar *)def->hash,
			  (gssize)strlen(def->hash));
}

/* What makes it another definition: its text, and those it asks for. */
static void hash_def(Order *order, JrSegmentDef *def)
{
	const JrExprVisitor visitor = { .segment = hash_segment };
	const char *text = def->expr   ? def->text
			   : def->list ? "\001file"
				       : "\001manual";

	order->digest = g_checksum_new(G_CHECKSUM_SHA256);
	g_checksum_update(order->digest, (const guchar *)text,
			  (gssize)strlen(text));
	if (def->expr)
		jr_expr_visit(def->expr, &visitor, order);
	g_strlcpy(def->hash, g_checksum_get_string(order->digest),
		  sizeof def->hash);
	g_clear_pointer(&order->digest, g_checksum_free);
}

/* Those that definition @i asks for, then itself. */
static void place(Order *order, guint i)
{
	const JrExprVisitor visitor = { .segment = visit_segment };
	JrSegmentDef *def = &g_array_index(order->read, JrSegmentDef, i);

	order->state[i] = 1;
	g_ptr_array_add(order->path, def);
	if (def->expr)
		jr_expr_visit(def->expr, &visitor, order);
	g_ptr_array_set_size(order->path, (gint)order->path->len - 1);
	order->state[i] = 2;
	if (order->error)
		return;
	hash_def(order, def);
	g_array_append_val(order->file->defs, *def);
	def->expr = NULL; /* the file's now */
	def->list = NULL;
}

static void clear_def(gpointer data)
{
	JrSegmentDef *def = data;

	g_clear_pointer(&def->expr, jr_expr_free);
	g_clear_pointer(&def->list, jr_segment_list_free);
}

static gboolean place_all(JrSegmentFile *file, GArray *read, GError **error)
{
	g_autoptr(GPtrArray) path = g_ptr_array_new();
	g_autofree guint8 *state = g_new0(guint8, read->len);
	Order order = { file, read, state, path, NULL, NULL };

	for (guint i = 0; i < read->len && !order.error; i++)
		if (state[i] == 0)
			place(&order, i);
	if (!order.error)
		return TRUE;
	g_propagate_error(error, order.error);
	return FALSE;
}

static gboolean read_all(JrSegmentFile *file, GError **error)
{
	const JrVal *doc = jr_yaml_load(file->arena, file->path, error);
	g_autoptr(GArray) read =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentDef));
	JrSegmentDef def;
	gboolean ok = TRUE;

	g_array_set_clear_func(read, clear_def);
	if (!doc)
		return FALSE;
	if (doc->type == JR_VAL_NULL)
		return TRUE; /* none */
	if (doc->type != JR_VAL_MAP)
		return wrong(file->path, doc, error,
			     "%s: write a line for each segment, "
			     "'NAME: EXPRESSION'",
			     jr_val_type_name(doc));
	if (doc->len > DEFS_MAX)
		return wrong(file->path, doc, error, "more than %d segments",
			     DEFS_MAX);
	for (guint32 i = 0; ok && i < doc->len; i++) {
		ok = read_def(file, &doc->members[i], &def, error);
		g_array_append_val(read, def);
	}
	return ok && place_all(file, read, error);
}

JrSegmentFile *jr_segment_file_load(const char *path, GError **error)
{
	g_autoptr(JrSegmentFile) file = g_new0(JrSegmentFile, 1);

	file->path = g_strdup(path);
	file->arena = jr_arena_new(FILE_BYTES);
	file->defs = g_array_new(FALSE, FALSE, sizeof(JrSegmentDef));
	g_array_set_clear_func(file->defs, clear_def);
	return read_all(file, error) ? g_steal_pointer(&file) : NULL;
}

void jr_segment_file_free(JrSegmentFile *file)
{
	if (!file)
		return;
	g_array_unref(file->defs);
	jr_arena_free(file->arena);
	g_free(file->path);
	g_free(file);
}

JrSegmentDef *jr_segment_file_find(const JrSegmentFile *file, const char *name)
{
	for (guint i = 0; i < file->defs->len; i++) {
		JrSegmentDef *def = &g_array_index(file->defs, JrSegmentDef, i);

		if (g_str_equal(def->name, name))
			return def;
	}
	return NULL;
}

const char **jr_segment_file_names(const JrSegmentFile *file)
{
	guint n = file->defs->len;
	const char **names = g_new0(const char *, n + 1);

	for (guint i = 0; i < n; i++)
		names[i] = g_array_index(file->defs, JrSegmentDef, i).name;
	return names;
}
