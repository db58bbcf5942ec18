/* liquid_filters_crypto.c - hashes and base 64. */
#include "lang/liquid_impl.h"

#include <string.h>

/* ------------------------------------------------------------------ hashes */

static LqVal hash(LqRun *run, const LqArgs *args, GChecksumType type)
{
	LqText text = lq_in_text(run, args);

	return lq_text_owned(
		run, g_compute_checksum_for_data(type, (const guchar *)text.str,
						 text.len));
}

static LqVal f_md5(LqRun *run, const LqArgs *args)
{
	return hash(run, args, G_CHECKSUM_MD5);
}

static LqVal f_sha1(LqRun *run, const LqArgs *args)
{
	return hash(run, args, G_CHECKSUM_SHA1);
}

static LqVal f_sha256(LqRun *run, const LqArgs *args)
{
	return hash(run, args, G_CHECKSUM_SHA256);
}

static LqVal keyed(LqRun *run, const LqArgs *args, GChecksumType type)
{
	LqText text = lq_in_text(run, args), key = lq_arg_text(run, args, 0);

	return lq_text_owned(
		run,
		g_compute_hmac_for_data(type, (const guchar *)key.str, key.len,
					(const guchar *)text.str, text.len));
}

static LqVal f_hmac_sha1(LqRun *run, const LqArgs *args)
{
	return keyed(run, args, G_CHECKSUM_SHA1);
}

static LqVal f_hmac_sha256(LqRun *run, const LqArgs *args)
{
	return keyed(run, args, G_CHECKSUM_SHA256);
}

/* ----------------------------------------------------------------- base 64 */

/* The other alphabet, which needs no escape in a URL. */
static void swap(char *text, const char *from, const char *to)
{
	for (; *text; text++) {
		const char *c = strchr(from, *text);

		if (c)
			*text = to[c - from];
	}
}

static LqVal encode(LqRun *run, const guchar *bytes, gsize len, gboolean url)
{
	char *text = g_base64_encode(bytes, len);

	if (url)
		swap(text, "+/", "-_");
	return lq_text_owned(run, text);
}

static LqVal f_base64_encode(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args);

	return encode(run, (const guchar *)text.str, text.len, FALSE);
}

static LqVal f_base64_url_safe_encode(LqRun *run, const LqArgs *args)
{
	LqText text = lq_in_text(run, args);

	return encode(run, (const guchar *)text.str, text.len, TRUE);
}

/* Whether @text is base 64, all of it, with what fills it up at the end. */
static gboolean is_base64(const char *text)
{
	gsize digits = 0, fill;

	while (g_ascii_isalnum(text[digits]) || text[digits] == '+' ||
	       text[digits] == '/')
		digits++;
	fill = strspn(text + digits, "=");
	return text[digits + fill] == '\0' && fill <= 2 &&
	       (digits + fill) % 4 == 0;
}

static LqVal decode(LqRun *run, GString *text)
{
	g_autofree guchar *bytes = NULL;
	gsize len;

	if (!is_base64(text->str))
		return lq_fail(run, "'%s' of a text that is not base 64",
			       run->filter->name);
	bytes = g_base64_decode(text->str, &len);
	return lq_text_checked(run, bytes, len);
}

static LqVal f_base64_decode(LqRun *run, const LqArgs *args)
{
	g_autoptr(GString) text = g_string_new(lq_in_text(run, args).str);

	return decode(run, text);
}

/* Here what fills it up may be left out. */
static LqVal f_base64_url_safe_decode(LqRun *run, const LqArgs *args)
{
	g_autoptr(GString) text = g_string_new(lq_in_text(run, args).str);

	if (!strchr(text->str, '='))
		while (text->len % 4 != 0)
			g_string_append_c(text, '=');
	swap(text->str, "-_", "+/");
	return decode(run, text);
}

/* The bytes that a text in hexadecimal names, in base 64. */
static LqVal f_hex_base64(LqRun *run, const LqArgs *args)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	LqText text = lq_in_text(run, args);

	for (gsize i = 0; i < text.len; i += 2) {
		int high = g_ascii_xdigit_value(text.str[i]);
		int low = g_ascii_xdigit_value(text.str[i + 1]);
		guint8 byte = (guint8)(high << 4 | low);

		if (high < 0 || low < 0)
			return lq_fail(run, "'hex_base64' of a text that is "
					    "not hexadecimal");
		g_byte_array_append(bytes, &byte, 1);
	}
	return encode(run, bytes->data, bytes->len, FALSE);
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_crypto[] = {
	{ "md5", f_md5, 0, 0, NULL, LQ_PLAIN },
	{ "sha1", f_sha1, 0, 0, NULL, LQ_PLAIN },
	{ "sha256", f_sha256, 0, 0, NULL, LQ_PLAIN },
	{ "hmac_sha1", f_hmac_sha1, 1, 1, NULL, LQ_PLAIN },
	{ "hmac_sha256", f_hmac_sha256, 1, 1, NULL, LQ_PLAIN },
	{ "base64", f_base64_encode, 0, 0, NULL, LQ_PLAIN },
	{ "base64_encode", f_base64_encode, 0, 0, NULL, LQ_PLAIN },
	{ "base64_decode", f_base64_decode, 0, 0, NULL, LQ_PLAIN },
	{ "base64_url_safe_encode", f_base64_url_safe_encode, 0, 0, NULL,
	  LQ_PLAIN },
	{ "base64_url_safe_decode", f_base64_url_safe_decode, 0, 0, NULL,
	  LQ_PLAIN },
	{ "hex_base64", f_hex_base64, 0, 0, NULL, LQ_PLAIN },
	{ 0 },
};
