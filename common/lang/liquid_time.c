/* liquid_time.c - what texts and numbers mean as moments. */
#include "lang/liquid_impl.h"

#include <math.h>
#include <string.h>

/* Years 0 to 9999, a day less at both ends, so that any zone fits. */
#define FIRST_S (-62167219200 + 86400)
#define LAST_S (253402300799 - 86400)

/* What was read of a date; -1: nothing. */
typedef struct {
	int year, month, day, hour, minute, second;
	gint32 nanos;
	gboolean has_offset;
	gint32 offset_s;
	JrZone *zone; /* named in brackets, RFC 9557 */
	int pm;	      /* 1, 0 for am, -1 */
} Parts;

typedef struct {
	LqRun *run;
	const char *at, *end;
	Parts parts;
} Reader;

/* --------------------------------------------------------------- the faces */

gint32 lq_time_offset(const LqTime *time)
{
	return time->zone ? jr_zone_offset(time->zone, time->at_s)
			  : time->offset_s;
}

JrLocal lq_time_local(const LqTime *time)
{
	return jr_zone_local(NULL, time->at_s + lq_time_offset(time));
}

/* ------------------------------------------------------------ small readers */

static gboolean read_char(Reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return FALSE;
	r->at++;
	return TRUE;
}

static void skip_space(Reader *r)
{
	while (r->at < r->end && lq_space(*r->at))
		r->at++;
}

/* @least to @most digits; FALSE, and nothing read, when there are others. */
static gboolean read_int(Reader *r, guint least, guint most, int *num)
{
	const char *from = r->at;

	*num = 0;
	while (r->at < r->end && g_ascii_isdigit(*r->at) &&
	       r->at - from < (gssize)most)
		*num = *num * 10 + (*r->at++ - '0');
	if (r->at - from >= (gssize)least &&
	    (r->at == r->end || !g_ascii_isdigit(*r->at)))
		return TRUE;
	r->at = from;
	return FALSE;
}

static void read_fraction(Reader *r)
{
	gint32 unit = 100000000;

	if (r->at + 1 >= r->end || (*r->at != '.' && *r->at != ',') ||
	    !g_ascii_isdigit(r->at[1]))
		return;
	for (r->at++; r->at < r->end && g_ascii_isdigit(*r->at); r->at++) {
		r->parts.nanos += (*r->at - '0') * unit;
		unit /= 10;
	}
}

/* 10:00, 10:00:00.5; the hour is read. */
static gboolean read_clock(Reader *r, int hour)
{
	Parts *p = &r->parts;

	if (p->hour >= 0 || !read_char(r, ':') ||
	    !read_int(r, 2, 2, &p->minute))
		return FALSE;
	p->hour = hour;
	p->second = 0;
	if (read_char(r, ':')) {
		if (!read_int(r, 2, 2, &p->second))
			return FALSE;
		read_fraction(r);
	}
	return TRUE;
}

/* +01:00, -0500, +2; the sign is read. */
static gboolean read_offset(Reader *r, gboolean minus)
{
	int hours, minutes = 0;

	if (read_int(r, 4, 4, &hours)) {
		minutes = hours % 100;
		hours /= 100;
	} else if (!read_int(r, 1, 2, &hours) ||
		   (read_char(r, ':') && !read_int(r, 2, 2, &minutes))) {
		return FALSE;
	}
	r->parts.has_offset = TRUE;
	r->parts.offset_s = (hours * 60 + minutes) * 60 * (minus ? -1 : 1);
	return hours <= 24 && minutes < 60;
}

/* [America/New_York], at the end. */
static gboolean read_zone(Reader *r)
{
	JrZones *zones = r->run->with->zones;
	g_autofree char *id = NULL;

	if (!zones || r->end[-1] != ']')
		return FALSE;
	id = g_strndup(r->at, (gsize)(r->end - r->at - 1));
	r->parts.zone = jr_zones_get(zones, id, NULL);
	r->at = r->end;
	return r->parts.zone != NULL;
}

/* --------------------------------------------------------------- words in it
 */

/* Letters that begin one of @names, three of them at least; its number, -1. */
static int which(const char *word, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (strlen(word) >= 3 && g_str_has_prefix(names[i], word))
			return i;
	return -1;
}

static const char *const months[] = {
	"january",  "february", "march",  "april",     "may",
	"june",	    "july",	"august", "september", "october",
	"november", "december", NULL,
};

static const char *const weekdays[] = {
	"sunday",   "monday", "tuesday",  "wednesday",
	"thursday", "friday", "saturday", NULL,
};

/* Abbreviations of RFC 5322; others mean several zones. */
static const struct {
	const char *name;
	int hours;
} zones[] = {
	{ "z", 0 },    { "utc", 0 },  { "gmt", 0 },  { "est", -5 },
	{ "edt", -4 }, { "cst", -6 }, { "cdt", -5 }, { "mst", -7 },
	{ "mdt", -6 }, { "pst", -8 }, { "pdt", -7 },
};

static gboolean is_zone(Reader *r, const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
		if (!g_str_equal(word, zones[i].name))
			continue;
		r->parts.has_offset = TRUE;
		r->parts.offset_s = zones[i].hours * 3600;
		return TRUE;
	}
	return FALSE;
}

static gboolean is_filler(const char *word)
{
	static const char *const fillers[] = { "st", "nd", "rd",  "th", "at",
					       "of", "on", "the", "t",	NULL };

	return g_strv_contains(fillers, word) || which(word, weekdays) >= 0;
}

static gboolean read_word(Reader *r)
{
	Parts *p = &r->parts;
	const char *from = r->at;
	g_autofree char *word = NULL;
	int month;

	while (r->at < r->end && g_ascii_isalpha(*r->at))
		r->at++;
	word = g_ascii_strdown(from, r->at - from);
	month = g_str_equal(word, "sept") ? 8 : which(word, months);
	if (month >= 0 && p->month < 0) {
		p->month = month + 1;
		return TRUE;
	}
	if (g_str_equal(word, "am") || g_str_equal(word, "pm")) {
		p->pm = *word == 'p';
		return p->hour >= 1 && p->hour <= 12;
	}
	return is_zone(r, word) || is_filler(word);
}

/* ------------------------------------------------------------- numbers in it
 */

/* 2016-03-14, 2016/3/14; the year is read. */
static gboolean read_rest_of_ymd(Reader *r, char separator)
{
	Parts *p = &r->parts;

	return p->month < 0 && p->day < 0 && read_char(r, separator) &&
	       read_int(r, 1, 2, &p->month) && read_char(r, separator) &&
	       read_int(r, 1, 2, &p->day);
}

/* 3/14/2016 or 14/3/2016, if it can be only one; the first is read. */
static gboolean read_rest_of_slashes(Reader *r, int first)
{
	Parts *p = &r->parts;
	int second;

	if (p->month >= 0 || p->day >= 0 || !read_char(r, '/') ||
	    !read_int(r, 1, 2, &second) || !read_char(r, '/') ||
	    !read_int(r, 4, 4, &p->year) || (first <= 12) == (second <= 12))
		return FALSE;
	p->month = MIN(first, second);
	p->day = MAX(first, second);
	return TRUE;
}

/* 14.3.2016; the day is read. */
static gboolean read_rest_of_dots(Reader *r, int first)
{
	const char *from = r->at;
	Parts *p = &r->parts;

	if (p->month < 0 && p->day < 0 && read_char(r, '.') &&
	    read_int(r, 1, 2, &p->month) && read_char(r, '.') &&
	    read_int(r, 4, 4, &p->year)) {
		p->day = first;
		return TRUE;
	}
	p->month = p->year = -1;
	r->at = from;
	return FALSE;
}

static gboolean followed_by_half(const Reader *r)
{
	const char *at = r->at;

	while (at < r->end && lq_space(*at))
		at++;
	return r->end - at >= 2 && strchr("aApP", *at) &&
	       (at[1] == 'm' || at[1] == 'M');
}

/* A day, a year of two digits, or the hour before am. */
static gboolean read_short_number(Reader *r, int num)
{
	Parts *p = &r->parts;

	if (r->at < r->end && *r->at == ':')
		return read_clock(r, num);
	if (r->at < r->end && *r->at == '/')
		return read_rest_of_slashes(r, num);
	if (r->end - r->at > 1 && *r->at == '.' && g_ascii_isdigit(r->at[1]))
		return read_rest_of_dots(r, num);
	if (p->hour < 0 && followed_by_half(r)) {
		p->hour = num;
		p->minute = p->second = 0;
		return TRUE;
	}
	if (p->day < 0) {
		p->day = num;
		return TRUE;
	}
	if (p->year >= 0)
		return FALSE;
	p->year = num + (num < 69 ? 2000 : 1900);
	return TRUE;
}

static gboolean read_number(Reader *r)
{
	Parts *p = &r->parts;
	int num;

	if (read_int(r, 1, 2, &num))
		return read_short_number(r, num);
	if (!read_int(r, 4, 4, &num) || p->year >= 0)
		return FALSE;
	p->year = num;
	if (r->at < r->end && (*r->at == '-' || *r->at == '/'))
		return read_rest_of_ymd(r, *r->at);
	return TRUE;
}

/* 20081107T130754: RFC 5545's. */
static gboolean read_basic(Reader *r)
{
	Parts *p = &r->parts;
	int date, clock;

	if (!read_int(r, 8, 8, &date))
		return FALSE;
	if (!read_char(r, 'T') || !read_int(r, 6, 6, &clock))
		return FALSE;
	p->year = date / 10000;
	p->month = date / 100 % 100;
	p->day = date % 100;
	p->hour = clock / 10000;
	p->minute = clock / 100 % 100;
	p->second = clock % 100;
	return TRUE;
}

static gboolean read_piece(Reader *r)
{
	char c = *r->at;

	if (g_ascii_isalpha(c))
		return read_word(r);
	if (g_ascii_isdigit(c))
		return r->end - r->at >= 15 && r->at[8] == 'T' ? read_basic(r)
							       : read_number(r);
	r->at++;
	if (c == '[')
		return read_zone(r);
	if ((c == '+' || c == '-') && r->parts.hour >= 0 && r->at < r->end &&
	    g_ascii_isdigit(*r->at))
		return read_offset(r, c == '-');
	return c == ',' || c == '.' || c == '-';
}

/* ---------------------------------------------------------------- the moment
 */

/* 31 February is let pass, as elsewhere: it is 3 March, or 2. */
static gboolean is_real(const Parts *p)
{
	return p->month >= 1 && p->month <= 12 && p->day >= 1 && p->day <= 31 &&
	       p->hour <= 24 && p->minute < 60 && p->second <= 60 &&
	       (p->hour < 24 || (p->minute == 0 && p->second == 0));
}

/* A date with what is left out: the year is this one, the day the first; a
 * clock alone is today's. */
static gboolean complete(Reader *r)
{
	Parts *p = &r->parts;
	JrLocal now = jr_zone_local(r->run->with->zone, r->run->with->now_s);

	if (p->month < 0) {
		if (p->year >= 0 || p->day >= 0 || p->hour < 0)
			return FALSE;
		p->month = now.month;
		p->day = now.day;
	}
	p->year = p->year < 0 ? now.year : p->year;
	p->day = p->day < 0 ? 1 : p->day;
	if (p->pm >= 0)
		p->hour = p->hour % 12 + 12 * p->pm;
	p->hour = MAX(p->hour, 0);
	p->minute = MAX(p->minute, 0);
	p->second = MAX(p->second, 0);
	return is_real(p);
}

static void to_instant(Reader *r, LqTime *time)
{
	const Parts *p = &r->parts;
	JrZone *home = r->run->with->zone;
	JrLocal local = { .year = p->year,
			  .month = (gint8)p->month,
			  .day = (gint8)p->day,
			  .hour = (gint8)p->hour,
			  .minute = (gint8)p->minute,
			  .second = (gint8)p->second };

	*time = (LqTime){ .nanos = p->nanos, .zone = p->zone ? p->zone : home };
	if (p->has_offset) {
		time->at_s = jr_zone_instant(NULL, &local) - p->offset_s;
		time->offset_s = p->offset_s;
	} else {
		time->at_s = jr_zone_instant(time->zone, &local);
	}
}

static gboolean read_text(LqRun *run, LqText text, LqTime *time)
{
	Reader r = { .run = run, .at = text.str, .end = text.str + text.len };

	r.parts = (Parts){ -1, -1, -1, -1, -1, -1, 0, FALSE, 0, NULL, -1 };
	for (skip_space(&r); r.at < r.end; skip_space(&r))
		if (!read_piece(&r))
			return FALSE;
	if (!complete(&r))
		return FALSE;
	to_instant(&r, time);
	return TRUE;
}

/* Digits alone are a Unix time; more than 11 of them in milliseconds, as
 * everywhere in jr. */
static gboolean from_unix(LqRun *run, gint64 num, LqTime *time)
{
	*time = (LqTime){ .at_s = num, .zone = run->with->zone };
	if (num > 99999999999) {
		time->at_s = num / 1000;
		time->nanos = (gint32)(num % 1000) * 1000000;
	}
	return TRUE;
}

static gboolean from_real(LqRun *run, double real, LqTime *time)
{
	if (fabs(real) > 1e15)
		return FALSE;
	from_unix(run, (gint64)floor(real), time);
	if (fabs(real) < 1e11)
		time->nanos = (gint32)((real - floor(real)) * 1e9);
	return TRUE;
}

static gboolean to_time(LqRun *run, const LqVal *v, LqTime *time)
{
	LqText text;
	gint64 num;

	if (lq_is_type(v, JR_VAL_INT))
		return from_unix(run, v->val.num, time);
	if (lq_is_type(v, JR_VAL_REAL))
		return from_real(run, v->val.real, time);
	if (!lq_is_type(v, JR_VAL_TEXT))
		return FALSE;
	text = lq_strip(lq_to_text(run, v), TRUE, TRUE);
	if (text.len == 0 || text.len > 100)
		return FALSE;
	if (g_ascii_strncasecmp(text.str, "now", text.len) == 0 ||
	    g_ascii_strncasecmp(text.str, "today", text.len) == 0)
		return from_unix(run, run->with->now_s, time);
	if (g_ascii_isdigit(*text.str) &&
	    strspn(text.str, "0123456789") == text.len)
		return g_ascii_string_to_signed(text.str, 10, 0, G_MAXINT64,
						&num, NULL) &&
		       from_unix(run, num, time);
	return read_text(run, text, time);
}

gboolean lq_to_time(LqRun *run, const LqVal *v, LqTime *time)
{
	return to_time(run, v, time) && time->at_s >= FIRST_S &&
	       time->at_s <= LAST_S;
}
