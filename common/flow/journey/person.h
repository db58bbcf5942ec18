/*
 * person.h - a person as journeys and gates see one.
 */
#pragma once

#include "flow/flow.h"
#include "rules/phone.h"
#include "store/people.h"

/* Texts and values live in the arena it was loaded with. */
typedef struct {
	JrPerson row;
	const JrVal *attributes; /* a map; never NULL */
	JrZone *zone;		 /* by whose clocks they wait; never NULL */
	gboolean zone_own;	 /* it is the person's own, not our guess */
} JrTraveller;

/*
 * Load @person.  *@found is FALSE when nobody is there to be messaged: merged
 * away, erased, never known.  FALSE and JR_ERROR_IO or JR_ERROR_BUSY.
 */
gboolean jr_traveller_load(const JrFlow *flow, gint64 person, JrArena *arena,
			   JrTraveller *who, gboolean *found, GError **error);

/*
 * The number they want SMS (or WhatsApp) at, in E.164: what identify gave as
 * sms_phone (whatsapp_phone), else as phone.  FALSE: there is none, or what
 * was given is no number.
 */
gboolean jr_traveller_number(const JrFlow *flow, const JrTraveller *who,
			     JrChannel channel, char number[JR_PHONE_SIZE]);

/*
 * Append to @places (JrQuietPlace) where they may be: in their own zone; else
 * in any that @number (NULL: their phone's) may ring in; else where the
 * configuration says.  None: nobody knows, so hold.  Country and region come
 * from their attributes, else from the number.
 */
gboolean jr_traveller_places(const JrFlow *flow, const JrTraveller *who,
			     const char *number, GArray *places,
			     GError **error);
