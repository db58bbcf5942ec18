#include "store/conn.h"
#include "store/schema.h"
#include "base/error.h"

const JrMigration jr_migrations[] = {
	{ 1, jr_schema_1 },   { 2, jr_schema_2 },   { 3, jr_schema_3 },
	{ 4, jr_schema_4 },   { 5, jr_schema_5 },   { 6, jr_schema_6 },
	{ 7, jr_schema_7 },   { 8, jr_schema_8 },   { 9, jr_schema_9 },
	{ 10, jr_schema_10 }, { 11, jr_schema_11 },
};
const gsize jr_migrations_n = G_N_ELEMENTS(jr_migrations);

/* What jr_migrate() was asked, for the body of its transaction. */
typedef struct {
	const JrMigration *migrations;
	gsize n;
} Path;

/* @sql with the driver's words in it.  Owned. */
static char *in_words_of(const JrDb *db, const char *sql)
{
	const JrDriver *driver = db->driver;
	GString *text = g_string_new(sql);

	g_string_replace(text, "$KEY", driver->key, 0);
	/* In scratch nothing that is gone is asked for any more. */
	g_string_replace(text, "$SERIAL",
			 db->scratch ? driver->key : driver->serial, 0);
	g_string_replace(text, "$CLUSTERED", driver->clustered, 0);
	return g_string_free(text, FALSE);
}

/* How far it is. */
typedef struct {
	int version;
	guint done, of; /* statements; of 0: there was nothing to bring along */
} Way;

static void tell(const JrDb *db, Way *way)
{
	if (db->moving && way->of > 0)
		db->moving(way->version, way->done, way->of, db->moving_user);
	way->done++;
}

static gboolean run_all(JrDb *db, const char *const *statements, Way *way,
			GError **error)
{
	for (; *statements; statements++) {
		g_autofree char *sql = in_words_of(db, *statements);

		tell(db, way);
		if (!jr_stmt_run_text(db, sql, error))
			return FALSE;
	}
	return TRUE;
}

/* Whether there are tables, and whether meta is among them. */
static gboolean look(JrDb *db, gboolean *any, gboolean *ours, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, db->driver->tables, error);
	gboolean row = TRUE;

	*any = *ours = FALSE;
	while (st && row) {
		gsize len;

		if (!jr_stmt_row(st, &row, error))
			return FALSE;
		*any |= row;
		*ours |= row && g_str_equal(jr_stmt_text(st, 0, &len), "meta");
	}
	return !!st;
}

static gboolean read_version(JrDb *db, int *version, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT value FROM meta WHERE name = 'schema'", error);
	gboolean row;
	gsize len;

	if (!st || !jr_stmt_row(st, &row, error))
		return FALSE;
	*version =
		row ? (int)g_ascii_strtoll(jr_stmt_text(st, 0, &len), NULL, 10)
		    : -1;
	return TRUE;
}

/* The version of the schema; 0: there is none yet; -1: not of jr. */
static gboolean find_version(JrDb *db, int *version, GError **error)
{
	gboolean any, ours;

	if (!look(db, &any, &ours, error))
		return FALSE;
	*version = any ? -1 : 0;
	return !ours || read_version(db, version, error);
}

static gboolean check_version(JrDb *db, int version, int own, GError **error)
{
	if (version < 0)
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "state '%s': this is a database of something "
			    "else: name another path",
			    db->where);
	else if (version > own)
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "state '%s': its schema has version %d, this jr "
			    "knows %d: install the newer jr that made it",
			    db->where, version, own);
	else if (version < own && db->read_only)
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "state '%s': its schema has version %d, this jr "
			    "knows %d: run jr-ingest once to bring it forward",
			    db->where, version, own);
	else
		return TRUE;
	return FALSE;
}

static gboolean write_version(JrDb *db, int version, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO meta (name, value) VALUES ('schema', $version)"
		" ON CONFLICT (name) DO UPDATE SET value = $version",
		error);
	g_autofree char *text = g_strdup_printf("%d", version);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "version", text);
	return jr_stmt_run(st, error);
}

static guint count_statements(const JrDb *db, const Path *path, int version)
{
	guint n = 0;

	for (gsize i = 0; i < path->n; i++)
		if (path->migrations[i].version > version)
			n += g_strv_length(
				(char **)path->migrations[i].statements);
	return n + g_strv_length((char **)db->driver->extra);
}

static gboolean run_path(JrDb *db, const Path *path, int version,
			 GError **error)
{
	Way way = { .of = version ? count_statements(db, path, version) : 0 };

	for (gsize i = 0; i < path->n; i++) {
		way.version = path->migrations[i].version;
		if (way.version > version &&
		    !run_all(db, path->migrations[i].statements, &way, error))
			return FALSE;
	}
	/* What other programs must not do either, none can do to scratch. */
	return db->scratch || run_all(db, db->driver->extra, &way, error);
}

/* Another may have been faster: look again, now that the lock is ours. */
static gboolean move_on(JrDb *db, gpointer data, GError **error)
{
	const Path *path = data;
	int own = path->migrations[path->n - 1].version;
	int version;

	if (!find_version(db, &version, error) ||
	    !check_version(db, version, own, error))
		return FALSE;
	return version == own || (run_path(db, path, version, error) &&
				  write_version(db, own, error));
}

gboolean jr_migrate(JrDb *db, const JrMigration *migrations, gsize n,
		    GError **error)
{
	Path path = { migrations, n };
	int own = migrations[n - 1].version;
	int version;

	if (!find_version(db, &version, error) ||
	    !check_version(db, version, own, error))
		return FALSE;
	if (version == own)
		return TRUE;
	return jr_db_write(db, move_on, &path, error);
}
