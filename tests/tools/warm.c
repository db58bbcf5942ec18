/*
 * warm - read files into the memory of the system page by page, as questions
 * about this one and that one leave them, for benchmarks.
 *
 *   warm FILE...
 *
 * Read ahead, or copied, they would stand there in large pieces, all of which
 * Linux looks at whenever a page of one is written: what is measured would
 * depend on who read the file before.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE 4096

static int warm(const char *path)
{
	char page[PAGE];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t at = 0;
	ssize_t got = -1;

	/* What is not written yet cannot be forgotten. */
	if (fd >= 0 && fsync(fd) == 0 &&
	    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0 &&
	    posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM) == 0)
		while ((got = pread(fd, page, PAGE, at)) > 0)
			at += got;
	if (got < 0)
		perror(path);
	if (fd >= 0)
		close(fd);
	return got < 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= warm(argv[i]);
	return failed ? 74 : 0;
}
