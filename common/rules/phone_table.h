/*
 * phone_table.h - facts about country codes and area codes, for phone.c.
 *
 * Sources: country codes and their countries, ITU-T E.164.D; trunk prefixes
 * and lengths of national numbers as libphonenumber (8.12, Apache-2.0) lists
 * them; zones of countries, IANA tzdata's zone.tab (2025b, public domain), of
 * those whose clocks agree from 2025 to 2030 one each; zones of area codes,
 * libphonenumber's prefix table, every zone of every longer prefix.  An area
 * code laid over another has the zones of that other.  Codes that are not here
 * have all zones of +1.
 *
 * To add an area code: put it into the row of its state and zones, or make
 * one.  Tests check that no code stands twice and that tzdata has every zone.
 */
#pragma once

#include <stddef.h>

typedef struct {
	const char *code;      /* calling code; NULL ends the table */
	const char *countries; /* ISO 3166-1 alpha-2, the chief one first */
	const char *trunk;     /* dialled before national numbers at home */
	int min, max;	       /* digits of a national number */
	const char *zones;
} JrPhoneCountry;

/* A part of a country code that is a place of its own. */
typedef struct {
	const char *prefix, *country, *zones;
} JrPhonePart;

/* Area codes of +1 with the same state and zones. */
typedef struct {
	const char *country, *region, *zones;
	const char *codes; /* three digits each, a space between */
} JrPhoneArea;

extern const JrPhoneCountry jr_phone_countries[];
extern const JrPhonePart jr_phone_parts[];
extern const JrPhoneArea jr_phone_areas[];
