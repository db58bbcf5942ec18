/* SMS: which encoding, how many units, how many parts. */
#include "rules/sms.h"
#include "unit.h"

#include <string.h>

#define FAMILY                                                                 \
	"👨‍👩‍👧‍👦" /* eleven units that stay together         \
				     */

/* A text of runs: each text so many times. */
typedef struct {
	guint n;
	const char *text;
} Run;

static const struct {
	Run runs[4];
	JrSmsEncoding encoding;
	guint units, segments;
} counts[] = {
	{ { { 0, "" } }, JR_SMS_GSM7, 0, 1 },
	{ { { 160, "a" } }, JR_SMS_GSM7, 160, 1 },
	{ { { 161, "a" } }, JR_SMS_GSM7, 161, 2 },
	{ { { 306, "a" } }, JR_SMS_GSM7, 306, 2 },
	{ { { 307, "a" } }, JR_SMS_GSM7, 307, 3 },
	{ { { 80, "€" } }, JR_SMS_GSM7, 160, 1 },
	{ { { 81, "€" } }, JR_SMS_GSM7, 162, 2 },
	/* The escape does not stand at the end of a part. */
	{ { { 152, "a" }, { 1, "€" }, { 10, "a" } }, JR_SMS_GSM7, 164, 2 },
	{ { { 152, "a" }, { 1, "€" }, { 151, "a" }, { 1, "b" } },
	  JR_SMS_GSM7,
	  306,
	  3 },
	{ { { 1, "^{}\\[~]|€\f" } }, JR_SMS_GSM7, 20, 1 },
	{ { { 1, "\n\r @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà" } },
	  JR_SMS_GSM7,
	  45,
	  1 },
	{ { { 70, "я" } }, JR_SMS_UCS2, 70, 1 },
	{ { { 71, "я" } }, JR_SMS_UCS2, 71, 2 },
	{ { { 134, "я" } }, JR_SMS_UCS2, 134, 2 },
	{ { { 135, "я" } }, JR_SMS_UCS2, 135, 3 },
	{ { { 35, "😀" } }, JR_SMS_UCS2, 70, 1 },
	{ { { 36, "😀" } }, JR_SMS_UCS2, 72, 2 },
	/* A surrogate pair moves whole. */
	{ { { 66, "a" }, { 1, "😀" }, { 5, "a" } }, JR_SMS_UCS2, 73, 2 },
	{ { { 66, "a" }, { 1, "😀" }, { 66, "a" } }, JR_SMS_UCS2, 134, 3 },
	/* So does a family. */
	{ { { 6, FAMILY } }, JR_SMS_UCS2, 66, 1 },
	{ { { 7, FAMILY } }, JR_SMS_UCS2, 77, 2 },
	{ { { 12, FAMILY } }, JR_SMS_UCS2, 132, 2 },
	{ { { 60, "a" }, { 1, FAMILY }, { 60, "b" } }, JR_SMS_UCS2, 131, 3 },
	/* In UCS-2 the extension costs no more than others. */
	{ { { 34, "€" }, { 36, "я" } }, JR_SMS_UCS2, 70, 1 },
	{ { { 1, "ç" } }, JR_SMS_UCS2, 1, 1 },
	{ { { 1, "\t" } }, JR_SMS_UCS2, 1, 1 },
	{ { { 1, "\u00a0" } }, JR_SMS_UCS2, 1, 1 },
	{ { { 1, "`" } }, JR_SMS_UCS2, 1, 1 },
	{ { { 1, "\x7f" } }, JR_SMS_UCS2, 1, 1 },
	{ { { 1, "\u0300" } }, JR_SMS_UCS2, 1, 1 },
	/* CR LF is two characters and may be parted. */
	{ { { 69, "я" }, { 1, "\r\n" } }, JR_SMS_UCS2, 71, 2 },
	{ { { 66, "я" }, { 1, "\r\n" }, { 66, "я" } }, JR_SMS_UCS2, 134, 2 },
};

START_TEST(a_text_is_counted)
{
	g_autoptr(GString) text = g_string_new(NULL);
	JrSmsCount count;

	for (guint i = 0; i < 4; i++)
		for (guint n = 0; n < counts[_i].runs[i].n; n++)
			g_string_append(text, counts[_i].runs[i].text);
	count = jr_sms_count(text->str);
	ck_assert_int_eq(count.encoding, counts[_i].encoding);
	ck_assert_uint_eq(count.units, counts[_i].units);
	ck_assert_uint_eq(count.segments, counts[_i].segments);
	ck_assert((count.first_wide < 0) == (count.encoding == JR_SMS_GSM7));
}
END_TEST

static const struct {
	const char *text;
	guint wide;
	gssize first;
} wides[] = {
	{ "plain", 0, -1 },
	{ "caf\u00e9 it\u2019s", 1, 8 },
	{ "\u201chi\u201d", 2, 0 },
	{ "ok \U0001f600", 1, 3 },
};

START_TEST(what_makes_it_ucs2_is_pointed_at)
{
	JrSmsCount count = jr_sms_count(wides[_i].text);

	ck_assert_uint_eq(count.wide, wides[_i].wide);
	ck_assert_int_eq(count.first_wide, wides[_i].first);
}
END_TEST

static const struct {
	const char *text, *want; /* NULL: left alone */
} smarts[] = {
	{ "\u201cit\u2019s\u201d \u2013 ok\u2026", "\"it's\" - ok..." },
	{ "\u00bd price", "1/2 price" },
	{ "\u00abhi\u00bb", "\"hi\"" },
	{ "\u2039a\u203a", "<a>" },
	{ "a\u200bb\ufeffc", "abc" },
	{ "a`b", "a'b" },
	{ "10\u00a0%", "10  %" },
	{ "\uff33\uff2d\uff33", "SMS" },
	{ "plain", NULL },
	{ "", NULL },
	{ "\u201cя\u201d", NULL }, /* it would stay UCS-2 */
	{ "\u2019😀", NULL },
};

START_TEST(smart_encoding_is_for_all_or_nothing)
{
	g_autofree char *smart = jr_sms_smart(smarts[_i].text);

	ck_assert_pstr_eq(smart, smarts[_i].want);
	if (smart)
		ck_assert_int_eq(jr_sms_count(smart).encoding, JR_SMS_GSM7);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_text_is_counted, 0, G_N_ELEMENTS(counts));
	tcase_add_loop_test(tc, what_makes_it_ucs2_is_pointed_at, 0,
			    G_N_ELEMENTS(wides));
	tcase_add_loop_test(tc, smart_encoding_is_for_all_or_nothing, 0,
			    G_N_ELEMENTS(smarts));
}
