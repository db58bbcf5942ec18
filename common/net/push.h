/*
 * push.h - what FCM, APNs and Web Push make of a message alike.
 *
 * The shape is one that apps with Customer.io's SDK understand: the message's
 * id and the device's token under CIO-Delivery-ID and CIO-Delivery-Token, by
 * which the app reports metrics; link and image under CIO.push on iOS.
 */
#pragma once

#include "net/provider.h"

/* What a payload may take: FCM's and APNs' documentation say the same. */
#define JR_PUSH_PAYLOAD_MAX 4096

#define JR_PUSH_COLLAPSE_MAX 64 /* bytes of apns-collapse-id */

/* What a step's options come to. */
typedef struct {
	/* Owned; NULL: none. */
	json_t *android;	 /* AndroidConfig of FCM */
	json_t *aps;		 /* the dictionary aps */
	json_t *web;		 /* of a browser's notification */
	gboolean silent;	 /* wakes the app, shows nothing */
	const char *collapse_id; /* a later message replaces this; or NULL */
	const char *priority;	 /* "high", "normal" or NULL */
	const char *push_type;	 /* apns-push-type, or NULL */
	const char *label;	 /* FCM: analytics label, or NULL */
} JrPushOptions;

/*
 * Whether there is such an option of push steps, and @val (NULL: it is not
 * known yet) one of its values.  FALSE and JR_ERROR_INPUT "option '...' ...:
 * what to write instead".
 */
gboolean jr_push_option_check(const char *option, const JrVal *val,
			      GError **error);

/*
 * Read @handover's options.  Borrows its texts.  FALSE and JR_ERROR_INPUT: one
 * is not known, or its value makes no sense.
 */
gboolean jr_push_options_read(const JrHandover *handover,
			      JrPushOptions *options, GError **error);
void jr_push_options_clear(JrPushOptions *options);

/*
 * Whether @handover says anything that a push can: title, body (or silent), in
 * UTF-8, before its deadline.  FALSE and JR_ERROR_INPUT.
 */
gboolean jr_push_check(const JrHandover *handover, const JrPushOptions *options,
		       GError **error);

/*
 * What names a message to a service that takes at most @max bytes: its id, or
 * a hash of it where that is longer or not all printable ASCII.  Owned.
 */
char *jr_push_id(const char *id, gsize max);

/* JR_ERROR_INPUT when @bytes are over @max. */
gboolean jr_push_fits(gsize bytes, gsize max, GError **error);

/* Services, as bits. */
enum {
	JR_PUSH_TO_FCM = 1 << 0,
	JR_PUSH_TO_APNS = 1 << 1,
	JR_PUSH_TO_WEB = 1 << 2,
	JR_PUSH_TO_ALL = JR_PUSH_TO_FCM | JR_PUSH_TO_APNS | JR_PUSH_TO_WEB,
};

/*
 * Whether all of the services @to leave @key to the app, for its custom data.
 * FALSE and JR_ERROR_INPUT "custom data 'KEY' ...: what to write instead".
 */
gboolean jr_push_key_check(const char *key, guint to, GError **error);

typedef struct {
	gboolean validate_only; /* FCM is to look at it, and send nobody */
	gboolean data_only; /* Android shows nothing by itself: the app does */
} JrFcmForm;

/*
 * What FCM takes, for Android and, where the token stands for an iOS device,
 * for APNs: JSON.  New reference.  NULL and JR_ERROR_INPUT.
 */
GBytes *jr_fcm_body(const JrHandover *handover, const JrPushOptions *options,
		    const JrFcmForm *form, GError **error);

/*
 * What a browser's service worker gets: "notification", which it can show as
 * it is, or (silent) "data" alone.  New reference.  NULL and JR_ERROR_INPUT.
 */
json_t *jr_webpush_message(const JrHandover *handover,
			   const JrPushOptions *options, GError **error);

/* Seconds that @handover is worth keeping for a device that is not there: until
 * its deadline, at most @max. */
gint64 jr_push_ttl_s(const JrHandover *handover, gint64 max);
