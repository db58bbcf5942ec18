#include "store/conn.h"
#include "base/error.h"
#include "base/val.h"

#include <string.h>

/* Where the fields of a struct stand in a statement: -1, nowhere. */
typedef struct {
	const JrField *fields; /* NULL: not looked up yet */
	int *places;
} Map;

#define NAMED 8 /* values of a statement that are set by name */

/* The statements of one SQL that are not lent just now. */
typedef struct {
	JrStmt *idle;
} Shelf;

struct _JrStmt {
	JrDb *db;
	Shelf *shelf;
	gpointer handle;
	gboolean writes;
	Map values, columns, rows;
	struct {
		const char *name; /* a literal: known by where it stands */
		int place;
	} named[NAMED];
	guint n_named;
	JrStmt *next; /* on the shelf */
};

static void free_stmt(JrStmt *st)
{
	st->db->driver->finalize(st->handle);
	g_free(st->values.places);
	g_free(st->columns.places);
	g_free(st->rows.places);
	g_free(st);
}

static void free_shelf(gpointer data)
{
	Shelf *shelf = data;

	for (JrStmt *st = shelf->idle, *next; st; st = next) {
		next = st->next;
		free_stmt(st);
	}
	g_free(shelf);
}

GHashTable *jr_stmts_new(void)
{
	/* SQL is a literal: its address names it, without reading it. */
	return g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
				     free_shelf);
}

static JrStmt *prepare(JrDb *db, const char *sql, Shelf *shelf, GError **error)
{
	gpointer handle = db->driver->prepare(db->conn, sql, error);

	if (!handle)
		return NULL;
	JrStmt *st = g_new(JrStmt, 1);
	*st = (JrStmt){ .db = db, .shelf = shelf, .handle = handle };
	st->writes = db->driver->writes(handle);
	return st;
}

JrStmt *jr_stmt_lend(JrDb *db, const char *sql, GError **error)
{
	Shelf *shelf = g_hash_table_lookup(db->shelves, sql);
	JrStmt *st;

	if (!shelf) {
		shelf = g_new0(Shelf, 1);
		g_hash_table_insert(db->shelves, (gpointer)sql, shelf);
	}
	st = shelf->idle;
	if (!st)
		return prepare(db, sql, shelf, error);
	shelf->idle = st->next;
	return st;
}

JrStmt *jr_db_stmt(JrDb *db, const char *sql, GError **error)
{
	JrStmt *st = jr_stmt_lend(db, sql, error);

	g_assert(!st || !st->writes || db->writing);
	return st;
}

void jr_stmt_done(JrStmt *st)
{
	if (!st)
		return;
	st->db->driver->reset(st->handle);
	st->next = st->shelf->idle;
	st->shelf->idle = st;
}

void jr_stmt_again(JrStmt *st)
{
	st->db->driver->reset(st->handle);
}

JrStep jr_stmt_step(JrStmt *st, GError **error)
{
	return st->db->driver->step(st->handle, error);
}

gboolean jr_stmt_row(JrStmt *st, gboolean *row, GError **error)
{
	switch (jr_stmt_step(st, error)) {
	case JR_STEP_ROW:
		*row = TRUE;
		return TRUE;
	case JR_STEP_DONE:
		*row = FALSE;
		return TRUE;
	case JR_STEP_BUSY:
	case JR_STEP_FAILED:
		break;
	}
	return FALSE;
}

gboolean jr_stmt_run(JrStmt *st, GError **error)
{
	gboolean row = TRUE;

	while (row)
		if (!jr_stmt_row(st, &row, error))
			return FALSE;
	return TRUE;
}

gboolean jr_stmt_run_text(JrDb *db, const char *sql, GError **error)
{
	gpointer handle = db->driver->prepare(db->conn, sql, error);
	JrStep step = JR_STEP_ROW;

	if (!handle)
		return FALSE;
	while (step == JR_STEP_ROW)
		step = db->driver->step(handle, error);
	db->driver->finalize(handle);
	return step == JR_STEP_DONE;
}

static void set_text(JrStmt *st, int place, const char *text, gsize len)
{
	if (text) /* else it is NULL, as all values are at first */
		st->db->driver->set_text(st->handle, place, text, len);
}

/* Looking a name up costs as much as a third of a row. */
static int value_of(JrStmt *st, const char *name)
{
	int place;

	for (guint i = 0; i < st->n_named; i++)
		if (st->named[i].name == name)
			return st->named[i].place;
	place = st->db->driver->value_of(st->handle, name);
	g_assert(place >= 0);
	if (st->n_named < NAMED) {
		st->named[st->n_named].name = name;
		st->named[st->n_named++].place = place;
	}
	return place;
}

void jr_stmt_set_int(JrStmt *st, const char *name, gint64 value)
{
	st->db->driver->set_int(st->handle, value_of(st, name), value);
}

void jr_stmt_set_text(JrStmt *st, const char *name, const char *text)
{
	set_text(st, value_of(st, name), text, text ? strlen(text) : 0);
}

gint64 jr_stmt_int(JrStmt *st, int i)
{
	return st->db->driver->get_int(st->handle, i);
}

const char *jr_stmt_text(JrStmt *st, int i, gsize *len)
{
	return st->db->driver->get_text(st->handle, i, len);
}

static void write_column(JrStmt *st, int i, GString *out)
{
	const JrDriver *driver = st->db->driver;
	gsize len;

	if (driver->is_int(st->handle, i)) {
		g_string_append_printf(out, "%" G_GINT64_FORMAT,
				       driver->get_int(st->handle, i));
		return;
	}
	const char *text = driver->get_text(st->handle, i, &len);
	if (text)
		jr_val_write_text(text, len, out);
	else
		g_string_append(out, "null");
}

void jr_stmt_write_row(JrStmt *st, GString *out)
{
	const JrDriver *driver = st->db->driver;
	int columns = driver->columns(st->handle);

	for (int i = 0; i < columns; i++) {
		const char *name = driver->column_name(st->handle, i);

		g_string_append_c(out, i ? ',' : '{');
		jr_val_write_text(name, strlen(name), out);
		g_string_append_c(out, ':');
		write_column(st, i, out);
	}
	g_string_append_c(out, '}');
}

static int column_of(JrStmt *st, const char *name)
{
	const JrDriver *driver = st->db->driver;

	for (int i = driver->columns(st->handle) - 1; i >= 0; i--)
		if (g_str_equal(driver->column_name(st->handle, i), name))
			return i;
	return -1;
}

static int value_or_none(JrStmt *st, const char *name)
{
	return st->db->driver->value_of(st->handle, name);
}

/* Where @fields are, looked up once for a statement. */
static const int *find_places(JrStmt *st, Map *map, const JrField *fields,
			      int (*find)(JrStmt *st, const char *name))
{
	gsize n = 0;

	if (map->fields == fields)
		return map->places;
	while (fields[n].name)
		n++;
	g_free(map->places);
	map->places = g_new(int, n + 1);
	for (gsize i = 0; i < n; i++)
		map->places[i] = find(st, fields[i].name);
	map->fields = fields;
	return map->places;
}

static void bind_field(JrStmt *st, int place, const JrField *field,
		       gconstpointer row)
{
	const JrDriver *driver = st->db->driver;
	const char *const *text = G_STRUCT_MEMBER_P(row, field->at);

	switch (field->type) {
	case JR_FIELD_INT64:
		driver->set_int(st->handle, place,
				G_STRUCT_MEMBER(gint64, row, field->at));
		break;
	case JR_FIELD_INT:
		driver->set_int(st->handle, place,
				G_STRUCT_MEMBER(gint, row, field->at));
		break;
	case JR_FIELD_TEXT:
		set_text(st, place, *text, *text ? strlen(*text) : 0);
		break;
	case JR_FIELD_BYTES:
		set_text(st, place, *text,
			 G_STRUCT_MEMBER(gsize, row, field->len));
		break;
	}
}

void jr_stmt_bind(JrStmt *st, const JrField *fields, gconstpointer row)
{
	const int *places = find_places(st, &st->values, fields, value_or_none);

	for (gsize i = 0; fields[i].name; i++)
		if (places[i] >= 0)
			bind_field(st, places[i], &fields[i], row);
}

/* As find_places(), of @count rows. */
static const int *find_rows(JrStmt *st, const JrField *fields, guint count)
{
	guint n = 0;

	if (st->rows.fields == fields)
		return st->rows.places;
	while (fields[n].name)
		n++;
	g_free(st->rows.places);
	st->rows.places = g_new(int, (gsize)n *count + 1);
	for (guint i = 0; i < n * count; i++) {
		g_autofree char *name =
			g_strdup_printf("%s%u", fields[i % n].name, i / n);

		st->rows.places[i] = value_or_none(st, name);
	}
	st->rows.fields = fields;
	return st->rows.places;
}

void jr_stmt_bind_rows(JrStmt *st, const JrShape *shape, gconstpointer rows,
		       guint count)
{
	const int *place = find_rows(st, shape->fields, count);

	for (guint row = 0; row < count; row++)
		for (const JrField *f = shape->fields; f->name; f++, place++)
			if (*place >= 0)
				bind_field(st, *place, f,
					   (const char *)rows +
						   row * shape->size);
}

gint64 jr_stmt_changed(JrStmt *st)
{
	return st->db->driver->changed(st->handle);
}

gboolean jr_stmt_did(JrStmt *st, gboolean *any, GError **error)
{
	if (!jr_stmt_run(st, error))
		return FALSE;
	*any = jr_stmt_changed(st) > 0;
	return TRUE;
}

gint64 jr_stmt_key(JrStmt *st)
{
	return st->db->driver->key_given(st->handle);
}

/* Insert rows by @sql, @count each time, as many as go; *@n is what is left. */
static gboolean put_by(JrDb *db, const char *sql, const JrShape *shape,
		       guint count, const char **rows, gsize *n, GError **error)
{
	g_autoptr(JrStmt) st = NULL;

	if (*n < count)
		return TRUE;
	st = jr_db_stmt(db, sql, error);
	for (; st && *n >= count; *n -= count, *rows += count * shape->size) {
		jr_stmt_again(st);
		if (count == 1)
			jr_stmt_bind(st, shape->fields, *rows);
		else
			jr_stmt_bind_rows(st, shape, *rows, count);
		if (!jr_stmt_run(st, error))
			return FALSE;
	}
	return st != NULL;
}

gboolean jr_stmt_put_rows(JrDb *db, const JrBulk *bulk, gconstpointer rows,
			  gsize n, GError **error)
{
	const char *at = rows;

	return (!bulk->many || put_by(db, bulk->many, &bulk->shape, JR_BULK,
				      &at, &n, error)) &&
	       put_by(db, bulk->one, &bulk->shape, 1, &at, &n, error);
}

static gboolean read_text(JrStmt *st, int place, const JrField *field,
			  gpointer row, JrArena *arena)
{
	gsize len;
	const char *text = jr_stmt_text(st, place, &len);

	if (field->type == JR_FIELD_BYTES)
		G_STRUCT_MEMBER(gsize, row, field->len) = len;
	if (arena && text)
		text = jr_arena_text(arena, text, len);
	else if (arena)
		arena = NULL; /* nothing to copy is no failure */
	G_STRUCT_MEMBER(const char *, row, field->at) = text;
	return text || !arena;
}

static gboolean read_field(JrStmt *st, int place, const JrField *field,
			   gpointer row, JrArena *arena)
{
	switch (field->type) {
	case JR_FIELD_INT64:
		G_STRUCT_MEMBER(gint64, row, field->at) =
			jr_stmt_int(st, place);
		return TRUE;
	case JR_FIELD_INT:
		G_STRUCT_MEMBER(gint, row, field->at) =
			(gint)jr_stmt_int(st, place);
		return TRUE;
	case JR_FIELD_TEXT:
	case JR_FIELD_BYTES:
		return read_text(st, place, field, row, arena);
	}
	return TRUE;
}

gboolean jr_stmt_read(JrStmt *st, const JrField *fields, gpointer row,
		      JrArena *arena, GError **error)
{
	const int *places = find_places(st, &st->columns, fields, column_of);

	for (gsize i = 0; fields[i].name; i++) {
		if (places[i] < 0 ||
		    read_field(st, places[i], &fields[i], row, arena))
			continue;
		g_set_error_literal(error, JR_ERROR, JR_ERROR_IO,
				    "state: rows larger than the memory set "
				    "aside for them: ask for fewer at once");
		return FALSE;
	}
	return TRUE;
}

gboolean jr_stmt_read_all(JrStmt *st, const JrShape *shape, JrArena *arena,
			  GArray *rows, GError **error)
{
	gboolean row;

	g_assert(g_array_get_element_size(rows) == shape->size);
	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		g_array_set_size(rows, rows->len + 1);
		gpointer last = rows->data + (rows->len - 1) * shape->size;
		memset(last, 0, shape->size);
		if (!jr_stmt_read(st, shape->fields, last, arena, error))
			return FALSE;
	}
	return FALSE;
}

gboolean jr_stmt_read_one(JrStmt *st, const JrField *fields, gpointer row,
			  JrArena *arena, gboolean *found, GError **error)
{
	return jr_stmt_row(st, found, error) &&
	       (!*found || jr_stmt_read(st, fields, row, arena, error));
}

gboolean jr_stmt_numbers(JrStmt *st, GArray *numbers, GError **error)
{
	gboolean row;

	while (jr_stmt_row(st, &row, error)) {
		if (!row)
			return TRUE;
		gint64 number = jr_stmt_int(st, 0);
		g_array_append_val(numbers, number);
	}
	return FALSE;
}

void jr_db_statements(JrDb *db, void (*each)(const char *sql, gpointer user),
		      gpointer user)
{
	g_autoptr(GList) all = g_hash_table_get_keys(db->shelves);

	all = g_list_sort(all, (GCompareFunc)g_strcmp0);
	for (GList *sql = all; sql; sql = sql->next)
		each(sql->data, user);
}
