#include "io/stop.h"

#include <signal.h>

/* A handler may touch nothing else. */
static volatile sig_atomic_t requested;

static void on_signal(int signal)
{
	(void)signal;
	requested = 1;
}

void jr_stop_catch(void)
{
	static const int ends[] = { SIGTERM, SIGINT };
	/* Without SA_RESTART: a read that waits for input must come back. */
	struct sigaction stop = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigemptyset(&stop.sa_mask);
	sigemptyset(&ignore.sa_mask);
	for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
		sigaction(ends[i], &stop, NULL);
	/* A closed pipe is an error of write(), told of, and exit 74. */
	sigaction(SIGPIPE, &ignore, NULL);
	/* Who closes a terminal does not mean to tear a hand-over apart. */
	sigaction(SIGHUP, &ignore, NULL);
}

gboolean jr_stop_requested(void)
{
	return requested != 0;
}
