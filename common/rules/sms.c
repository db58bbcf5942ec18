#include "rules/sms.h"
#include "rules/grapheme.h"
#include "rules/sms_table.h"

#include <string.h>

#define PART_BITS 1120 /* 140 octets */
#define HEADER_BITS 48 /* of each part once there are several */

/* Septets of the character at @at; 0 when GSM-7 does not have it. */
static guint septets(const char *at)
{
	guint len;
	char one[7];

	if (g_ascii_isalnum(*at) || *at == ' ')
		return 1;
	len = (guint)(g_utf8_next_char(at) - at);
	if (len == 1 && strchr(jr_sms_extension, *at))
		return 2;
	if (len == 1)
		return *at == '\n' || *at == '\r' ||
		       (*at >= ' ' && *at != '`' && *at != 0x7f);
	memcpy(one, at, len);
	one[len] = '\0';
	if (strstr(jr_sms_extension, one))
		return 2;
	return strstr(jr_sms_basic, one) ? 1 : 0;
}

static void find_wide(const char *text, JrSmsCount *count)
{
	count->first_wide = -1;
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		if (septets(at) > 0)
			continue;
		if (count->wide++ == 0)
			count->first_wide = at - text;
	}
	count->encoding = count->wide ? JR_SMS_UCS2 : JR_SMS_GSM7;
}

static gboolean is_plain(char c)
{
	return c >= ' ' && c <= '~';
}

/* Bytes that stay in one part: what is plain joins nothing plain. */
static gsize cluster_len(const char *at)
{
	if (is_plain(at[0]) && (is_plain(at[1]) || at[1] == '\0'))
		return 1;
	return jr_grapheme_next_sms(at);
}

/* Bits of the @len bytes at @at, which stay in one part. */
static guint bits_of(JrSmsEncoding encoding, const char *at, gsize len)
{
	const char *end = at + len;
	guint bits = 0;

	for (; at < end; at = g_utf8_next_char(at))
		if (encoding == JR_SMS_GSM7)
			bits += 7 * septets(at);
		else
			bits += g_utf8_get_char(at) > 0xffff ? 32 : 16;
	return bits;
}

/* Parts as they fill up. */
typedef struct {
	guint parts;
	guint used;		      /* bits of the last one, its header too */
	guint16 first[PART_BITS / 7]; /* bits of each cluster of the first */
	guint n_first;
} Filling;

/*
 * The first part gets a header when there is a second: what then stands over
 * goes there, as it does in Twilio's calculator, whatever comes of its size.
 */
static void open_part(Filling *f)
{
	guint moved = 0;

	if (f->parts == 1) {
		guint used = f->used + HEADER_BITS;

		while (used > PART_BITS && f->n_first > 0) {
			moved += f->first[--f->n_first];
			used -= f->first[f->n_first];
		}
	}
	f->parts++;
	f->used = HEADER_BITS + moved;
}

static void add_cluster(Filling *f, guint bits)
{
	if (f->used + bits > PART_BITS)
		open_part(f);
	else if (f->parts == 1)
		f->first[f->n_first++] = (guint16)bits;
	f->used += bits;
}

JrSmsCount jr_sms_count(const char *text)
{
	Filling filling = { .parts = 1 };
	JrSmsCount count = { 0 };
	guint bits = 0;
	gsize len;

	find_wide(text, &count);
	for (const char *at = text; *at; at += len) {
		guint some;

		len = cluster_len(at);
		some = bits_of(count.encoding, at, len);
		add_cluster(&filling, some);
		bits += some;
	}
	count.units = bits / (count.encoding == JR_SMS_GSM7 ? 7 : 16);
	count.segments = filling.parts;
	return count;
}

const char *jr_sms_encoding_name(JrSmsEncoding encoding)
{
	return encoding == JR_SMS_GSM7 ? "GSM-7" : "UCS-2";
}

/* What to write instead of the character at @at, of @len bytes; or NULL. */
static const char *smart_for(const char *at, gsize len)
{
	char one[7];

	memcpy(one, at, len);
	one[len] = '\0';
	for (const JrSmsSmart *s = jr_sms_smart_table; s->instead; s++)
		if (strstr(s->of, one))
			return s->instead;
	return NULL;
}

/* @text with all replaced that can be; *@stays: some that cannot is in it. */
static GString *replace_all(const char *text, gboolean *changed,
			    gboolean *stays)
{
	GString *out = g_string_new(NULL);

	*changed = *stays = FALSE;
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gsize len = (gsize)(g_utf8_next_char(at) - at);
		gboolean fits = septets(at) > 0;
		const char *instead = fits ? NULL : smart_for(at, len);

		*stays |= !fits && !instead;
		*changed |= instead != NULL;
		if (instead)
			g_string_append(out, instead);
		else
			g_string_append_len(out, at, (gssize)len);
	}
	return out;
}

char *jr_sms_smart(const char *text)
{
	gboolean changed, stays;
	GString *out = replace_all(text, &changed, &stays);

	return g_string_free(out, stays || !changed);
}

char *jr_sms_smart_always(const char *text)
{
	gboolean changed, stays;

	return g_string_free(replace_all(text, &changed, &stays), FALSE);
}
