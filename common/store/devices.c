#include "store/devices.h"
#include "store/stmt.h"

#include <stdlib.h>

static const JrField device_fields[] = {
	JR_INT64(JrDevice, device),	 JR_INT64(JrDevice, person),
	JR_TEXT(JrDevice, kind),	 JR_TEXT(JrDevice, token),
	JR_TEXT(JrDevice, platform),	 JR_TEXT(JrDevice, app),
	JR_TEXT(JrDevice, environment),	 JR_TEXT(JrDevice, attributes),
	JR_INT(JrDevice, enabled),	 JR_INT64(JrDevice, registered_ms),
	JR_INT64(JrDevice, last_used_s), JR_INT64(JrDevice, gone_ms),
	JR_TEXT(JrDevice, gone_reason),	 JR_FIELD_END,
};
static const JrShape device_shape = { device_fields, sizeof(JrDevice) };

/* Whether @device was removed from its person after it was registered. */
static gboolean was_removed(JrDb *db, const JrDevice *device, gboolean *yes,
			    GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT 1 FROM removals WHERE person = $person"
			   " AND token = $token AND at_ms > $registered_ms",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, device_fields, device);
	return jr_stmt_row(st, yes, error);
}

static gboolean put(JrDb *db, const JrDevice *device, gboolean *taken,
		    GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO devices (person, kind, token, platform, app,"
		" environment, attributes, enabled, registered_ms,"
		" last_used_s, gone_ms, gone_reason) VALUES ($person, $kind,"
		" $token, $platform, $app, $environment, $attributes,"
		" $enabled, $registered_ms, $last_used_s, 0, NULL)"
		" ON CONFLICT (kind, token) DO UPDATE SET"
		" person = $person, platform = $platform, app = $app,"
		" environment = $environment, attributes = $attributes,"
		" enabled = $enabled, registered_ms = $registered_ms,"
		" last_used_s = $last_used_s,"
		" gone_ms = CASE WHEN devices.gone_ms < $registered_ms"
		"  THEN 0 ELSE devices.gone_ms END,"
		" gone_reason = CASE WHEN devices.gone_ms < $registered_ms"
		"  THEN NULL ELSE devices.gone_reason END"
		" WHERE devices.registered_ms <= $registered_ms",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, device_fields, device);
	return jr_stmt_did(st, taken, error);
}

gboolean jr_device_put(JrDb *db, const JrDevice *device, gboolean *taken,
		       GError **error)
{
	gboolean removed;

	*taken = FALSE;
	return was_removed(db, device, &removed, error) &&
	       (removed || put(db, device, taken, error));
}

gboolean jr_device_owner(JrDb *db, const char *kind, const char *token,
			 gint64 *person, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT person FROM devices WHERE kind = $kind"
			   " AND token = $token",
			   error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "kind", kind);
	jr_stmt_set_text(st, "token", token);
	if (!jr_stmt_row(st, &row, error))
		return FALSE;
	*person = row ? jr_stmt_int(st, 0) : 0;
	return TRUE;
}

/* An older word of it may come later. */
static gboolean note_removal(JrDb *db, gint64 person, const char *token,
			     gint64 at_ms, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO removals (person, token, at_ms)"
		" VALUES ($person, $token, $at) ON CONFLICT (person, token)"
		" DO UPDATE SET at_ms = $at WHERE removals.at_ms < $at",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	jr_stmt_set_text(st, "token", token);
	jr_stmt_set_int(st, "at", at_ms);
	return jr_stmt_run(st, error);
}

gboolean jr_device_remove(JrDb *db, gint64 person, const char *token,
			  gint64 at_ms, guint *n, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"DELETE FROM devices WHERE person = $person"
		" AND token = $token AND registered_ms <= $at RETURNING device",
		error);
	g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	jr_stmt_set_text(st, "token", token);
	jr_stmt_set_int(st, "at", at_ms);
	if (!jr_stmt_numbers(st, gone, error))
		return FALSE;
	*n = gone->len;
	return note_removal(db, person, token, at_ms, error);
}

gboolean jr_device_gone(JrDb *db, const JrDevice *device, gboolean *gone,
			GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "UPDATE devices SET gone_ms = $gone_ms,"
			   " gone_reason = $gone_reason WHERE kind = $kind"
			   " AND token = $token AND gone_ms = 0"
			   " AND registered_ms <= $gone_ms",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, device_fields, device);
	return jr_stmt_did(st, gone, error);
}

static int rank_of(const JrDevice *device)
{
	return device->gone_ms == 0 ? device->enabled : -1;
}

/* Sorted here: most have one, and to sort by it a database makes a table. */
static int compare_devices(gconstpointer a, gconstpointer b)
{
	const JrDevice *x = a, *y = b;

	if (rank_of(x) != rank_of(y))
		return rank_of(x) > rank_of(y) ? -1 : 1;
	if (x->last_used_s != y->last_used_s)
		return x->last_used_s > y->last_used_s ? -1 : 1;
	return x->device < y->device ? -1 : x->device > y->device;
}

gboolean jr_devices_of(JrDb *db, gint64 person, JrArena *arena, GArray *devices,
		       GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT * FROM devices WHERE person = $person", error);
	const guint first = devices->len;

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	if (!jr_stmt_read_all(st, &device_shape, arena, devices, error))
		return FALSE;
	if (devices->len - first > 1)
		qsort(&g_array_index(devices, JrDevice, first),
		      devices->len - first, sizeof(JrDevice), compare_devices);
	return TRUE;
}

gboolean jr_device_find(JrDb *db, const char *token, JrArena *arena,
			JrDevice *device, gboolean *found, GError **error)
{
	/* A token is of one kind nearly always: UNIQUE (kind, token). */
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT * FROM devices WHERE kind IN ('fcm-token', 'fcm-fid',"
		" 'apns', 'webpush') AND token = $token"
		" ORDER BY last_used_s DESC, device LIMIT 1",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "token", token);
	return jr_stmt_read_one(st, device_fields, device, arena, found, error);
}

gboolean jr_devices_has(JrDb *db, gint64 person, const char *platform,
			gboolean *yes, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT device FROM devices WHERE person = $person"
		" AND gone_ms = 0 AND enabled = 1"
		" AND ($platform IS NULL OR platform = $platform) LIMIT 1",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	jr_stmt_set_text(st, "platform", platform);
	return jr_stmt_row(st, yes, error);
}

static const JrField count_fields[] = {
	JR_TEXT(JrDeviceCount, kind),  JR_TEXT(JrDeviceCount, platform),
	JR_INT64(JrDeviceCount, live), JR_INT64(JrDeviceCount, off),
	JR_INT64(JrDeviceCount, gone), JR_FIELD_END,
};

gboolean jr_devices_count(JrDb *db, JrDeviceCountFn each, gpointer user,
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT /* all */ kind, COALESCE(platform, '') AS platform,"
		" SUM(CASE WHEN gone_ms = 0 AND enabled <> 0 THEN 1 ELSE 0 END)"
		" AS live,"
		" SUM(CASE WHEN gone_ms = 0 AND enabled = 0 THEN 1 ELSE 0 END)"
		" AS off, SUM(CASE WHEN gone_ms > 0 THEN 1 ELSE 0 END) AS gone"
		" FROM devices GROUP BY 1, 2 ORDER BY 1, 2",
		error);
	JrDeviceCount count;
	gboolean row;

	if (!st)
		return FALSE;
	do {
		if (!jr_stmt_read_one(st, count_fields, &count, NULL, &row,
				      error))
			return FALSE;
	} while (row && each(&count, user));
	return TRUE;
}
