#include "base/clock.h"

#include <time.h>

gint64 jr_clock_now_ms(const JrClock *clock)
{
	return clock->fixed ? clock->fixed_ms : g_get_real_time() / 1000;
}

gint64 jr_clock_now_s(const JrClock *clock)
{
	gint64 ms = jr_clock_now_ms(clock);

	/* Before 1970 too a second begins at its whole number. */
	return ms / 1000 - (ms % 1000 < 0);
}

gint64 jr_clock_ticks_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

void jr_clock_sleep_ms(gint64 ms)
{
	const struct timespec wait = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000,
	};

	/* g_usleep() would go on sleeping after SIGTERM. */
	if (ms > 0)
		nanosleep(&wait, NULL);
}
