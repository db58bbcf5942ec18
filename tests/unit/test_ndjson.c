/* Reading records: what is one, what is refused, where reading goes on. */
#define _GNU_SOURCE /* memfd_create */

#include "base/error.h"
#include "io/ndjson.h"
#include "io/stop.h"
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
	const char *input;
	gsize size;
	const char *want; /* a letter a line: r record, x refused */
} inputs[] = {
	{ BYTES(""), "" },
	{ BYTES("\n\n \r\n"), "" },
	{ BYTES("{}\n"), "r" },
	{ BYTES("{}"), "r" }, /* no final newline */
	{ BYTES("{}\r\n"), "r" },
	{ BYTES("\xef\xbb\xbf{}\n{}"), "rr" },
	{ BYTES("{}\n\xef\xbb\xbf{}\n"), "rx" },
	{ BYTES("\n \t\n{}\n\n{}\n"), "rr" },
	{ BYTES("{}{}\n{}\n"), "xr" },
	{ BYTES("{\"a\":1,\"a\":2}\n{}\n"), "xr" },
	{ BYTES("[]\n3\nnull\n\"s\"\n{}\n"), "xxxxr" },
	{ BYTES("{\"a\":\"\xff\"}\n{}\n"), "xr" },
	{ BYTES("{\"a\":1}\0\n{}\n"), "xr" },
	{ BYTES("\0\n{}\n"), "xr" },
	{ BYTES("{}\n{\"a\":"), "rx" }, /* cut off by a crash */
};

/* A file in memory that holds @size bytes of @input. */
static int file_of(const char *input, gsize size)
{
	int fd = memfd_create("input", 0);

	ck_assert_int_eq(write(fd, input, size), (gssize)size);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void assert_read(JrReader *reader, const char *want)
{
	JrRecord record;

	for (; *want; want++) {
		ck_assert_int_eq(jr_reader_next(reader, &record, NULL),
				 *want == 'r' ? JR_READ_RECORD : JR_READ_BAD);
		ck_assert(*want == 'r' ? record.val && !record.why
				       : !record.val && record.why);
		if (record.why)
			ck_assert(g_error_matches(record.why, JR_ERROR,
						  JR_ERROR_INPUT));
	}
	ck_assert_int_eq(jr_reader_next(reader, &record, NULL), JR_READ_END);
	ck_assert_int_eq(jr_reader_next(reader, &record, NULL), JR_READ_END);
}

START_TEST(a_line_is_read_or_refused)
{
	int fd = file_of(inputs[_i].input, inputs[_i].size);
	g_autoptr(JrReader) reader = jr_reader_new(fd, "input");

	assert_read(reader, inputs[_i].want);
	close(fd);
}
END_TEST

/* Bytes that come one by one are the same lines. */
START_TEST(a_line_may_come_in_pieces)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	if (fork() == 0) {
		for (gsize i = 0; i < inputs[_i].size; i++)
			if (write(ends[1], inputs[_i].input + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	g_autoptr(JrReader) reader = jr_reader_new(ends[0], "input");
	assert_read(reader, inputs[_i].want);
	close(ends[0]);
}
END_TEST

START_TEST(a_line_too_long_is_refused_and_the_next_is_read)
{
	const gsize sizes[] = { JR_LINE_MAX - 1, JR_LINE_MAX, JR_LINE_MAX + 1,
				2 * JR_LINE_MAX, 5 * JR_LINE_MAX + 77 };
	g_autofree char *input =
		g_strdup_printf("{\"a\":1%*s\n{}\n", (int)sizes[_i] - 6, "}");
	const char *last = strrchr(input, '{');
	int fd = file_of(input, strlen(input));
	/* The same, but the long line is the last and has no end. */
	int half = file_of(input, (gsize)(last - 1 - input));
	g_autoptr(JrReader) reader = jr_reader_new(fd, "input");
	g_autoptr(JrReader) cut = jr_reader_new(half, "input");
	gboolean fits = sizes[_i] <= JR_LINE_MAX;
	JrRecord record;

	assert_read(reader, fits ? "rr" : "xr");
	ck_assert_int_eq(jr_reader_next(cut, &record, NULL),
			 fits ? JR_READ_RECORD : JR_READ_BAD);
	ck_assert_uint_eq(record.len, MIN(sizes[_i], JR_LINE_MAX));
	ck_assert_int_eq(record.cut, !fits);
	ck_assert_int_eq(jr_reader_next(cut, &record, NULL), JR_READ_END);
	close(fd);
	close(half);
}
END_TEST

START_TEST(a_record_is_its_bytes_and_its_line)
{
	int fd = file_of(BYTES("\n{ \"a\":1 }\r\nx\n\n{}"));
	g_autoptr(JrReader) reader = jr_reader_new(fd, "input");
	JrRecord first, second, third;

	jr_reader_next(reader, &first, NULL);
	jr_reader_next(reader, &second, NULL);
	jr_reader_next(reader, &third, NULL);
	ck_assert_str_eq(first.raw, "{ \"a\":1 }\r");
	ck_assert_uint_eq(first.line, 2);
	ck_assert_str_eq(second.raw, "x");
	ck_assert_uint_eq(second.line, 3);
	ck_assert_str_eq(third.raw, "{}");
	ck_assert_uint_eq(third.line, 5);
	close(fd);
}
END_TEST

START_TEST(a_line_that_is_no_json_can_be_had)
{
	int fd = file_of(BYTES("a,b\n\n\"x\",2\n"));
	g_autoptr(JrReader) reader = jr_reader_new(fd, "input");
	JrRecord record;

	ck_assert_int_eq(jr_reader_line(reader, &record, NULL), JR_READ_RECORD);
	ck_assert_str_eq(record.raw, "a,b");
	ck_assert_int_eq(jr_reader_line(reader, &record, NULL), JR_READ_RECORD);
	ck_assert_str_eq(record.raw, "");
	ck_assert_int_eq(jr_reader_line(reader, &record, NULL), JR_READ_RECORD);
	ck_assert_str_eq(record.raw, "\"x\",2");
	ck_assert_int_eq(jr_reader_line(reader, &record, NULL), JR_READ_END);
	close(fd);
}
END_TEST

START_TEST(a_stream_that_breaks_is_told)
{
	g_autoptr(JrReader) reader = jr_reader_new(1000, "stdin");
	g_autoptr(GError) error = NULL;
	JrRecord record;

	ck_assert_int_eq(jr_reader_next(reader, &record, &error),
			 JR_READ_FAILED);
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_IO));
	ck_assert_str_eq(error->message,
			 "cannot read stdin: Bad file descriptor");
}
END_TEST

/* 1000 records of about 100 bytes, each with its number. */
static int many(void)
{
	g_autoptr(GString) input = g_string_new(NULL);

	for (guint i = 0; i < 1000; i++)
		g_string_append_printf(input, "{\"n\":%u,\"pad\":\"%080u\"}\n",
				       i, i);
	return file_of(input->str, input->len);
}

static const struct {
	JrBatch limits;
	guint least, most; /* records in the first batch */
} batches[] = {
	{ { 1, G_MAXSIZE, 0 }, 1, 1 },
	{ { 256, G_MAXSIZE, 0 }, 256, 256 },
	{ { 5000, G_MAXSIZE, 0 }, 1000, 1000 },
	{ { 5000, 1, 0 }, 1, 1 },
	{ { 5000, 20000, 0 }, 20, 200 },
};

START_TEST(a_batch_stays_until_the_next)
{
	int fd = many();
	g_autoptr(JrReader) reader = jr_reader_new(fd, "input");
	g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JrRecord));
	gint64 n = 0;

	while (jr_reader_batch(reader, &batches[_i].limits, records, NULL) ==
	       JR_READ_RECORD) {
		if (n == 0)
			ck_assert(records->len >= batches[_i].least &&
				  records->len <= batches[_i].most);
		for (guint i = 0; i < records->len; i++, n++) {
			const JrRecord *r =
				&g_array_index(records, JrRecord, i);

			ck_assert_int_eq(jr_val_get(r->val, "n")->num, n);
			ck_assert_int_eq((gint64)r->line, n + 1);
		}
	}
	ck_assert_int_eq(n, 1000);
	ck_assert_uint_eq(records->len, 0);
	close(fd);
}
END_TEST

START_TEST(a_batch_does_not_wait_for_more_than_there_is)
{
	const JrBatch limits = { 1000, G_MAXSIZE, 20 };
	g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JrRecord));
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	g_autoptr(JrReader) reader = jr_reader_new(ends[0], "input");
	ck_assert_int_eq(write(ends[1], "{}\nx\n{}\n{", 9), 9);
	ck_assert_int_eq(jr_reader_batch(reader, &limits, records, NULL),
			 JR_READ_RECORD);
	ck_assert_uint_eq(records->len, 3);
	ck_assert_ptr_nonnull(g_array_index(records, JrRecord, 1).why);
	ck_assert_int_eq(write(ends[1], "}", 1), 1);
	close(ends[1]);
	ck_assert_int_eq(jr_reader_batch(reader, &limits, records, NULL),
			 JR_READ_RECORD);
	ck_assert_uint_eq(records->len, 1);
	ck_assert_int_eq(jr_reader_batch(reader, &limits, records, NULL),
			 JR_READ_END);
	close(ends[0]);
}
END_TEST

START_TEST(a_signal_ends_the_wait_for_input)
{
	int ends[2];
	JrRecord record;
	pid_t self = getpid();

	ck_assert_int_eq(pipe(ends), 0);
	jr_stop_catch();
	if (fork() == 0) {
		usleep(50000);
		kill(self, SIGHUP); /* this one does not */
		usleep(50000);
		kill(self, SIGTERM);
		_exit(0);
	}
	g_autoptr(JrReader) reader = jr_reader_new(ends[0], "input");
	ck_assert(!jr_stop_requested());
	ck_assert_int_eq(jr_reader_next(reader, &record, NULL), JR_READ_END);
	ck_assert(jr_stop_requested());
}
END_TEST

START_TEST(what_is_written_is_read)
{
	int fd = memfd_create("output", 0);
	g_autoptr(JrWriter) writer = jr_writer_new(fd, "output");
	g_autoptr(JrReader) reader = jr_reader_new(fd, "output");
	g_autoptr(json_t) doc = json_pack("{s:f, s:[b,n], s:s}", "real", 0.1,
					  "list", 1, "text", "é\"\n");
	JrRecord record;

	for (guint i = 0; i < 20000; i++) {
		ck_assert(jr_writer_json(writer, doc, NULL));
		ck_assert(jr_writer_line(writer, "{ }", 3, NULL));
	}
	ck_assert(jr_writer_flush(writer, NULL));
	lseek(fd, 0, SEEK_SET);
	for (guint i = 0; i < 20000; i++) {
		jr_reader_release(reader);
		jr_reader_next(reader, &record, NULL);
		ck_assert_str_eq(record.raw,
				 "{\"real\":0.1,\"list\":[true,null],"
				 "\"text\":\"é\\\"\\n\"}");
		jr_reader_next(reader, &record, NULL);
		ck_assert_str_eq(record.raw, "{ }");
	}
	ck_assert_int_eq(jr_reader_next(reader, &record, NULL), JR_READ_END);
	close(fd);
}
END_TEST

START_TEST(a_record_too_long_is_not_written)
{
	int fd = memfd_create("output", 0);
	g_autoptr(JrWriter) writer = jr_writer_new(fd, "output");
	g_autofree char *pad = g_strnfill(JR_LINE_MAX + 1, 'x');
	g_autoptr(GError) error = NULL;

	ck_assert(jr_writer_line(writer, pad, JR_LINE_MAX, NULL));
	ck_assert(!jr_writer_line(writer, pad, JR_LINE_MAX + 1, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
	ck_assert(jr_writer_flush(writer, NULL));
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), JR_LINE_MAX + 1);
	close(fd);
}
END_TEST

START_TEST(output_that_is_lost_is_told_every_time)
{
	FILE *full = fopen("/dev/full", "w");
	g_autoptr(JrWriter) writer = jr_writer_new(fileno(full), "stdout");

	ck_assert(jr_writer_line(writer, "{}", 2, NULL));
	for (guint i = 0; i < 2; i++) {
		g_autoptr(GError) error = NULL;

		ck_assert(!jr_writer_flush(writer, &error));
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_IO));
		ck_assert_str_eq(error->message, "cannot write stdout: No "
						 "space left on device");
	}
	ck_assert(!jr_writer_line(writer, "{}", 2, NULL));
	fclose(full);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_line_is_read_or_refused, 0,
			    G_N_ELEMENTS(inputs));
	tcase_add_loop_test(tc, a_line_may_come_in_pieces, 0,
			    G_N_ELEMENTS(inputs));
	tcase_add_loop_test(tc, a_line_too_long_is_refused_and_the_next_is_read,
			    0, 5);
	tcase_add_test(tc, a_record_is_its_bytes_and_its_line);
	tcase_add_test(tc, a_line_that_is_no_json_can_be_had);
	tcase_add_test(tc, a_stream_that_breaks_is_told);
	tcase_add_loop_test(tc, a_batch_stays_until_the_next, 0,
			    G_N_ELEMENTS(batches));
	tcase_add_test(tc, a_batch_does_not_wait_for_more_than_there_is);
	tcase_add_test(tc, a_signal_ends_the_wait_for_input);
	tcase_add_test(tc, what_is_written_is_read);
	tcase_add_test(tc, a_record_too_long_is_not_written);
	tcase_add_test(tc, output_that_is_lost_is_told_every_time);
}
