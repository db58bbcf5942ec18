/* Lines: in pieces and at once they are the same, and none is lost. */
#define _GNU_SOURCE /* memfd_create */

#include "io/ndjson.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static guint count_lines(const uint8_t *data, size_t size)
{
	guint lines = 0;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines + (size > 0 && data[size - 1] != '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const JrBatch limits = { size > 0 ? data[0] % 8 + 1 : 1, 4096, 0 };
	int fd = memfd_create("fuzz", 0);
	g_autoptr(JrReader) reader = jr_reader_new(fd, "fuzz");
	g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JrRecord));
	guint64 last = 0;

	g_assert(write(fd, data, size) == (gssize)size);
	lseek(fd, 0, SEEK_SET);
	while (jr_reader_batch(reader, &limits, records, NULL) ==
	       JR_READ_RECORD)
		for (guint i = 0; i < records->len; i++) {
			const JrRecord *r =
				&g_array_index(records, JrRecord, i);

			g_assert(!r->val == !!r->why);
			g_assert(r->line > last && r->raw[r->len] == '\0');
			last = r->line;
		}
	g_assert(last <= count_lines(data, size));
	close(fd);
	return 0;
}
