/*
 * webpush.h - what is known of a browser's subscription before it is used.
 */
#pragma once

#include <glib.h>

/*
 * Whether @p256dh and @auth (NULL: not given) are the keys of a subscription,
 * in base64url.  FALSE and JR_ERROR_INPUT.
 */
gboolean jr_webpush_check_keys(const char *p256dh, const char *auth,
			       GError **error);
