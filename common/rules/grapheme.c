#include "rules/grapheme.h"
#include "rules/grapheme_table.h"

#define FIRST_ODD 0x300 /* below it only controls are not JR_CLUSTER_OTHER */

static JrCluster cluster_of(gunichar c)
{
	guint low = 0, high = jr_grapheme_n_ranges;

	if (c >= 0xac00 && c <= 0xd7a3)
		return (c - 0xac00) % 28 == 0 ? JR_CLUSTER_LV : JR_CLUSTER_LVT;
	if (c >= ' ' && c < 0x7f)
		return JR_CLUSTER_OTHER;
	while (low < high) {
		guint mid = (low + high) / 2;
		const JrGraphemeRange *range = &jr_grapheme_ranges[mid];

		if (c > range->last)
			low = mid + 1;
		else if (c < range->first)
			high = mid;
		else
			return range->cluster;
	}
	return JR_CLUSTER_OTHER;
}

static gboolean is_break(JrCluster c)
{
	return c == JR_CLUSTER_CR || c == JR_CLUSTER_LF ||
	       c == JR_CLUSTER_CONTROL;
}

/* GB6 to GB8: within a Hangul syllable. */
static gboolean joins_hangul(JrCluster prev, JrCluster next)
{
	switch (prev) {
	case JR_CLUSTER_L:
		return next == JR_CLUSTER_L || next == JR_CLUSTER_V ||
		       next == JR_CLUSTER_LV || next == JR_CLUSTER_LVT;
	case JR_CLUSTER_LV:
	case JR_CLUSTER_V:
		return next == JR_CLUSTER_V || next == JR_CLUSTER_T;
	case JR_CLUSTER_LVT:
	case JR_CLUSTER_T:
		return next == JR_CLUSTER_T;
	default:
		return FALSE;
	}
}

/* GB9 to GB9b, what both ages have. */
static gboolean joins_marks(JrCluster prev, JrCluster next)
{
	return next == JR_CLUSTER_EXTEND || next == JR_CLUSTER_ZWJ ||
	       next == JR_CLUSTER_SPACING || prev == JR_CLUSTER_PREPEND;
}

/* --- as it is today --- */

/* Marks that came after the table; what GLib does not know is other. */
static JrCluster cluster_today(gunichar c)
{
	JrCluster cluster = cluster_of(c);

	if (cluster == JR_CLUSTER_TONE)
		return JR_CLUSTER_EXTEND;
	if (cluster != JR_CLUSTER_OTHER || c < FIRST_ODD)
		return cluster;
	switch (g_unichar_type(c)) {
	case G_UNICODE_NON_SPACING_MARK:
	case G_UNICODE_ENCLOSING_MARK:
		return JR_CLUSTER_EXTEND;
	case G_UNICODE_FORMAT:
	case G_UNICODE_CONTROL:
		return JR_CLUSTER_CONTROL;
	default:
		return JR_CLUSTER_OTHER;
	}
}

/* Extended_Pictographic and a little more: what ZWJ may join. */
static gboolean is_picture(gunichar c)
{
	return (c >= 0x1f000 && c <= 0x1faff && (c < 0x1f1e6 || c > 0x1f1ff) &&
		(c < 0x1f3fb || c > 0x1f3ff)) ||
	       (c > 0xa8 && g_unichar_type(c) == G_UNICODE_OTHER_SYMBOL);
}

typedef struct {
	JrCluster prev;
	gboolean picture; /* a picture, and since then only marks */
	gboolean odd_flag;
} Today;

static gboolean joins_today(const Today *t, gunichar c, JrCluster next)
{
	if (t->prev == JR_CLUSTER_CR && next == JR_CLUSTER_LF)
		return TRUE;
	if (is_break(t->prev) || is_break(next))
		return FALSE;
	if (joins_hangul(t->prev, next) || joins_marks(t->prev, next))
		return TRUE;
	if (t->prev == JR_CLUSTER_ZWJ && t->picture && is_picture(c))
		return TRUE;			       /* GB11 */
	return t->odd_flag && next == JR_CLUSTER_FLAG; /* GB12, GB13 */
}

static void step_today(Today *t, gunichar c, JrCluster next)
{
	t->odd_flag = next == JR_CLUSTER_FLAG && !t->odd_flag;
	t->picture = is_picture(c) ||
		     (t->picture &&
		      (next == JR_CLUSTER_EXTEND || next == JR_CLUSTER_ZWJ));
	t->prev = next;
}

gsize jr_grapheme_next(const char *text)
{
	const char *at = text;
	Today t = { 0 };

	while (*at) {
		gunichar c = g_utf8_get_char(at);
		JrCluster next = cluster_today(c);

		if (at > text && !joins_today(&t, c, next))
			break;
		step_today(&t, c, next);
		at = g_utf8_next_char(at);
	}
	return (gsize)(at - text);
}

/* Whether nothing joins the byte @c and such a one behind it. */
static gboolean is_alone(char c)
{
	return c >= ' ' && c < 0x7f;
}

guint jr_grapheme_count(const char *text)
{
	guint n = 0;

	while (*text) {
		text += is_alone(text[0]) && is_alone(text[1])
				? 1
				: jr_grapheme_next(text);
		n++;
	}
	return n;
}

/* --- as Twilio counts --- */

typedef struct {
	guint n; /* characters so far, at least 1 */
	JrCluster prev, prev2;
	gboolean has_extend;
	guint flags;	 /* that follow the first character without a gap */
	guint last_flag; /* place of the last flag; 0: the first, or none */
} Then;

/* Whether its look-ahead for flags ends the cluster before @next. */
static gboolean ends_at_flag(const Then *t, JrCluster next)
{
	if (t->prev == JR_CLUSTER_PREPEND || t->prev == JR_CLUSTER_FLAG)
		return FALSE;
	if (next == JR_CLUSTER_FLAG)
		return t->n == 1;
	return t->last_flag > 0 && t->flags == t->last_flag;
}

static gboolean takes_tone(JrCluster c)
{
	return c == JR_CLUSTER_BASE || c == JR_CLUSTER_PERSON;
}

/* GB10: it looks past one mark, and past none where any came before. */
static gboolean joins_tone(const Then *t)
{
	if (!t->has_extend)
		return takes_tone(t->prev);
	return t->prev == JR_CLUSTER_EXTEND && t->n >= 2 &&
	       takes_tone(t->prev2);
}

static gboolean joins_then(const Then *t, JrCluster next)
{
	if (ends_at_flag(t, next) || is_break(t->prev) || is_break(next))
		return FALSE;
	if (joins_hangul(t->prev, next) || joins_marks(t->prev, next))
		return TRUE;
	if (next == JR_CLUSTER_TONE && joins_tone(t))
		return TRUE;
	if (t->prev == JR_CLUSTER_ZWJ &&
	    (next == JR_CLUSTER_GLUE || next == JR_CLUSTER_PERSON))
		return TRUE; /* GB11 */
	return t->prev == JR_CLUSTER_FLAG && next == JR_CLUSTER_FLAG &&
	       t->last_flag == 0;
}

static void step_then(Then *t, JrCluster next)
{
	if (next == JR_CLUSTER_FLAG && t->n > 0) {
		if (t->flags == t->n - 1)
			t->flags = t->n;
		t->last_flag = t->n;
	}
	t->has_extend |= next == JR_CLUSTER_EXTEND;
	t->prev2 = t->prev;
	t->prev = next;
	t->n++;
}

gsize jr_grapheme_next_sms(const char *text)
{
	const char *at = text;
	Then t = { 0 };

	while (*at) {
		JrCluster next = cluster_of(g_utf8_get_char(at));

		if (at > text && !joins_then(&t, next))
			break;
		step_then(&t, next);
		at = g_utf8_next_char(at);
	}
	return (gsize)(at - text);
}
