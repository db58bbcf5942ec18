#include "rules/phone.h"
#include "base/error.h"
#include "rules/phone_table.h"

#include <string.h>

#define DIGITS "0123456789"
#define MIN_DIGITS 7 /* of a whole number: shorter ones are slips */
#define TOLL_FREE "800 833 844 855 866 877 888"

/* Whether @word is one of the words of @list, which have spaces between. */
static gboolean listed(const char *list, const char *word, gsize len)
{
	for (const char *at = list; (at = strstr(at, word)); at++)
		if ((at == list || at[-1] == ' ') && strchr(" ", at[len]))
			return TRUE;
	return FALSE;
}

/* NXX NXX XXXX, the area code no service code such as 911. */
static gboolean nanp_valid(const char *digits)
{
	return strlen(digits) == 10 && digits[0] >= '2' && digits[3] >= '2' &&
	       !(digits[1] == '1' && digits[2] == '1');
}

gboolean jr_phone_valid(const char *text)
{
	if (!text || text[0] != '+' || text[1] < '1' || text[1] > '9')
		return FALSE;
	gsize len = strspn(text + 1, DIGITS);
	if (text[1 + len] || len < 2 || len > 15)
		return FALSE;
	return text[1] != '1' || nanp_valid(text + 2);
}

/* Whose code @digits begin with: no code is the beginning of another. */
static const JrPhoneCountry *country_of_digits(const char *digits)
{
	for (const JrPhoneCountry *c = jr_phone_countries; c->code; c++)
		if (digits[0] == c->code[0] &&
		    g_str_has_prefix(digits, c->code))
			return c;
	return NULL;
}

/* By calling code, "+44" or "44", or by country, "gb". */
static const JrPhoneCountry *country_of_name(const char *name)
{
	g_autofree char *iso = g_ascii_strup(name, -1);
	const char *code = name[0] == '+' ? name + 1 : name;

	for (const JrPhoneCountry *c = jr_phone_countries; c->code; c++)
		if (strcmp(c->code, code) == 0 ||
		    (strlen(iso) == 2 && listed(c->countries, iso, 2)))
			return c;
	for (const JrPhoneArea *a = jr_phone_areas; a->country; a++)
		if (strcmp(a->country, iso) == 0)
			return jr_phone_countries; /* +1 is the first */
	for (const JrPhonePart *p = jr_phone_parts; p->prefix; p++)
		if (strcmp(p->country, iso) == 0)
			return country_of_digits(p->prefix);
	return NULL;
}

gboolean jr_phone_country_known(const char *country)
{
	return country && country_of_name(country);
}

typedef struct {
	char digits[32];
	guint n;
	gboolean plus;
} Written;

/* What may stand between digits; a zero in brackets is a trunk prefix. */
static gboolean is_filler(gunichar c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' ||
	       c == ')' || c == '\t' || g_unichar_isspace(c) ||
	       g_unichar_type(c) == G_UNICODE_DASH_PUNCTUATION ||
	       g_unichar_type(c) == G_UNICODE_FORMAT;
}

static const char *skip_scheme(const char *text)
{
	static const char *const schemes[] = { "tel:", "sms:", "whatsapp:" };

	while (g_ascii_isspace(*text))
		text++;
	for (guint i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (g_ascii_strncasecmp(text, schemes[i], strlen(schemes[i])) ==
		    0)
			return text + strlen(schemes[i]);
	return text;
}

/* Take the digits out of what was written.  NULL or what is wrong with it. */
static const char *read_written(const char *text, Written *out)
{
	text = skip_scheme(text);
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		int digit = g_unichar_digit_value(c);

		if (digit >= 0 && out->n + 1 < sizeof out->digits) {
			if (out->n > 0 && out->plus &&
			    g_str_has_prefix(text - 1, "(0)"))
				continue; /* "+44 (0)20 …" */
			out->digits[out->n++] = (char)('0' + digit);
		} else if (digit >= 0) {
			return "too many digits";
		} else if ((c == '+' || c == 0xff0b) && out->n == 0) {
			out->plus = TRUE;
		} else if (!is_filler(c)) {
			return "something that is no digit stands in it";
		}
	}
	return out->n ? NULL : "there is no digit in it";
}

static gboolean refuse(GError **error, const char *why, const char *instead)
{
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "not a phone number: %s: %s", why, instead);
	return FALSE;
}

/* A number as dialled at home in @country, its trunk prefix taken off. */
static gboolean add_country(const Written *w, const JrPhoneCountry *country,
			    char number[JR_PHONE_SIZE], GError **error)
{
	const char *digits = w->digits;
	gsize trunk = strlen(country->trunk);
	int len;

	if (trunk && strncmp(digits, country->trunk, trunk) == 0 &&
	    (int)(w->n - trunk) >= country->min)
		digits += trunk;
	len = (int)strlen(digits);
	if (len < country->min || len > country->max)
		return refuse(error, "its length does not fit the country",
			      "write it with '+' and the country code");
	g_snprintf(number, JR_PHONE_SIZE, "+%s%s", country->code, digits);
	return TRUE;
}

/* What is dialled to leave the country stands for the plus. */
static void drop_exit_code(Written *w, const JrPhoneCountry *home)
{
	gboolean nanp = home && home->code[0] == '1';
	gsize len = 0;

	if (g_str_has_prefix(w->digits, "00"))
		len = 2;
	else if (nanp && g_str_has_prefix(w->digits, "011"))
		len = 3;
	if (w->plus || len == 0)
		return;
	memmove(w->digits, w->digits + len, sizeof w->digits - len);
	w->n -= (guint)len;
	w->plus = TRUE;
}

gboolean jr_phone_normalize(const char *text, const char *country,
			    char number[JR_PHONE_SIZE], GError **error)
{
	Written w = { 0 };
	const char *why = read_written(text, &w);
	const JrPhoneCountry *home = NULL;

	if (why)
		return refuse(error, why, "write it like '+12065550199'");
	if (!w.plus && country && !(home = country_of_name(country)))
		return refuse(error, "its country is not known",
			      "give a country such as 'US' or '+44'");
	drop_exit_code(&w, home);
	if (!w.plus && !home)
		return refuse(error, "it has no country code",
			      "write it like '+12065550199', or set "
			      "default_country");
	if (!w.plus && !add_country(&w, home, number, error))
		return FALSE;
	if (w.plus && (w.n < MIN_DIGITS || w.n > 15))
		return refuse(error, "it has too few or too many digits",
			      "write it like '+12065550199'");
	if (w.plus)
		g_snprintf(number, JR_PHONE_SIZE, "+%s", w.digits);
	if (!jr_phone_valid(number))
		return refuse(error, "no such number can exist",
			      "write it like '+12065550199'");
	return TRUE;
}

/* What the area code, the first three of @digits, tells. */
static void nanp_place(const char *digits, JrPhonePlace *place)
{
	char code[4];

	g_strlcpy(code, digits, sizeof code);
	place->toll_free = listed(TOLL_FREE, code, 3);
	if (place->toll_free)
		place->zones = "";
	for (const JrPhoneArea *a = jr_phone_areas; a->country; a++) {
		if (!listed(a->codes, code, 3))
			continue;
		g_strlcpy(place->country, a->country, 3);
		place->region = a->region;
		place->zones = a->zones;
		return;
	}
}

void jr_phone_place(const char *number, JrPhonePlace *place)
{
	const JrPhoneCountry *country = country_of_digits(number + 1);

	*place =
		(JrPhonePlace){ .calling_code = "", .region = "", .zones = "" };
	if (!country)
		return;
	place->calling_code = country->code;
	place->zones = country->zones;
	if (strcmp(country->code, "1") == 0)
		nanp_place(number + 2, place);
	else
		g_strlcpy(place->country, country->countries, 3);
	for (const JrPhonePart *p = jr_phone_parts; p->prefix; p++) {
		if (number[1] != p->prefix[0] ||
		    !g_str_has_prefix(number + 1, p->prefix))
			continue;
		g_strlcpy(place->country, p->country, 3);
		place->zones = p->zones;
	}
}

GPtrArray *jr_phone_zones(const char *number, JrZones *zones, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	JrPhonePlace place;

	jr_phone_place(number, &place);
	g_auto(GStrv) ids = g_strsplit(place.zones, " ", -1);
	for (char **id = ids; *id; id++) {
		JrZone *zone = jr_zones_get(zones, *id, error);

		if (!zone)
			return NULL;
		g_ptr_array_add(found, zone);
	}
	return g_steal_pointer(&found);
}
