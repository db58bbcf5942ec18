/*
 * liquid_filters_money.c - numbers and prices as people of a place write them.
 *
 * Source: Unicode CLDR 42 through Node 20's Intl.NumberFormat, for the locales
 * of the table.  A minus is always '-', and Hebrew and Arabic are left out.
 */
#include "lang/liquid_impl.h"

#include <string.h>

#define NBSP "\302\240"	      /* U+00A0 */
#define NARROW "\342\200\257" /* U+202F, narrow and unbroken too */

typedef enum {
	BEFORE,	    /* -$1.00 */
	BEFORE_GAP, /* -R$ 1.00 */
	AFTER_GAP,  /* -1.00 € */
	INNER_GAP,  /* € -1.00 */
	INNER,	    /* CHF-1.00, but CHF 1.00 */
} Place;

typedef struct {
	const char *name; /* the first of a language is its default */
	const char *currency, *symbol;
	const char *point, *group;
	guint8 least;	/* digits before the first group mark */
	gboolean india; /* groups of two, but for the last */
	Place place;
} Locale;

static const Locale locales[] = {
	{ "en-us", "USD", "$", ".", ",", 1, FALSE, BEFORE },
	{ "en-gb", "GBP", "£", ".", ",", 1, FALSE, BEFORE },
	{ "en-ie", "EUR", "€", ".", ",", 1, FALSE, BEFORE },
	{ "en-ca", "CAD", "$", ".", ",", 1, FALSE, BEFORE },
	{ "en-au", "AUD", "$", ".", ",", 1, FALSE, BEFORE },
	{ "en-nz", "NZD", "$", ".", ",", 1, FALSE, BEFORE },
	{ "en-in", "INR", "₹", ".", ",", 1, TRUE, BEFORE },
	{ "en-za", "ZAR", "R", ",", NBSP, 1, FALSE, BEFORE_GAP },
	{ "de-de", "EUR", "€", ",", ".", 1, FALSE, AFTER_GAP },
	{ "de-at", "EUR", "€", ",", ".", 1, FALSE, BEFORE_GAP },
	{ "de-ch", "CHF", "CHF", ".", "’", 1, FALSE, INNER },
	{ "fr-fr", "EUR", "€", ",", NARROW, 1, FALSE, AFTER_GAP },
	{ "fr-be", "EUR", "€", ",", NARROW, 1, FALSE, AFTER_GAP },
	{ "fr-ca", "CAD", "$", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "fr-ch", "CHF", "CHF", ".", NARROW, 1, FALSE, AFTER_GAP },
	{ "es-es", "EUR", "€", ",", ".", 2, FALSE, AFTER_GAP },
	{ "es-mx", "MXN", "$", ".", ",", 1, FALSE, BEFORE },
	{ "es-ar", "ARS", "$", ",", ".", 1, FALSE, BEFORE_GAP },
	{ "es-co", "COP", "$", ",", ".", 1, FALSE, BEFORE_GAP },
	{ "es-cl", "CLP", "$", ",", ".", 1, FALSE, INNER },
	{ "it-it", "EUR", "€", ",", ".", 2, FALSE, AFTER_GAP },
	{ "pt-br", "BRL", "R$", ",", ".", 1, FALSE, BEFORE_GAP },
	{ "pt-pt", "EUR", "€", ",", NBSP, 2, FALSE, AFTER_GAP },
	{ "nl-nl", "EUR", "€", ",", ".", 1, FALSE, INNER_GAP },
	{ "nl-be", "EUR", "€", ",", ".", 1, FALSE, INNER_GAP },
	{ "pl-pl", "PLN", "zł", ",", NBSP, 2, FALSE, AFTER_GAP },
	{ "sv-se", "SEK", "kr", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "da-dk", "DKK", "kr.", ",", ".", 1, FALSE, AFTER_GAP },
	{ "nb-no", "NOK", "kr", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "no-no", "NOK", "kr", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "fi-fi", "EUR", "€", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "cs-cz", "CZK", "Kč", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "sk-sk", "EUR", "€", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "hu-hu", "HUF", "Ft", ",", NBSP, 2, FALSE, AFTER_GAP },
	{ "ro-ro", "RON", "RON", ",", ".", 1, FALSE, AFTER_GAP },
	{ "bg-bg", "BGN", "лв.", ",", NBSP, 2, FALSE, AFTER_GAP },
	{ "hr-hr", "EUR", "€", ",", ".", 1, FALSE, AFTER_GAP },
	{ "el-gr", "EUR", "€", ",", ".", 1, FALSE, AFTER_GAP },
	{ "ru-ru", "RUB", "₽", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "uk-ua", "UAH", "₴", ",", NBSP, 1, FALSE, AFTER_GAP },
	{ "tr-tr", "TRY", "₺", ",", ".", 1, FALSE, BEFORE },
	{ "ja-jp", "JPY", "￥", ".", ",", 1, FALSE, BEFORE },
	{ "zh-cn", "CNY", "¥", ".", ",", 1, FALSE, BEFORE },
	{ "zh-tw", "TWD", "$", ".", ",", 1, FALSE, BEFORE },
	{ "ko-kr", "KRW", "₩", ".", ",", 1, FALSE, BEFORE },
	{ "hi-in", "INR", "₹", ".", ",", 1, TRUE, BEFORE },
	{ "id-id", "IDR", "Rp", ",", ".", 1, FALSE, BEFORE_GAP },
	{ "th-th", "THB", "฿", ".", ",", 1, FALSE, BEFORE },
	{ "vi-vn", "VND", "₫", ",", ".", 1, FALSE, AFTER_GAP },
};

/* Currencies where they are not at home; others show their code. */
static const struct {
	const char *code, *symbol;
} symbols[] = {
	{ "USD", "$" },	  { "EUR", "€" },   { "GBP", "£" },   { "JPY", "¥" },
	{ "CNY", "CN¥" }, { "INR", "₹" },   { "KRW", "₩" },   { "BRL", "R$" },
	{ "CAD", "CA$" }, { "AUD", "A$" },  { "NZD", "NZ$" }, { "MXN", "MX$" },
	{ "HKD", "HK$" }, { "TWD", "NT$" }, { "ILS", "₪" },   { "VND", "₫" },
};

static const char *const without_cents[] = { "JPY", "KRW", "VND", "CLP", "COP",
					     "HUF", "IDR", "ISK", NULL };

/* ------------------------------------------------------------------- finding
 */

/* The row of @name, "de-de", "de_DE" or "de"; NULL when there is none. */
static const Locale *find_locale(LqText name)
{
	g_autofree char *low = g_ascii_strdown(name.str, (gssize)name.len);

	g_strdelimit(low, "_", '-');
	for (guint i = 0; i < G_N_ELEMENTS(locales); i++)
		if (g_str_equal(low, locales[i].name))
			return &locales[i];
	for (guint i = 0; i < G_N_ELEMENTS(locales); i++)
		if (strlen(low) == 2 && g_str_has_prefix(locales[i].name, low))
			return &locales[i];
	return NULL;
}

static gboolean is_currency(LqText text)
{
	return text.len == 3 && g_ascii_isupper(text.str[0]) &&
	       g_ascii_isupper(text.str[1]) && g_ascii_isupper(text.str[2]);
}

typedef struct {
	const Locale *locale;
	const char *currency, *symbol;
	gboolean money;
	int digits; /* after the point; of a plain number at most */
} Style;

static gboolean take_locale(LqRun *run, const LqVal *v, Style *style)
{
	if (lq_is_nil(v))
		return TRUE;
	style->locale = find_locale(lq_to_text(run, v));
	if (style->locale)
		return TRUE;
	lq_fail(run,
		"'%s' for an unknown locale: write one of jr-liquid(7), "
		"such as 'en-us'",
		run->filter->name);
	return FALSE;
}

static const char *symbol_of(const Style *style)
{
	if (g_str_equal(style->currency, style->locale->currency))
		return style->locale->symbol;
	for (guint i = 0; i < G_N_ELEMENTS(symbols); i++)
		if (g_str_equal(symbols[i].code, style->currency))
			return symbols[i].symbol;
	return style->currency;
}

/* The arguments: a locale, or a currency's code, or both. */
static gboolean read_style(LqRun *run, const LqArgs *args, Style *style)
{
	style->locale = &locales[0];
	for (guint i = 0; i < args->n; i++) {
		LqText text = lq_arg_text(run, args, i);

		if (style->money && is_currency(text))
			style->currency = text.str;
		else if (!take_locale(run, &args->arg[i], style))
			return FALSE;
	}
	if (!take_locale(run, &args->named, style))
		return FALSE;
	if (!style->currency)
		style->currency = style->locale->currency;
	style->symbol = symbol_of(style);
	if (style->digits > 0 && style->money &&
	    g_strv_contains(without_cents, style->currency))
		style->digits = 0;
	return TRUE;
}

/* ------------------------------------------------------------------- writing
 */

/* Whether a group mark stands before the last @left of @n digits. */
static gboolean marks(const Locale *l, gsize n, gsize left)
{
	if (left == 0 || left == n || n < 3u + l->least)
		return FALSE;
	return l->india ? left >= 3 && (left - 3) % 2 == 0 : left % 3 == 0;
}

/* @digits, "1234.50", as the locale writes it. */
static void add_number(LqBuild *b, const Locale *l, const char *digits)
{
	gsize n = strcspn(digits, ".");

	for (gsize i = 0; i < n; i++) {
		if (marks(l, n, n - i))
			lq_add_str(b, l->group);
		lq_add_char(b, digits[i]);
	}
	if (digits[n] == '\0')
		return;
	lq_add_str(b, l->point);
	lq_add_str(b, digits + n + 1);
}

/* What goes around a price, for each Place: before and after the number. */
static void add_price(LqBuild *b, const Style *style, gboolean minus,
		      const char *digits)
{
	Place place = style->locale->place;
	gboolean inner = place == INNER || place == INNER_GAP;
	/* A code needs a gap where a symbol has none. */
	gboolean gap = place == BEFORE_GAP || place == INNER_GAP ||
		       (place == INNER && !minus &&
			g_ascii_isalpha(style->symbol[0])) ||
		       (place == BEFORE && strlen(style->symbol) == 3 &&
			g_ascii_isalpha(style->symbol[2]));

	if (minus && !inner)
		lq_add_char(b, '-');
	if (place != AFTER_GAP)
		lq_add_str(b, style->symbol);
	if (gap)
		lq_add_str(b, NBSP);
	if (minus && inner)
		lq_add_char(b, '-');
	add_number(b, style->locale, digits);
	if (place == AFTER_GAP) {
		lq_add_str(b, NBSP);
		lq_add_str(b, style->symbol);
	}
}

/* Without the zeros at its end that a plain number does not show. */
static void trim_zeros(char *digits)
{
	gsize n = strlen(digits);

	if (!strchr(digits, '.'))
		return;
	while (digits[n - 1] == '0')
		n--;
	digits[digits[n - 1] == '.' ? n - 1 : n] = '\0';
}

/* What is no number must not become "$0.00". */
static gboolean read_number(LqRun *run, const LqVal *v, LqNum *num)
{
	LqText text;

	*num = lq_to_number(run, v);
	if (lq_is_type(v, JR_VAL_INT) || lq_is_type(v, JR_VAL_REAL))
		return TRUE;
	if (lq_is_type(v, JR_VAL_TEXT)) {
		text = lq_strip(lq_to_text(run, v), TRUE, TRUE);
		if (text.len > 0 &&
		    text.len == strspn(text.str, "+-.0123456789"))
			return TRUE;
	}
	lq_fail(run, "'%s' of %s that is no number", run->filter->name,
		lq_type_name(v));
	return FALSE;
}

static LqVal format(LqRun *run, const LqArgs *args, Style style)
{
	g_autofree char *digits = NULL;
	LqBuild b = { .run = run };
	gboolean minus;
	LqNum num;

	if (lq_is_nil(&args->in))
		return args->in;
	if (!read_style(run, args, &style) ||
	    !read_number(run, &args->in, &num))
		return lq_nil();
	digits = lq_num_fixed(num, style.digits);
	minus = lq_num_cmp(num, lq_num_int(0)) < 0 &&
		strspn(digits, "0.") < strlen(digits);
	if (style.money) {
		add_price(&b, &style, minus, digits);
		return lq_built(&b);
	}
	trim_zeros(digits);
	if (minus)
		lq_add_char(&b, '-');
	add_number(&b, style.locale, digits);
	return lq_built(&b);
}

static LqVal f_format_number(LqRun *run, const LqArgs *args)
{
	return format(run, args, (Style){ .digits = 3 });
}

static LqVal f_currency(LqRun *run, const LqArgs *args)
{
	return format(run, args, (Style){ .money = TRUE, .digits = 2 });
}

static LqVal f_rounded_currency(LqRun *run, const LqArgs *args)
{
	return format(run, args, (Style){ .money = TRUE });
}

/* To add a filter: a row here, one in jr-liquid(7), and its cases. */
const LqFilter lq_filters_money[] = {
	{ "format_number", f_format_number, 0, 1, "locale", LQ_PLAIN },
	{ "currency", f_currency, 0, 2, "locale", LQ_PLAIN },
	{ "rounded_currency", f_rounded_currency, 0, 2, "locale", LQ_PLAIN },
	{ 0 },
};
