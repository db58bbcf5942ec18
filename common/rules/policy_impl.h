/*
 * policy_impl.h - readers of the parts of jr.yaml, for policy.c's table.
 *
 * Each is a JrFieldFn (fields.h).
 */
#pragma once

#include "rules/fields.h"
#include "rules/policy.h"

gboolean jr_policy_timezone(const JrVal *val, const char *file, gpointer at,
			    GError **error); /* char *, NULL: hold */
gboolean jr_policy_country(const JrVal *val, const char *file, gpointer at,
			   GError **error); /* char * */
gboolean jr_policy_currency(const JrVal *val, const char *file, gpointer at,
			    GError **error); /* char * */
gboolean jr_policy_some_time(const JrVal *val, const char *file, gpointer at,
			     GError **error); /* gint64, over 0 */
gboolean jr_policy_recipients(const JrVal *val, const char *file, gpointer at,
			      GError **error); /* char ** */
gboolean jr_policy_words(const JrVal *val, const char *file, gpointer at,
			 GError **error); /* JrWords * */
gboolean jr_policy_re_permission(const JrVal *val, const char *file,
				 gpointer at, GError **error);
gboolean jr_policy_budget(const JrVal *val, const char *file, gpointer at,
			  GError **error); /* JrBudget */
gboolean jr_policy_brake(const JrVal *val, const char *file, gpointer at,
			 GError **error); /* JrBrake */
gboolean jr_policy_alarms(const JrVal *val, const char *file, gpointer at,
			  GError **error); /* JrAlarms */
gboolean jr_policy_links(const JrVal *val, const char *file, gpointer at,
			 GError **error); /* JrLinks */
/* These write to several fields: @at is the JrPolicy. */
gboolean jr_policy_quiet(const JrVal *val, const char *file, gpointer at,
			 GError **error);
gboolean jr_policy_caps(const JrVal *val, const char *file, gpointer at,
			GError **error);
gboolean jr_policy_prices(const JrVal *val, const char *file, gpointer at,
			  GError **error);
gboolean jr_policy_channels(const JrVal *val, const char *file, gpointer at,
			    GError **error);
gboolean jr_policy_senders(const JrVal *val, const char *file, gpointer at,
			   GError **error);

/* What holds for the channels that `caps` does not speak of. */
extern const JrPolicyCap jr_policy_default_caps[];
extern const gsize jr_policy_n_default_caps;

/* The channel that @name is; 0 and the error, at @val, when it is none. */
JrChannel jr_policy_channel(const JrVal *val, const char *name,
			    const char *file, GError **error);
