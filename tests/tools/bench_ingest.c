/*
 * bench_ingest - the least that taking in a file of events takes: bench_ingest
 * STATE <FILE.
 *
 * Reads own lines as jr-ingest does (yajl behind io/json.h), and by a bare loop
 * over SQLite writes the rows that jr-ingest writes: log, history and seen for
 * each, a new row in people and identities for whoever is new, attributes and
 * devices as they come.  A batch is passed on once it is on the disk.  It
 * checks and merges nothing, and remembers all people.
 */
#include "bare.h"
#include "io/ndjson.h"

#include <stdio.h>
#include <unistd.h>

#define BATCH 100000
#define NOW_S 1794000000

static const char *const more_tables =
	"CREATE TABLE IF NOT EXISTS people (person INTEGER PRIMARY KEY, id,"
	" attributes, times);"
	"CREATE TABLE IF NOT EXISTS identities (kind, value, person,"
	" PRIMARY KEY (kind, value)) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS identities_person ON identities (person);"
	"CREATE TABLE IF NOT EXISTS devices (token PRIMARY KEY, person, data)"
	" WITHOUT ROWID;";

typedef struct {
	Bare bare;
	sqlite3_stmt *person, *identity, *attributes, *device;
	GHashTable *people;	/* id to number */
	JrArena *names, *arena; /* of people, of the batch */
	gint64 last;		/* the newest person */
	JrLogRow rows[BATCH];
	JrRecord lines[BATCH]; /* raw and len alone */
	gint64 n;
} Bench;

static void load_people(Bench *bench)
{
	sqlite3_stmt *st =
		bare_prepare(&bench->bare, "SELECT person, id FROM people");

	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(st, 1);

		bench->last = sqlite3_column_int64(st, 0);
		id = jr_arena_text(bench->names, id, strlen(id));
		g_hash_table_insert(bench->people, (gpointer)id,
				    GSIZE_TO_POINTER(bench->last));
	}
	sqlite3_finalize(st);
}

static void open_state(Bench *bench, const char *path)
{
	Bare *bare = &bench->bare;

	bare_open(bare, path, BATCH);
	sqlite3_exec(bare->conn, more_tables, NULL, NULL, NULL);
	bench->person = bare_prepare(bare, "INSERT INTO people VALUES"
					   " (?,?,'{}','{}')");
	bench->identity = bare_prepare(bare, "INSERT INTO identities VALUES"
					     " (1,?,?)");
	bench->attributes = bare_prepare(
		bare, "UPDATE people SET attributes = ? WHERE person = ?");
	bench->device = bare_prepare(bare, "INSERT INTO devices VALUES (?,?,?)"
					   " ON CONFLICT DO NOTHING");
	bench->names = jr_arena_new(G_MAXSIZE);
	bench->arena = jr_arena_new(G_MAXSIZE);
	bench->people = g_hash_table_new(g_str_hash, g_str_equal);
	load_people(bench);
}

static void close_state(Bench *bench)
{
	sqlite3_finalize(bench->person);
	sqlite3_finalize(bench->identity);
	sqlite3_finalize(bench->attributes);
	sqlite3_finalize(bench->device);
	bare_close(&bench->bare);
	g_hash_table_unref(bench->people);
	jr_arena_free(bench->names);
	jr_arena_free(bench->arena);
}

/* The number of whoever is called @id; a new one. */
static gint64 number_of(Bench *bench, const char *id)
{
	gpointer known = g_hash_table_lookup(bench->people, id);

	if (known)
		return (gint64)GPOINTER_TO_SIZE(known);
	id = jr_arena_text(bench->names, id, strlen(id));
	g_hash_table_insert(bench->people, (gpointer)id,
			    GSIZE_TO_POINTER(++bench->last));
	sqlite3_bind_int64(bench->person, 1, bench->last);
	bare_text(bench->person, 2, id, strlen(id));
	bare_run(bench->person);
	bare_text(bench->identity, 1, id, strlen(id));
	sqlite3_bind_int64(bench->identity, 2, bench->last);
	bare_run(bench->identity);
	return bench->last;
}

/* What an identify or a device changes beside the log. */
static void change(Bench *bench, const JrLogRow *row, const JrVal *val)
{
	const JrVal *device = jr_val_get(val, "device");
	const char *token = jr_val_get_text(device, "token");

	if (token) {
		bare_text(bench->device, 1, token, strlen(token));
		sqlite3_bind_int64(bench->device, 2, row->person);
		bare_text(bench->device, 3, row->data, row->data_len);
		bare_run(bench->device);
	} else if (row->kind == JR_LOG_IDENTIFY) {
		bare_text(bench->attributes, 1, row->data, row->data_len);
		sqlite3_bind_int64(bench->attributes, 2, row->person);
		bare_run(bench->attributes);
	}
}

static const char *keep(Bench *bench, const char *text)
{
	return text ? jr_arena_text(bench->arena, text, strlen(text)) : NULL;
}

static void take_line(Bench *bench, const JrRecord *record)
{
	const JrVal *data = jr_val_get(record->val, "attributes");
	const JrVal *at = jr_val_get(record->val, "timestamp");
	const JrVal *who = jr_val_get(record->val, "identifiers");
	const char *raw = jr_arena_text(bench->arena, record->raw, record->len);
	const char *id = jr_val_get_text(record->val, "id");
	const char *name = jr_val_get_text(record->val, "name");
	JrLogRow *row = &bench->rows[bench->n];

	*row = (JrLogRow){
		.kind = name ? JR_LOG_EVENT : JR_LOG_IDENTIFY,
		.person = number_of(bench, jr_val_get_text(who, "id")),
		.name = name ? keep(bench, name) : "",
		.at_s = at ? at->num : NOW_S,
		.received_s = NOW_S,
		.id = id ? keep(bench, id) : raw,
		.data = data ? raw + data->offset : NULL,
		.data_len = data ? data->bytes : 0,
	};
	bench->lines[bench->n++] = (JrRecord){ .raw = raw, .len = record->len };
	change(bench, row, record->val);
}

/* FALSE: there was nothing more. */
static gboolean take_batch(Bench *bench, JrReader *in, JrWriter *out)
{
	JrRecord record;

	bench->n = 0;
	jr_arena_reset(bench->arena);
	bare_begin(&bench->bare);
	while (bench->n < BATCH &&
	       jr_reader_next(in, &record, NULL) == JR_READ_RECORD) {
		take_line(bench, &record);
		jr_reader_release(in);
	}
	bare_rows(&bench->bare, bench->rows, bench->n);
	bare_commit(&bench->bare);
	for (gint64 i = 0; i < bench->n; i++)
		jr_writer_line(out, bench->lines[i].raw, bench->lines[i].len,
			       NULL);
	return bench->n > 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: bench_ingest STATE <FILE\n", stderr);
		return 64;
	}
	Bench *bench = g_new0(Bench, 1);
	g_autoptr(JrReader) in = jr_reader_new(STDIN_FILENO, "stdin");
	g_autoptr(JrWriter) out = jr_writer_new(STDOUT_FILENO, "stdout");

	open_state(bench, argv[1]);
	while (take_batch(bench, in, out))
		;
	close_state(bench);
	g_free(bench);
	return jr_writer_flush(out, NULL) ? 0 : 74;
}
