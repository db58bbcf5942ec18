/*
 * settings.h - a provider's map of jr.yaml, read by a table.
 *
 * To add a setting: a row in the provider's table, a line in jr-providers(5).
 */
#pragma once

#include "net/provider.h"

typedef enum {
	JR_SETTING_TEXT,   /* char *, owned */
	JR_SETTING_URL,	   /* char *, owned; see jr_http_check_url() */
	JR_SETTING_SECRET, /* char *, owned; `<key>_file` or `<key>_env` */
	JR_SETTING_YES,	   /* gboolean: true or false */
	JR_SETTING_COUNT,  /* gint64, from 0 */
	JR_SETTING_RATE,   /* double, from 0 */
	JR_SETTING_SPAN,   /* gint64 seconds: "30s" */
	JR_SETTING_MAP,	   /* const JrVal *, borrowed: a map */
	JR_SETTING_LIST,   /* const JrVal *, borrowed: a list of texts */
	JR_SETTING_OTHERS, /* not read here, but known */
	JR_SETTING_LACKS,  /* others have it; want says why it is wrong here */
} JrSettingType;

struct _JrSetting {
	const char *key; /* NULL ends the table */
	JrSettingType type;
	gsize offset;	       /* in the struct that is filled */
	gboolean required;     /* else what is there stays */
	const char *pattern;   /* TEXT, SECRET: it matches all of it */
	const char *want;      /* "AC and 32 hex digits" */
	const char *otherwise; /* TEXT, URL: when it is not given */
};

/* The settings that any provider may have; they end a provider's table. */
#define JR_SETTINGS_OF_ALL                                                     \
	{ .key = "classes", .type = JR_SETTING_OTHERS },                       \
		{ .key = "trust_unsigned", .type = JR_SETTING_OTHERS },        \
		{ .key = "per_second", .type = JR_SETTING_OTHERS },            \
		{ .key = "in_flight", .type = JR_SETTING_OTHERS },             \
		{ .key = "trouble", .type = JR_SETTING_OTHERS },               \
		{ .key = "connect_timeout", .type = JR_SETTING_OTHERS },       \
		{ .key = "timeout", .type = JR_SETTING_OTHERS },               \
		{ .key = "ca_file", .type = JR_SETTING_OTHERS },               \
		{ .key = "max_connections", .type = JR_SETTING_OTHERS },       \
	{                                                                      \
		.key = NULL                                                    \
	}

/*
 * Fill @target by @table from @setup's settings.  FALSE and JR_ERROR_CONFIG at
 * the setting's place: one that is not known, missing, or wrong; @target can
 * be cleared all the same.
 */
gboolean jr_settings_read(const JrProviderSetup *setup, const JrSetting *table,
			  gpointer target, GError **error);

/* The same, but settings that are not in @table are no error. */
gboolean jr_settings_read_some(const JrProviderSetup *setup,
			       const JrSetting *table, gpointer target,
			       GError **error);

/* Free what reading put into @target; secrets are overwritten. */
void jr_settings_clear(const JrSetting *table, gpointer target);

/* Set JR_ERROR_CONFIG about @key, at its place or its map's.  FALSE. */
gboolean jr_settings_wrong(const JrProviderSetup *setup, const char *key,
			   const char *what, GError **error);
