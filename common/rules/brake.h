/*
 * brake.h - when so many opt out that a workflow must be held.
 *
 * A few sends say little: with three opt-outs of fifty the rate may be 2 % or
 * 15 %.  The brake is pulled when even the lowest rate that is credible is over
 * the limit: the lower bound of Wilson's score interval (Journal of the
 * American Statistical Association 22, 1927), which holds for rates near 0.
 */
#pragma once

#include "rules/policy.h"

/*
 * The lowest rate that is credible when @n of @of did it, with @confidence in
 * (0, 1), two-sided: 0.95 leaves 2.5 % below.  0 when @of is 0.
 */
double jr_brake_bound(gint64 n, gint64 of, double confidence);

/* Whether @brake holds a workflow of whose @sent messages @opted_out. */
gboolean jr_brake_pulls(const JrBrake *brake, gint64 opted_out, gint64 sent);
