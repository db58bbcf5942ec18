#include "rules/brake.h"

#include <math.h>

/* Of a normal distribution: how many deviations around the mean hold
 * @confidence of it. */
static double deviations(double confidence)
{
	double low = 0, high = 10;

	for (int i = 0; i < 60; i++) {
		double z = (low + high) / 2;

		if (erf(z / sqrt(2)) < confidence)
			low = z;
		else
			high = z;
	}
	return low;
}

double jr_brake_bound(gint64 n, gint64 of, double confidence)
{
	double z, zz, count, p, centre, spread;

	if (of <= 0 || n <= 0)
		return 0;
	z = deviations(confidence);
	zz = z * z;
	count = (double)of;
	p = (double)n / count;
	centre = p + zz / (2 * count);
	spread = z * sqrt(p * (1 - p) / count + zz / (4 * count * count));
	return (centre - spread) / (1 + zz / count);
}

gboolean jr_brake_pulls(const JrBrake *brake, gint64 opted_out, gint64 sent)
{
	return !brake->off && sent > 0 && sent >= (gint64)brake->min_sent &&
	       jr_brake_bound(MIN(opted_out, sent), sent, brake->confidence) >
		       brake->opt_out_rate;
}
