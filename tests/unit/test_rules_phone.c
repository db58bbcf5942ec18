/* Numbers: which are some, how people write them, where they may ring. */
#include "base/error.h"
#include "rules/phone.h"
#include "rules/phone_table.h"
#include "unit.h"

#include <string.h>

static const struct {
	const char *text;
	gboolean valid;
} valids[] = {
	{ "+14155550123", TRUE },
	{ "+12125550100", TRUE },
	{ "+447911123456", TRUE },
	{ "+33612345678", TRUE },
	{ "+39066982", TRUE },
	{ "+123456789012345", FALSE }, /* +1 has eleven digits */
	{ "+491234567890123", TRUE },  /* fifteen */
	{ "+4912345678901234", FALSE },
	{ "+1415555012", FALSE },
	{ "+141555501234", FALSE },
	{ "+10005551234", FALSE }, /* N is from 2 */
	{ "+11155551234", FALSE },
	{ "+14151550123", FALSE },
	{ "+19115550123", FALSE }, /* a service code */
	{ "+18005550123", TRUE },
	{ "+0123456789", FALSE },
	{ "14155550123", FALSE },
	{ "+1 4155550123", FALSE },
	{ "+1415555012a", FALSE },
	{ "++14155550123", FALSE },
	{ "+", FALSE },
	{ "+4", FALSE },
	{ "", FALSE },
	{ NULL, FALSE },
};

START_TEST(a_number_is_e164)
{
	ck_assert_msg(jr_phone_valid(valids[_i].text) == valids[_i].valid, "%s",
		      valids[_i].text);
}
END_TEST

static const struct {
	const char *text, *country, *want; /* NULL: refused */
} written[] = {
	{ "+14155550123", NULL, "+14155550123" },
	{ " +1 (415) 555-0123 ", NULL, "+14155550123" },
	{ "+1.415.555.0123", NULL, "+14155550123" },
	{ "tel:+1-415-555-0123", NULL, "+14155550123" },
	{ "whatsapp:+447911123456", NULL, "+447911123456" },
	{ "00 44 7911 123456", NULL, "+447911123456" },
	{ "00447911123456", "US", "+447911123456" },
	{ "011 44 7911 123456", "US", "+447911123456" },
	{ "+44 (0)7911 123456", NULL, "+447911123456" },
	{ "\xe2\x80\xaa+44 7911 123456\xe2\x80\xac", NULL, "+447911123456" },
	{ "+44\xc2\xa0"
	  "7911\xe2\x80\x91"
	  "123456",
	  NULL, "+447911123456" },
	{ "(415) 555-0123", "US", "+14155550123" },
	{ "1-415-555-0123", "US", "+14155550123" },
	{ "415 555 0123", "us", "+14155550123" },
	{ "415 555 0123", "CA", "+14155550123" },
	{ "876 555 0123", "JM", "+18765550123" },
	{ "415 555 0123", "+1", "+14155550123" },
	{ "07911 123456", "GB", "+447911123456" },
	{ "07911 123456", "44", "+447911123456" },
	{ "7911 123456", "gb", "+447911123456" },
	{ "06 12 34 56 78", "FR", "+33612345678" },
	{ "0170 1234567", "DE", "+491701234567" },
	{ "8 (912) 345-67-89", "RU", "+79123456789" },
	{ "06 20 123 4567", "HU", "+36201234567" },
	{ "06 6982 1234", "IT", "+390669821234" }, /* keeps its zero */
	{ "8 701 234 56 78", "KZ", "+77012345678" },
	{ "612 34 56 78", "+47", NULL },	    /* one digit too many */
	{ "\xd9\xa0\xd9\xa1\xd9\xa0", NULL, NULL }, /* Arabic digits, short */
	{ "+\xef\xbc\x91\xef\xbc\x94\xef\xbc\x91\xef\xbc\x95 5550123", NULL,
	  "+14155550123" }, /* full width */
	{ "415 555 0123", NULL, NULL },
	{ "555 0123", "US", NULL },
	{ "+1 415 555 0123 x12", NULL, NULL },
	{ "415-555-0123 ext. 4", "US", NULL },
	{ "1-800-FLOWERS", "US", NULL },
	{ "+1 000 555 1234", NULL, NULL },
	{ "+12345", NULL, NULL },
	{ "+44 7911 123456 123456 123456 123456 123456", NULL, NULL },
	{ "ana@example.com", "US", NULL },
	{ "415 555 0123", "Atlantis", NULL },
	{ "415 555 0123", "", NULL },
	{ "+1415+5550123", NULL, NULL },
	{ "", "US", NULL },
	{ "()", "US", NULL },
};

START_TEST(what_people_write_becomes_e164)
{
	char number[JR_PHONE_SIZE] = "";
	g_autoptr(GError) error = NULL;
	gboolean ok = jr_phone_normalize(written[_i].text, written[_i].country,
					 number, &error);

	ck_assert_msg(ok == !!written[_i].want, "%s: %s", written[_i].text,
		      error ? error->message : number);
	ck_assert(ok == !error);
	if (ok)
		ck_assert_str_eq(number, written[_i].want);
	else /* the message must not repeat the number */
		ck_assert_ptr_null(strstr(error->message, "415"));
}
END_TEST

static const struct {
	const char *number, *code, *country, *region, *zones;
	gboolean toll_free;
} places[] = {
	{ "+14155550123", "1", "US", "CA", "America/Los_Angeles", FALSE },
	{ "+12125550123", "1", "US", "NY", "America/New_York", FALSE },
	{ "+18505550123", "1", "US", "FL", "America/Chicago America/New_York",
	  FALSE },
	{ "+14485550123", "1", "US", "FL", "America/Chicago America/New_York",
	  FALSE }, /* laid over 850 */
	{ "+12055550123", "1", "US", "AL", "America/Chicago", FALSE },
	{ "+14165550123", "1", "CA", "ON", "America/Toronto", FALSE },
	{ "+17875550123", "1", "PR", "", "America/Puerto_Rico", FALSE },
	{ "+18765550123", "1", "JM", "", "America/Jamaica", FALSE },
	{ "+18005550123", "1", "", "", "", TRUE },
	{ "+18885550123", "1", "", "", "", TRUE },
	{ "+447911123456", "44", "GB", "", "Europe/London", FALSE },
	{ "+34612345678", "34", "ES", "", "Europe/Madrid Atlantic/Canary",
	  FALSE },
	{ "+77012345678", "7", "KZ", "", "Asia/Almaty", FALSE },
	{ "+61891621234", "61", "CC", "", "Indian/Cocos", FALSE },
	{ "+919876543210", "91", "IN", "", "Asia/Kolkata", FALSE },
	{ "+88213123456", "", "", "", "", FALSE }, /* a satellite */
};

START_TEST(a_number_rings_somewhere)
{
	JrPhonePlace place;

	jr_phone_place(places[_i].number, &place);
	ck_assert_str_eq(place.calling_code, places[_i].code);
	ck_assert_str_eq(place.country, places[_i].country);
	ck_assert_str_eq(place.region, places[_i].region);
	ck_assert_str_eq(place.zones, places[_i].zones);
	ck_assert_int_eq(place.toll_free, places[_i].toll_free);
}
END_TEST

static guint n_zones(const char *number)
{
	g_autoptr(JrZones) zones = jr_zones_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) found = jr_phone_zones(number, zones, &error);

	ck_assert_msg(!!found, "%s", error ? error->message : "");
	return found->len;
}

START_TEST(candidate_zones_are_those_of_the_code)
{
	ck_assert_uint_eq(n_zones("+18505550123"), 2);
	ck_assert_uint_eq(n_zones("+18005550123"), 0);
	ck_assert_uint_eq(n_zones("+79123456789"), 11);
	ck_assert_uint_gt(n_zones("+12995550123"), 10); /* never opened */
}
END_TEST

static void assert_zones(JrZones *zones, const char *list)
{
	g_auto(GStrv) ids = g_strsplit(list, " ", -1);

	for (char **id = ids; *id; id++) {
		JrZone *zone = jr_zones_get(zones, *id, NULL);

		ck_assert_msg(!!zone, "tzdata has no '%s'", *id);
		ck_assert_str_eq(jr_zone_id(zone), *id);
	}
}

START_TEST(tzdata_has_every_zone_of_the_tables)
{
	g_autoptr(JrZones) zones = jr_zones_new();

	for (const JrPhoneCountry *c = jr_phone_countries; c->code; c++)
		assert_zones(zones, c->zones);
	for (const JrPhonePart *p = jr_phone_parts; p->prefix; p++)
		assert_zones(zones, p->zones);
	for (const JrPhoneArea *a = jr_phone_areas; a->country; a++)
		assert_zones(zones, a->zones);
}
END_TEST

START_TEST(no_area_code_stands_twice)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (const JrPhoneArea *a = jr_phone_areas; a->country; a++) {
		g_auto(GStrv) codes = g_strsplit(a->codes, " ", -1);

		for (char **c = codes; *c; c++) {
			ck_assert_uint_eq(strlen(*c), 3);
			ck_assert_msg(g_hash_table_add(seen, g_strdup(*c)),
				      "%s", *c);
		}
	}
	ck_assert_uint_gt(g_hash_table_size(seen), 430);
}
END_TEST

/* Then the first that fits is the only one. */
START_TEST(no_country_code_begins_another)
{
	for (const JrPhoneCountry *a = jr_phone_countries; a->code; a++)
		for (const JrPhoneCountry *b = a + 1; b->code; b++) {
			ck_assert(!g_str_has_prefix(b->code, a->code));
			ck_assert(!g_str_has_prefix(a->code, b->code));
		}
}
END_TEST

START_TEST(countries_are_known_by_name_and_code)
{
	const char *known[] = { "US", "us", "+44", "44", "VA", "PR", "KZ" };
	const char *not_known[] = { "", "+", "ZZ", "USA", "+999", "4", NULL };

	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		ck_assert_msg(jr_phone_country_known(known[i]), "%s", known[i]);
	for (guint i = 0; i < G_N_ELEMENTS(not_known); i++)
		ck_assert_msg(!jr_phone_country_known(not_known[i]), "%s",
			      not_known[i]);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_number_is_e164, 0, G_N_ELEMENTS(valids));
	tcase_add_loop_test(tc, what_people_write_becomes_e164, 0,
			    G_N_ELEMENTS(written));
	tcase_add_loop_test(tc, a_number_rings_somewhere, 0,
			    G_N_ELEMENTS(places));
	tcase_add_test(tc, candidate_zones_are_those_of_the_code);
	tcase_add_test(tc, tzdata_has_every_zone_of_the_tables);
	tcase_add_test(tc, no_area_code_stands_twice);
	tcase_add_test(tc, no_country_code_begins_another);
	tcase_add_test(tc, countries_are_known_by_name_and_code);
}
