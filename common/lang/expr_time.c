/*
 * When does it change?  Each value that depends on the present lowers next_s
 * to the first instant at which it could be another one.  All here may be
 * early, never late: a timer too many costs a look, one too few a message.
 */
#include "lang/expr_run.h"

#define DAY_S 86400

/*
 * By how much a number of days or months can differ from as many elsewhere in
 * the calendar: clocks are turned, once by a whole day (Samoa, 2011), and
 * months have 28 to 31 days.
 */
#define WOBBLE_DAYS_S (3 * DAY_S)
#define WOBBLE_MONTHS_S (8 * DAY_S)

void expr_lower(ExprRun *run, gint64 at_s)
{
	g_assert(at_s > run->now_s);
	run->next_s = MIN(run->next_s, at_s);
}

/* The set of signs of -x, where @relation is that of x. */
static guint mirror(guint relation)
{
	guint turned = relation & ~(guint)(EXPR_LESS | EXPR_GREATER);

	if (relation & EXPR_LESS)
		turned |= EXPR_GREATER;
	if (relation & EXPR_GREATER)
		turned |= EXPR_LESS;
	return turned;
}

/* Seconds until @diff, which grows by @slope a second, is 0 or above. */
static gint64 steps_up(gint64 diff, gint32 slope)
{
	return (-diff + slope - 1) / slope;
}

/* The same for what moves exactly, up: seconds, or G_MAXINT64. */
static gint64 turn_up(gint64 diff, gint32 slope, guint relation)
{
	gboolean holds, at_zero, above;
	gint64 steps;

	if (slope == 0 || diff > 0)
		return G_MAXINT64;
	holds = (relation & (diff < 0 ? EXPR_LESS : EXPR_EQUAL)) != 0;
	at_zero = (relation & EXPR_EQUAL) != 0;
	above = (relation & EXPR_GREATER) != 0;
	steps = steps_up(diff, slope);
	/* It may jump over zero. */
	if (diff < 0 && diff + steps * slope == 0 && at_zero != holds)
		return steps;
	if (above == holds)
		return G_MAXINT64;
	return steps + (diff + steps * slope == 0);
}

/* Seconds until @diff may be zero, with @wobble_s more or less. */
static gint64 steps_near(gint64 diff, gint32 slope, gint32 wobble_s)
{
	if (diff - wobble_s > 0 || (slope == 0 && diff + wobble_s < 0))
		return G_MAXINT64;
	return diff + wobble_s < 0 ? steps_up(diff + wobble_s, slope) : 0;
}

gint64 expr_turn(gint64 diff, const ExprMove *move, guint relation,
		 gint64 now_s)
{
	gint64 steps, near;

	if (move->slope < 0) {
		const ExprMove up = expr_move_negate(move);

		return expr_turn(-diff, &up, mirror(relation), now_s);
	}
	steps = turn_up(diff, move->slope, relation);
	if (move->wobble_s == 0)
		return steps == G_MAXINT64 ? steps : now_s + steps;
	if (steps < move->until_s - now_s)
		return now_s + steps;
	near = steps_near(diff, move->slope, move->wobble_s);
	return near == G_MAXINT64 ? near : MAX(move->until_s, now_s + near);
}

ExprMove expr_move_add(const ExprMove *a, const ExprMove *b)
{
	ExprMove sum = { a->slope + b->slope, a->wobble_s + b->wobble_s,
			 G_MAXINT64 };

	if (a->wobble_s > 0)
		sum.until_s = MIN(sum.until_s, a->until_s);
	if (b->wobble_s > 0)
		sum.until_s = MIN(sum.until_s, b->until_s);
	return sum;
}

ExprMove expr_move_negate(const ExprMove *move)
{
	return (ExprMove){ -move->slope, move->wobble_s, move->until_s };
}

ExprValue expr_still(ExprRun *run, const ExprValue *value)
{
	ExprValue still = *value;

	if (value->move.slope != 0)
		expr_lower(run, run->now_s + 1);
	else if (value->move.wobble_s > 0)
		expr_lower(run, value->move.until_s);
	still.move = (ExprMove){ 0 };
	return still;
}

static gint32 second_of_day(const JrLocal *local)
{
	return local->hour * 3600 + local->minute * 60 + local->second;
}

/* The instant of the last turn of the clocks in the two days before @at_s. */
static gint64 last_turn(JrZone *zone, gint64 at_s)
{
	gint64 turn = jr_zone_next_change(zone, at_s - 2 * DAY_S);

	return turn <= at_s ? turn : G_MININT64;
}

/*
 * The first instant after @at_s from which @at_s + @span is not simply as many
 * seconds away as now.
 */
static gint64 steady_until(gint64 at_s, const JrSpan *span, JrZone *zone)
{
	const JrSpan days = { span->months, span->days, 0 };
	gint64 there = jr_span_add(at_s, &days, zone);
	gint64 until = jr_zone_next_change(zone, at_s);
	gint64 turn = jr_zone_next_change(zone, there);
	JrLocal local = jr_zone_local(zone, at_s);

	if (turn != G_MAXINT64)
		until = MIN(until, at_s + (turn - there));
	/* In a gap, times are moved on; they stop to be at its end. */
	turn = last_turn(zone, there);
	if (turn != G_MININT64) {
		gint64 gap = jr_zone_offset(zone, turn) -
			     jr_zone_offset(zone, turn - 1);

		if (there < turn + gap)
			until = MIN(until, at_s + (turn + gap - there));
	}
	/* The 31st and the 30st can both have the 30th a month later. */
	if (span->months != 0)
		until = MIN(until, at_s + DAY_S - second_of_day(&local));
	return until;
}

/* How @from, which moves, moves when @span of days or months is added. */
static ExprMove shifted_move(const ExprRun *run, const ExprValue *from,
			     const JrSpan *span)
{
	ExprMove wobble = { 0, WOBBLE_DAYS_S, G_MAXINT64 };
	gint64 until = G_MAXINT64;

	if (span->months != 0)
		wobble.wobble_s = WOBBLE_MONTHS_S;
	if (from->move.slope != 0)
		until = steady_until(from->num, span, run->facts->zone);
	if (until != G_MAXINT64)
		wobble.until_s = run->now_s + (until - from->num);
	return expr_move_add(&from->move, &wobble);
}

gboolean expr_shift(ExprRun *run, const ExprValue *at, const JrSpan *span,
		    ExprValue *out)
{
	gboolean calendar = span->months != 0 || span->days != 0;
	ExprValue from = *at;

	if (calendar && from.move.slope != 0 && from.move.slope != 1)
		from = expr_still(run, &from);
	*out = from;
	if (calendar && run->ahead &&
	    (from.move.slope != 0 || from.move.wobble_s > 0))
		out->move = shifted_move(run, &from, span);
	out->num = jr_span_add(from.num, span, run->facts->zone);
	return out->num >= EXPR_FIRST_S && out->num <= EXPR_LAST_S;
}

gint64 expr_span_floor(gint64 now_s, const JrSpan *span, JrZone *zone)
{
	const JrSpan back = expr_span_negate(span);

	if (span->months == 0 && span->days == 0)
		return now_s - span->seconds + 1;
	/* Clocks that were turned, and months of different length. */
	return jr_span_add(now_s, &back, zone) - 3 * DAY_S;
}

/* The start of the next @unit after @local, by the clocks of @zone. */
static gint64 next_date(JrZone *zone, JrLocal local, ExprUnit unit)
{
	local.hour = local.minute = local.second = 0;
	local.day = unit == UNIT_DAY ? local.day + 1 : 1;
	if (unit == UNIT_MONTH)
		local.month++; /* may be the 13th */
	if (unit == UNIT_YEAR) {
		local.month = 1;
		local.year++;
	}
	return jr_zone_instant(zone, &local);
}

static gint64 unit_end(JrZone *zone, gint64 at_s, ExprUnit unit)
{
	JrLocal local = jr_zone_local(zone, at_s);
	gint64 end = at_s + 60 - local.second;
	gint64 turn;

	if (unit == UNIT_HOUR)
		end += 60 * (59 - local.minute);
	if (unit == UNIT_MINUTE || unit == UNIT_HOUR) {
		/* Clocks are not turned twice within one hour. */
		if (jr_zone_offset(zone, at_s) == jr_zone_offset(zone, end))
			return end;
	} else {
		end = next_date(zone, local, unit);
	}
	turn = jr_zone_next_change(zone, at_s);
	/* Midnight can come twice; then the second one is ahead. */
	if (end <= at_s)
		end = at_s + DAY_S - second_of_day(&local);
	return MIN(end, turn);
}

void expr_unit_moves(ExprRun *run, const ExprValue *at, ExprUnit unit)
{
	gint64 end;

	if (!run->ahead)
		return;
	if (at->move.slope != 1) {
		expr_still(run, at);
		return;
	}
	if (at->move.wobble_s > 0)
		expr_lower(run, at->move.until_s);
	end = unit_end(run->facts->zone, at->num, unit);
	if (end != G_MAXINT64)
		expr_lower(run, run->now_s + (end - at->num));
}
