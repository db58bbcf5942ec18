/* Killed at any moment, the store has whole transactions, and all of those
 * that it said were done. */
#include "store.h"
#include "store/log.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH 10

/* One transaction: ten rows, and a cursor behind them. */
static gboolean add_batch(JrDb *here, gpointer data, GError **error)
{
	const gint64 *number = data;
	JrLogRow rows[BATCH] = { 0 };
	char ids[BATCH][32];

	for (int i = 0; i < BATCH; i++) {
		g_snprintf(ids[i], sizeof ids[i], "%" G_GINT64_FORMAT "-%d",
			   *number, i);
		rows[i] = (JrLogRow){ .kind = JR_LOG_EVENT,
				      .person = i + 1,
				      .name = "e",
				      .id = ids[i],
				      .data = "{}",
				      .data_len = 2 };
	}
	return jr_log_admit(here, rows, BATCH, error) &&
	       jr_log_append(here, rows, BATCH, error) &&
	       jr_cursor_set(here, "test", rows[BATCH - 1].seq, error);
}

/* Write batch after batch, and say after each, to @out, that it is done. */
static void write_for_ever(int out, gint64 first)
{
	JrDb *here = jr_db_open(state_path, NULL, NULL);

	for (gint64 n = first; here; n++) {
		if (!jr_db_write(here, add_batch, &n, NULL) ||
		    write(out, "x", 1) != 1)
			break;
	}
	_exit(3);
}

/* How many batches a child says it wrote before it was killed. */
static gint64 run_and_kill(gint64 first, guint after_us, int *status)
{
	int ends[2];
	char said[64];
	gint64 n = 0;
	gssize got;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		write_for_ever(ends[1], first);
	close(ends[1]);
	g_usleep(after_us);
	kill(child, SIGKILL);
	while ((got = read(ends[0], said, sizeof said)) > 0)
		n += got;
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, status, 0), child);
	return n;
}

static gint64 assert_whole(gint64 at_least)
{
	gint64 rows = number_of("SELECT COUNT(*) FROM log"), cursor;

	OK(jr_db_check(db, &failed));
	ck_assert_int_eq(rows % BATCH, 0);
	ck_assert_int_ge(rows / BATCH, at_least);
	ck_assert_int_le(rows / BATCH, at_least + 1); /* the unsaid one */
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM seen"), rows);
	ck_assert_int_eq(number_of("SELECT COUNT(*) FROM history"), rows);
	OK(jr_cursor_get(db, "test", &cursor, &failed));
	ck_assert_int_eq(cursor, rows);
	return rows / BATCH;
}

START_TEST(killed_at_any_moment_it_is_whole)
{
	GRand *rand = g_rand_new_with_seed(7);
	gint64 done = 0;
	int status;

	for (int i = 0; i < 12; i++) {
		guint us = (guint)g_rand_int_range(rand, 3000, 60000);

		done += run_and_kill(done, us, &status);
		ck_assert(WIFSIGNALED(status));
		done = assert_whole(done);
	}
	ck_assert_int_gt(done, 0);
	g_rand_free(rand);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_state, close_state);
	tcase_add_test(tc, killed_at_any_moment_it_is_whole);
}
