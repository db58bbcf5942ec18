/* The brake: bounds computed by Python's statistics.NormalDist, and its edges.
 */
#include "rules/brake.h"
#include "unit.h"

static const struct {
	gint64 n, of;
	double confidence, bound;
} bounds[] = {
	{ 1, 10, 0.95, 0.017876 },	{ 3, 50, 0.95, 0.020615 },
	{ 5, 100, 0.95, 0.021544 },	{ 20, 400, 0.95, 0.032597 },
	{ 20, 400, 0.99, 0.028551 },	{ 400, 20000, 0.95, 0.018150 },
	{ 450, 20000, 0.95, 0.020535 }, { 10, 10, 0.95, 0.722467 },
	{ 0, 1000, 0.95, 0 },		{ 0, 0, 0.95, 0 },
};

START_TEST(the_lowest_credible_rate)
{
	ck_assert_double_eq_tol(jr_brake_bound(bounds[_i].n, bounds[_i].of,
					       bounds[_i].confidence),
				bounds[_i].bound, 1e-6);
}
END_TEST

static const struct {
	JrBrake brake;
	gint64 out, sent;
	gboolean pulls;
} pulls[] = {
	{ { .opt_out_rate = 0.02, .confidence = 0.95 }, 450, 20000, TRUE },
	{ { .opt_out_rate = 0.02, .confidence = 0.95 }, 400, 20000, FALSE },
	{ { .opt_out_rate = 0.02, .confidence = 0.95 }, 0, 0, FALSE },
	{ { .opt_out_rate = 0.02, .confidence = 0.95, .min_sent = 50 },
	  3,
	  50,
	  TRUE },
	{ { .opt_out_rate = 0.02, .confidence = 0.95, .min_sent = 51 },
	  3,
	  50,
	  FALSE },
	{ { .off = TRUE, .opt_out_rate = 0.02, .confidence = 0.95 },
	  450,
	  20000,
	  FALSE },
	/* Opt-outs of messages sent before the span that is looked at. */
	{ { .opt_out_rate = 0.02, .confidence = 0.95 }, 9, 3, TRUE },
};

START_TEST(it_pulls_over_the_limit_alone)
{
	ck_assert_int_eq(
		jr_brake_pulls(&pulls[_i].brake, pulls[_i].out, pulls[_i].sent),
		pulls[_i].pulls);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, the_lowest_credible_rate, 0,
			    G_N_ELEMENTS(bounds));
	tcase_add_loop_test(tc, it_pulls_over_the_limit_alone, 0,
			    G_N_ELEMENTS(pulls));
}
