/*
 * unit.h - the main() of every tests/unit/test_*.c, which includes it once and
 * fills its add().  Each case runs in a process of its own, and is printed as
 * a line of TAP by the runner, tests/run.sh.
 */
#pragma once

#include <check.h>
#include <glib.h>

/* An input with its length, as it may hold a NUL. */
#define BYTES(literal) (literal), sizeof(literal) - 1

static void add(TCase *tc); /* of the file that includes this */

int main(void)
{
	Suite *suite = suite_create(__BASE_FILE__);
	TCase *tc = tcase_create("all");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tc, 60);
	add(tc);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed > 0;
}
