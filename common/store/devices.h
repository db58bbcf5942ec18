/*
 * devices.h - where push messages go.
 */
#pragma once

#include "store/db.h"

typedef struct {
	gint64 device; /* the store's number for it */
	gint64 person;
	const char *kind; /* "fcm-token", "fcm-fid", "apns", "webpush" */
	const char *token;
	const char *platform;	 /* "ios", "android", "web" */
	const char *app;	 /* bundle or package, or NULL */
	const char *environment; /* apns: "production", "sandbox"; or NULL */
	const char *attributes;	 /* JSON map, or NULL */
	gboolean enabled;	 /* the person lets us; FALSE: not to be used */
	gint64 registered_ms;	 /* when the app last said it has this token */
	gint64 last_used_s;
	gint64 gone_ms; /* since when the provider does not know it; 0: live */
	const char *gone_reason; /* the provider's code, or NULL */
} JrDevice;

/*
 * Add or renew the device of @device's kind and token; its @device, @gone_ms
 * and @gone_reason are not looked at.  One that was another person's is theirs
 * no longer, one that was gone before @registered_ms is live again.  A device
 * registered later than @device says, or removed from its person later, is left
 * as it is: *@taken is FALSE.
 */
gboolean jr_device_put(JrDb *db, const JrDevice *device, gboolean *taken,
		       GError **error);

/* Whose device has this @kind and @token; *@person is 0 for nobody's. */
gboolean jr_device_owner(JrDb *db, const char *kind, const char *token,
			 gint64 *person, GError **error);

/*
 * Forget the devices of @person with @token that were registered no later than
 * @at_ms, and those that are yet to come, but were registered before; *@n says
 * how many there were.
 */
gboolean jr_device_remove(JrDb *db, gint64 person, const char *token,
			  gint64 at_ms, guint *n, GError **error);

/*
 * The provider says that the token of @device (looked at: kind, token, gone_ms,
 * gone_reason) is dead since then.  *@gone is FALSE when the device was
 * registered after that, is not there, or was gone before: nothing changed.
 */
gboolean jr_device_gone(JrDb *db, const JrDevice *device, gboolean *gone,
			GError **error);

/* Append to @devices (JrDevice) all of @person's: live and enabled ones first,
 * then by last use, newest first. */
gboolean jr_devices_of(JrDb *db, gint64 person, JrArena *arena, GArray *devices,
		       GError **error);

/* How many devices there are of one kind and platform. */
typedef struct {
	const char *kind, *platform; /* "" where it was not said */
	gint64 live;		     /* and push is on */
	gint64 off;		     /* live, but the person turned push off */
	gint64 gone;		     /* the provider knows the token no more */
} JrDeviceCount;
typedef gboolean (*JrDeviceCountFn)(const JrDeviceCount *count, gpointer user);
/* Show @each them, by kind and platform.  Looks at all devices. */
gboolean jr_devices_count(JrDb *db, JrDeviceCountFn each, gpointer user,
			  GError **error);

/* The device with @token that was used last, of whatever kind and person. */
gboolean jr_device_find(JrDb *db, const char *token, JrArena *arena,
			JrDevice *device, gboolean *found, GError **error);

/* Whether @person has a live, enabled one of @platform; NULL: of any. */
gboolean jr_devices_has(JrDb *db, gint64 person, const char *platform,
			gboolean *yes, GError **error);
