#define _GNU_SOURCE /* pipe2 */

#include "io/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* A handler may touch nothing else; threads ask, too. */
static gint requested;
static int ends[2] = { -1, -1 }; /* of a pipe: poll() passes over -1 */

static void on_signal(int signal)
{
	int before = errno;

	(void)signal;
	g_atomic_int_set(&requested, 1);
	/* A full pipe can be read from, too. */
	if (write(ends[1], "", 1) < 0)
		errno = before;
}

void jr_stop_catch(void)
{
	static const int signals[] = { SIGTERM, SIGINT };
	/* Without SA_RESTART: a read that waits for input must come back. */
	struct sigaction stop = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigemptyset(&stop.sa_mask);
	sigemptyset(&ignore.sa_mask);
	/* Without a pipe only the read that is interrupted comes back. */
	if (ends[0] < 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		ends[0] = ends[1] = -1;
	for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &stop, NULL);
	/* A closed pipe is an error of write(), told of, and exit 74. */
	sigaction(SIGPIPE, &ignore, NULL);
	/* Who closes a terminal does not mean to tear a hand-over apart. */
	sigaction(SIGHUP, &ignore, NULL);
}

gboolean jr_stop_requested(void)
{
	return g_atomic_int_get(&requested) != 0;
}

int jr_stop_fd(void)
{
	return ends[0];
}
