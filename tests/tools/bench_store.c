/*
 * bench_store - how fast events get into a store: bench_store DIRECTORY
 * [EVENTS PEOPLE BATCH].
 *
 * Events of 300 bytes by random people are written to a new store through
 * common/store, and to another by a bare loop over SQLite with the same
 * tables, one transaction a batch, each on the disk when it ends.  Prints both
 * and how they compare.
 */
#include "bare.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA_BYTES 200

typedef struct {
	gint64 events, people, batch;
	JrLogRow *rows;
	char (*ids)[32];
	char data[DATA_BYTES + 1];
	guint64 state;
} Bench;

static const char *const names[] = {
	"Product Viewed", "Search Performed", "Checkout Started",
	"Payment Failed", "Order Completed",  "Feature Used",
};

/* SplitMix64 (public domain). */
static guint64 draw(Bench *bench)
{
	guint64 z = bench->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* The next batch, which begins with event @from. */
static void make_batch(Bench *bench, gint64 from)
{
	for (gint64 i = 0; i < bench->batch; i++) {
		g_snprintf(bench->ids[i], sizeof bench->ids[i],
			   "01J%016" G_GINT64_MODIFIER "X%07d", draw(bench),
			   (int)(from + i));
		bench->rows[i] = (JrLogRow){
			.kind = JR_LOG_EVENT,
			.person = 1 + (gint64)(draw(bench) %
					       (guint64)bench->people),
			.name = names[draw(bench) % G_N_ELEMENTS(names)],
			.at_s = 1793000000 + (from + i) / 20,
			.received_s = 1793000000 + (from + i) / 20,
			.id = bench->ids[i],
			.data = bench->data,
			.data_len = DATA_BYTES,
		};
	}
}

/* ---- through common/store ---- */

static gboolean keep(JrDb *db, gpointer data, GError **error)
{
	Bench *bench = data;
	gsize n = (gsize)bench->batch;

	return jr_log_admit(db, bench->rows, n, error) &&
	       jr_log_append(db, bench->rows, n, error);
}

static gboolean run_store(Bench *bench, const char *path, GError **error)
{
	const JrDbOptions options = { .cache_mib = 128 };
	g_autoptr(JrDb) db = jr_db_open(path, &options, error);

	for (gint64 n = 0; db && n < bench->events; n += bench->batch) {
		make_batch(bench, n);
		if (!jr_db_write(db, keep, bench, error))
			return FALSE;
	}
	return !!db;
}

/* ---- a bare loop ---- */

static void run_bare(Bench *bench, const char *path)
{
	Bare bare;

	bare_open(&bare, path, bench->batch);
	for (gint64 n = 0; n < bench->events; n += bench->batch) {
		make_batch(bench, n);
		bare_begin(&bare);
		bare_rows(&bare, bench->rows, bench->batch);
		bare_commit(&bare);
	}
	bare_close(&bare);
}

static gint64 argument(int argc, char **argv, int i, gint64 otherwise)
{
	return argc > i ? g_ascii_strtoll(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	Bench bench = {
		.events = argument(argc, argv, 2, 300000),
		.people = argument(argc, argv, 3, 100000),
		.batch = argument(argc, argv, 4, 50000),
	};
	g_autoptr(GError) error = NULL;
	gint64 from, store_ms, bare_ms;

	if (argc < 2) {
		fputs("usage: bench_store DIRECTORY [EVENTS PEOPLE BATCH]\n",
		      stderr);
		return 64;
	}
	g_autofree char *store = g_build_filename(argv[1], "store.db", NULL);
	g_autofree char *bare = g_build_filename(argv[1], "bare.db", NULL);
	g_autofree JrLogRow *rows = g_new(JrLogRow, bench.batch);
	g_autofree void *ids = g_malloc(32 * (gsize)bench.batch);

	bench.rows = rows;
	bench.ids = ids;
	memset(bench.data, 'x', DATA_BYTES);
	from = jr_clock_ticks_ms();
	if (!run_store(&bench, store, &error)) {
		fprintf(stderr, "bench_store: %s\n", error->message);
		return 74;
	}
	store_ms = jr_clock_ticks_ms() - from;
	bench.state = 0;
	from = jr_clock_ticks_ms();
	run_bare(&bench, bare);
	bare_ms = jr_clock_ticks_ms() - from;
	printf("%.2f s through the store, bare inserts: %.2f s, %.2f x\n",
	       (double)store_ms / 1000, (double)bare_ms / 1000,
	       (double)store_ms / (double)bare_ms);
	return 0;
}
