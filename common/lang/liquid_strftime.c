/*
 * liquid_strftime.c - moments as texts, by Ruby's directives.
 *
 * Source: docs.ruby-lang.org, Time#strftime: %[flags][width]letter, where the
 * flags are - (no padding), 0, _ (blanks), ^ (capitals), # (other case) and
 * the colons of %:z.
 */
#include "lang/liquid_impl.h"

#include <string.h>

static const char *const months[] = {
	"January", "February", "March",	    "April",   "May",	   "June",
	"July",	   "August",   "September", "October", "November", "December",
};

static const char *const weekdays[] = {
	"Sunday",   "Monday", "Tuesday",  "Wednesday",
	"Thursday", "Friday", "Saturday",
};

/* One directive as it is written. */
typedef struct {
	char pad; /* '0', ' ', '-': none, or '\0': as usual */
	gboolean upper, swap;
	int width; /* -1: as usual */
	int colons;
	char letter;
} Directive;

typedef struct {
	LqBuild *b;
	const LqTime *time;
	JrLocal at;
	int day_of_year; /* from 1 */
	int weekday;	 /* 0 Sunday … 6 */
} Clock;

/* --------------------------------------------------------------- the calendar
 */

static gboolean is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int day_of_year(const JrLocal *at)
{
	static const int before[] = { 0,   31,	59,  90,  120, 151,
				      181, 212, 243, 273, 304, 334 };

	return before[at->month - 1] + at->day +
	       (at->month > 2 && is_leap(at->year));
}

/* Weeks since the first Sunday (or, with @monday, Monday) of the year. */
static int week_of_year(const Clock *c, gboolean monday)
{
	int since = monday ? (c->weekday + 6) % 7 : c->weekday;

	return (c->day_of_year - 1 + 7 - since) / 7;
}

static int weeks_in_year(int year)
{
	/* The weekday of 31 December, 0 for Sunday. */
	int p = (year + year / 4 - year / 100 + year / 400) % 7;
	int before = year - 1;
	int q = (before + before / 4 - before / 100 + before / 400) % 7;

	return p == 4 || q == 3 ? 53 : 52;
}

/* The week of ISO 8601, and the year that it belongs to. */
static int iso_week(const Clock *c, int *year)
{
	int week = (c->day_of_year - (c->weekday + 6) % 7 + 9) / 7;

	*year = c->at.year;
	if (week < 1)
		return weeks_in_year(--*year);
	if (week > weeks_in_year(*year)) {
		++*year;
		return 1;
	}
	return week;
}

/* ---------------------------------------------------------------- the pieces
 */

static void pad(Clock *c, const Directive *d, gsize len, char usual, int width)
{
	char with = d->pad ? d->pad : usual;

	if (d->width >= 0)
		width = d->width;
	if (with == '-')
		return;
	for (gsize n = len; (int)n < width; n++)
		lq_add_char(c->b, with);
}

static void put_number(Clock *c, const Directive *d, gint64 num, int width,
		       char usual)
{
	char digits[24];

	g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, ABS(num));
	if (num < 0)
		lq_add_char(c->b, '-');
	pad(c, d, strlen(digits) + (num < 0), usual, width);
	lq_add_str(c->b, digits);
}

static void put_text(Clock *c, const Directive *d, const char *text, gsize len)
{
	/* #: to capitals, but AM to am and a zone to small letters. */
	gboolean lower = d->swap && (d->letter == 'p' || d->letter == 'Z');
	gboolean upper = d->upper || (d->swap && !lower);

	pad(c, d, len, ' ', 0);
	for (gsize i = 0; i < len; i++)
		lq_add_char(c->b, upper	  ? g_ascii_toupper(text[i])
				  : lower ? g_ascii_tolower(text[i])
					  : text[i]);
}

static void put_name(Clock *c, const Directive *d, const char *name,
		     gboolean brief)
{
	put_text(c, d, name, brief ? 3 : strlen(name));
}

/* +0100, +01:00, +01:00:00, or as short as it can be: +01. */
static void put_offset(Clock *c, const Directive *d)
{
	gint32 offset = lq_time_offset(c->time), at = ABS(offset);
	int colons = d->colons;
	char text[16];

	if (colons == 3)
		colons = at % 3600 == 0 ? 3 : at % 60 == 0 ? 1 : 2;
	if (colons == 3)
		g_snprintf(text, sizeof text, "%02d", at / 3600);
	else if (colons == 2)
		g_snprintf(text, sizeof text, "%02d:%02d:%02d", at / 3600,
			   at / 60 % 60, at % 60);
	else
		g_snprintf(text, sizeof text, "%02d%s%02d", at / 3600,
			   colons == 1 ? ":" : "", at / 60 % 60);
	lq_add_char(c->b, offset < 0 ? '-' : '+');
	pad(c, d, strlen(text) + 1, '0', 0);
	lq_add_str(c->b, text);
}

static void put_zone_name(Clock *c, const Directive *d)
{
	const char *name = "";

	if (c->time->zone)
		name = jr_zone_abbreviation(c->time->zone, c->time->at_s);
	else if (c->time->offset_s == 0)
		name = "UTC";
	put_text(c, d, name, strlen(name));
}

/* %L milliseconds, %N nanoseconds; the width says how many digits. */
static void put_fraction(Clock *c, const Directive *d, int digits)
{
	char text[16];
	int n = d->width > 0 ? MIN(d->width, 60) : digits;

	g_snprintf(text, sizeof text, "%09d", c->time->nanos);
	for (int i = 0; i < n; i++)
		lq_add_char(c->b, i < 9 ? text[i] : '0');
}

static int hour12(const Clock *c)
{
	return c->at.hour % 12 == 0 ? 12 : c->at.hour % 12;
}

/* --------------------------------------------------------------- the letters
 */

/* Letters that stand for several others. */
static const char *expansion(char letter)
{
	switch (letter) {
	case 'c':
		return "%a %b %e %H:%M:%S %Y";
	case 'D':
	case 'x':
		return "%m/%d/%y";
	case 'F':
		return "%Y-%m-%d";
	case 'R':
		return "%H:%M";
	case 'r':
		return "%I:%M:%S %p";
	case 'T':
	case 'X':
		return "%H:%M:%S";
	case 'v':
		return "%e-%^b-%Y";
	}
	return NULL;
}

static gboolean put_date(Clock *c, const Directive *d)
{
	const JrLocal *at = &c->at;

	switch (d->letter) {
	case 'Y':
		put_number(c, d, at->year, at->year < 0 ? 5 : 4, '0');
		return TRUE;
	case 'C':
		put_number(c, d, at->year / 100, 2, '0');
		return TRUE;
	case 'y':
		put_number(c, d, at->year % 100, 2, '0');
		return TRUE;
	case 'm':
		put_number(c, d, at->month, 2, '0');
		return TRUE;
	case 'B':
	case 'b':
	case 'h':
		put_name(c, d, months[at->month - 1], d->letter != 'B');
		return TRUE;
	case 'd':
	case 'e':
		put_number(c, d, at->day, 2, d->letter == 'd' ? '0' : ' ');
		return TRUE;
	case 'j':
		put_number(c, d, c->day_of_year, 3, '0');
		return TRUE;
	}
	return FALSE;
}

static gboolean put_week(Clock *c, const Directive *d)
{
	int year, week = iso_week(c, &year);

	switch (d->letter) {
	case 'A':
	case 'a':
		put_name(c, d, weekdays[c->weekday], d->letter == 'a');
		return TRUE;
	case 'u':
		put_number(c, d, c->at.weekday, 1, '0');
		return TRUE;
	case 'w':
		put_number(c, d, c->weekday, 1, '0');
		return TRUE;
	case 'G':
		put_number(c, d, year, 4, '0');
		return TRUE;
	case 'g':
		put_number(c, d, year % 100, 2, '0');
		return TRUE;
	case 'V':
		put_number(c, d, week, 2, '0');
		return TRUE;
	case 'U':
	case 'W':
		put_number(c, d, week_of_year(c, d->letter == 'W'), 2, '0');
		return TRUE;
	}
	return FALSE;
}

static gboolean put_clock(Clock *c, const Directive *d)
{
	const JrLocal *at = &c->at;

	switch (d->letter) {
	case 'H':
	case 'k':
		put_number(c, d, at->hour, 2, d->letter == 'H' ? '0' : ' ');
		return TRUE;
	case 'I':
	case 'l':
		put_number(c, d, hour12(c), 2, d->letter == 'I' ? '0' : ' ');
		return TRUE;
	case 'M':
		put_number(c, d, at->minute, 2, '0');
		return TRUE;
	case 'S':
		put_number(c, d, at->second, 2, '0');
		return TRUE;
	case 'L':
		put_fraction(c, d, 3);
		return TRUE;
	case 'N':
		put_fraction(c, d, 9);
		return TRUE;
	case 'p':
		put_text(c, d, at->hour < 12 ? "AM" : "PM", 2);
		return TRUE;
	case 'P':
		put_text(c, d, at->hour < 12 ? "am" : "pm", 2);
		return TRUE;
	}
	return FALSE;
}

static gboolean put_other(Clock *c, const Directive *d)
{
	switch (d->letter) {
	case 'z':
		put_offset(c, d);
		return TRUE;
	case 'Z':
		put_zone_name(c, d);
		return TRUE;
	case 's':
		put_number(c, d, c->time->at_s, 1, '0');
		return TRUE;
	case 'n':
		put_text(c, d, "\n", 1);
		return TRUE;
	case 't':
		put_text(c, d, "\t", 1);
		return TRUE;
	case '%':
		put_text(c, d, "%", 1);
		return TRUE;
	}
	return FALSE;
}

/* --------------------------------------------------------------- the format */

/* The directive at @at, behind its '%'; where it ends, or NULL. */
static const char *read_directive(const char *at, const char *end, Directive *d)
{
	*d = (Directive){ .width = -1 };
	for (; at < end && strchr("-0_^#:", *at); at++) {
		if (*at == '^')
			d->upper = TRUE;
		else if (*at == '#')
			d->swap = TRUE;
		else if (*at == ':')
			d->colons++;
		else
			d->pad = *at == '_' ? ' ' : *at;
	}
	for (; at < end && g_ascii_isdigit(*at); at++)
		d->width = MIN(MAX(d->width, 0) * 10 + (*at - '0'), 1000);
	/* %:z may have its colons behind the width. */
	for (; at < end && *at == ':'; at++)
		d->colons++;
	if (at < end && (*at == 'E' || *at == 'O'))
		at++;
	d->letter = at < end ? *at : '\0';
	return at < end ? at + 1 : NULL;
}

static void put_format(Clock *c, LqText format);

/* What several letters stand for, padded and in capitals as one. */
static void put_expanded(Clock *c, const Directive *d, const char *format)
{
	LqBuild inner = { .run = c->b->run }, *outer = c->b;
	LqText text;

	c->b = &inner;
	put_format(c, lq_str(format));
	c->b = outer;
	text = lq_built_text(&inner);
	put_text(c, d, text.str, text.len);
}

static void put_format(Clock *c, LqText format)
{
	const char *at = format.str, *end = at + format.len, *mark, *next;
	Directive d;

	while ((mark = memchr(at, '%', (gsize)(end - at)))) {
		lq_add(c->b, at, (gsize)(mark - at));
		next = read_directive(mark + 1, end, &d);
		at = next ? next : end;
		if (next && expansion(d.letter))
			put_expanded(c, &d, expansion(d.letter));
		else if (!next || (!put_date(c, &d) && !put_week(c, &d) &&
				   !put_clock(c, &d) && !put_other(c, &d)))
			lq_add(c->b, mark, (gsize)(at - mark));
	}
	lq_add(c->b, at, (gsize)(end - at));
}

void lq_time_format(LqBuild *b, const LqTime *time, LqText format)
{
	Clock c = { .b = b, .time = time, .at = lq_time_local(time) };

	c.day_of_year = day_of_year(&c.at);
	c.weekday = c.at.weekday % 7;
	put_format(&c, format);
}
