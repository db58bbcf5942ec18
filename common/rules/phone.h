/*
 * phone.h - telephone numbers: which are some, and where they may ring.
 *
 * Sources: ITU-T E.164 (a plus, a country code from 1 to 9, at most 15 digits)
 * and E.164.D (country codes); the North American Numbering Plan's form and
 * its area codes (nationalnanpa.com); time zones of prefixes as Google's
 * libphonenumber publishes them (Apache-2.0), taken as facts into tables of
 * our own in phone_table.c.  Numbers are portable and people move: a place is
 * a set of candidates, never a finding.
 */
#pragma once

#include "base/zone.h"

#define JR_PHONE_SIZE 17 /* a plus, 15 digits and a NUL */

/*
 * Whether @text is a number as carriers take it: E.164, digits only; for +1
 * also NXX NXX XXXX (N from 2) whose area code is no service code (N11).  Not
 * whether it was ever given out.  NULL is none.
 */
gboolean jr_phone_valid(const char *text);

/*
 * Turn what people write, "(415) 555-2671", "00 44 7911 123456", "+1.415…",
 * "tel:+1-415-…", into E.164.  @country is a country ("US", "gb") or a calling
 * code ("+44", "44") for numbers written without one; NULL: such are refused.
 * Extensions are refused: no SMS reaches them.  FALSE and JR_ERROR_INPUT, in
 * words that do not repeat the number.
 */
gboolean jr_phone_normalize(const char *text, const char *country,
			    char number[JR_PHONE_SIZE], GError **error);

/* Whether @country can be given to jr_phone_normalize(). */
gboolean jr_phone_country_known(const char *country);

typedef struct {
	const char *calling_code; /* "44"; "" when no country has it */
	char country[3]; /* ISO 3166-1 alpha-2, of several that share a code the
			  * chief one; "" unknown, and for new area codes */
	const char *region; /* of the US and Canada: postal code of the state
			     * or province, "TX"; else "" */
	const char *zones;  /* IANA names, a space between; "" unknown */
	gboolean toll_free; /* +1 800 and so on: it rings anywhere */
} JrPhonePlace;

/* Where @number, a valid one, may ring.  All texts are static. */
void jr_phone_place(const char *number, JrPhonePlace *place);

/*
 * The candidate zones of @number, JrZone * borrowed from @zones; owned array.
 * Empty when nothing is known, toll-free numbers for one.  NULL and error when
 * the system's tzdata lacks one of them: a candidate left out would be a
 * person woken up.
 */
GPtrArray *jr_phone_zones(const char *number, JrZones *zones, GError **error);
