/*
 * stmt.h - statements, for the files of store/ alone.
 *
 * SQL is a literal, prepared once for each connection and lent again and
 * again; values are bound by name, so that PostgreSQL, which knows numbers
 * only, can be told which is which.  It is written in what SQLite and
 * PostgreSQL have in common: BIGINT, SMALLINT and TEXT, ON CONFLICT, RETURNING;
 * no functions of dates, no column that is not there.
 *
 * A statement that may look at all rows of a table has the comment "all" in
 * it; a test asks the database how it would run each of the others, and fails
 * on a scan.
 */
#pragma once

#include "store/db.h"

typedef struct _JrStmt JrStmt;

/*
 * The statement @sql, a literal.  Hold it by g_autoptr in the smallest scope:
 * until jr_stmt_done() gives it back it keeps a view of the data that soon is
 * old.  NULL and JR_ERROR_IO.  One that writes is lent in jr_db_write() only.
 */
JrStmt *jr_db_stmt(JrDb *db, const char *sql, GError **error);
void jr_stmt_done(JrStmt *st);

/* Begin again with new values: as done, and lent anew. */
void jr_stmt_again(JrStmt *st);

/* Answers that are never taken for one another. */
typedef enum {
	JR_STEP_ROW,	/* here is a row */
	JR_STEP_DONE,	/* there is no other */
	JR_STEP_BUSY,	/* JR_ERROR_BUSY: nobody knows, the lock is taken */
	JR_STEP_FAILED, /* JR_ERROR_IO */
} JrStep;
JrStep jr_stmt_step(JrStmt *st, GError **error);

/* Step to the end, past rows; FALSE: busy or failed. */
gboolean jr_stmt_run(JrStmt *st, GError **error);

/* Step once: *@row says whether there is one; FALSE: busy or failed. */
gboolean jr_stmt_row(JrStmt *st, gboolean *row, GError **error);

/* Give $@name its value.  @text is borrowed until the statement is done, and
 * NULL is NULL. */
void jr_stmt_set_int(JrStmt *st, const char *name, gint64 value);
void jr_stmt_set_text(JrStmt *st, const char *name, const char *text);

/* Column @i, from 0, of the row; a text is borrowed until the next step. */
gint64 jr_stmt_int(JrStmt *st, int i);
const char *jr_stmt_text(JrStmt *st, int i, gsize *len);

/* Write the row as a JSON object, column by column, at the end of @out. */
void jr_stmt_write_row(JrStmt *st, GString *out);

/*
 * How the members of a struct and the columns of a table go together.  A table
 * of these ends with a row whose name is NULL.
 */
typedef enum {
	JR_FIELD_INT64,
	JR_FIELD_INT, /* int, gboolean, an enum */
	JR_FIELD_TEXT,
	JR_FIELD_BYTES, /* text with its length in another member */
} JrFieldType;

typedef struct {
	const char *name; /* of column and value */
	JrFieldType type;
	gsize at;  /* offset of the member */
	gsize len; /* BYTES: offset of the gsize with the length */
} JrField;

#define JR_INT64(type, member)                                                 \
	{                                                                      \
#member, JR_FIELD_INT64, G_STRUCT_OFFSET(type, member), 0      \
	}
#define JR_INT(type, member)                                                   \
	{                                                                      \
#member, JR_FIELD_INT, G_STRUCT_OFFSET(type, member), 0        \
	}
#define JR_TEXT(type, member)                                                  \
	{                                                                      \
#member, JR_FIELD_TEXT, G_STRUCT_OFFSET(type, member), 0       \
	}
#define JR_FIELD_END                                                           \
	{                                                                      \
		NULL, 0, 0, 0                                                  \
	}

/* A struct with fields, as arrays have them. */
typedef struct {
	const JrField *fields;
	gsize size; /* of the struct */
} JrShape;

/* Bind all values of @st that @fields has, from @row. */
void jr_stmt_bind(JrStmt *st, const JrField *fields, gconstpointer row);

/*
 * Many rows by one statement: its values are named as @fields, with the number
 * of their row, from 0, behind: $seq0, $seq1 …  Bind @count of @shape's, which
 * stand behind each other from @rows.
 */
void jr_stmt_bind_rows(JrStmt *st, const JrShape *shape, gconstpointer rows,
		       guint count);

/* How many rows @st, which is run, has changed. */
gint64 jr_stmt_changed(JrStmt *st);

/*
 * Step to the end; *@any says whether it has changed a row.  Where that is all
 * to know no RETURNING asks for it, which makes a table of its own each time
 * and costs more than most rows.
 */
gboolean jr_stmt_did(JrStmt *st, gboolean *any, GError **error);

/* The number that the row got which @st has inserted just now, of a table
 * whose key is a $SERIAL. */
gint64 jr_stmt_key(JrStmt *st);

/*
 * An INSERT of one row and of eight: by the eight, rows are a third cheaper
 * where they stand side by side, at the end of a table.  Elsewhere SQLite first
 * puts aside each page that one statement changes, and they are dearer: then
 * @many is NULL.
 */
#define JR_BULK 8
#define JR_BULK_ROWS(row)                                                      \
	row(0) "," row(1) "," row(2) "," row(3) "," row(4) "," row(5) "," row( \
		6) "," row(7)
typedef struct {
	const char *one;  /* its values without a number behind their names */
	const char *many; /* of JR_BULK */
	JrShape shape;
} JrBulk;

/* Insert @n of @bulk's rows from @rows, behind each other. */
gboolean jr_stmt_put_rows(JrDb *db, const JrBulk *bulk, gconstpointer rows,
			  gsize n, GError **error);

/*
 * Fill the members of @row that the columns of @st have; texts are copied to
 * @arena, or borrowed until the next step when it is NULL.  The others keep
 * their value.  FALSE and JR_ERROR_IO when @arena is full.
 */
gboolean jr_stmt_read(JrStmt *st, const JrField *fields, gpointer row,
		      JrArena *arena, GError **error);

/* All rows, into an array of structs; and the next row alone, if there is one:
 * *@found. */
gboolean jr_stmt_read_all(JrStmt *st, const JrShape *shape, JrArena *arena,
			  GArray *rows, GError **error);
gboolean jr_stmt_read_one(JrStmt *st, const JrField *fields, gpointer row,
			  JrArena *arena, gboolean *found, GError **error);

/* Append the first column of each row, a number, to @numbers (gint64). */
gboolean jr_stmt_numbers(JrStmt *st, GArray *numbers, GError **error);

/* What the lock of the store protects is to be written only under it. */
gboolean jr_db_writing(JrDb *db);

/* The store's own secret, for keyed hashes; 64 hex digits. */
const char *jr_db_secret(JrDb *db);

/* Show @each the SQL of every statement prepared so far: for tests. */
void jr_db_statements(JrDb *db, void (*each)(const char *sql, gpointer user),
		      gpointer user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrStmt, jr_stmt_done)
