/*
 * policy.h - the rules of the house: jr.yaml, read and checked.
 *
 * The manual is jr-config(5): every key, its default and its unit.  Keys that
 * belong to other layers (state, providers …) are known here, so that a wrong
 * word is found, and kept as they are.
 */
#pragma once

#include "base/terms.h"
#include "base/val.h"
#include "rules/caps.h"
#include "rules/phone.h"
#include "rules/push.h"
#include "rules/quiet.h"
#include "rules/words.h"

typedef enum {
	JR_SENDER_10DLC = 1, /* ten digits, registered brand and campaign */
	JR_SENDER_TOLL_FREE,
	JR_SENDER_SHORT_CODE,
	JR_SENDER_LONG_CODE,	/* a number outside +1 */
	JR_SENDER_ALPHANUMERIC, /* a name; never for +1 */
} JrSenderType;
#define JR_SENDER_LAST JR_SENDER_ALPHANUMERIC

const char *jr_sender_type_name(JrSenderType type);

/* One that messages come from. */
typedef struct {
	char *name;    /* what workflows call it */
	char *from;    /* number, code or name; NULL: the provider's own */
	char *service; /* the provider's messaging service or profile, which
			* picks a number; or NULL */
	JrSenderType type;
	JrChannel channel;
	gboolean registered; /* 10DLC campaign, toll-free or short code */
	char *provider;	     /* NULL: the channel's */
	char *scope;	     /* consents of this scope count; NULL: all */
	double per_second;   /* segments that it may send; 0: no limit */
	guint per_day; /* segments that carriers take of it from midnight to
			* midnight, Pacific time; 0: no limit */
	guint line;
} JrPolicySender;

/* A cap over all workflows. */
typedef struct {
	JrChannel channel;
	JrCap cap;
	guint line;
} JrPolicyCap;

/* Money is in millionths of the currency's unit. */
typedef struct {
	gint64 per_day_micros, per_month_micros; /* 0: no limit */
} JrBudget;

/* Holds a workflow whose opt-outs are credibly over the limit. */
typedef struct {
	gboolean off;
	double opt_out_rate; /* 0.02 */
	double confidence;   /* 0.95 */
	guint min_sent;	     /* fewer say nothing */
	gint64 over_s;	     /* the last so many seconds */
} JrBrake;

/* What jr-report alarms wakes someone for; rates are in [0, 1]. */
typedef struct {
	char **off;	 /* names of alarms that are not looked at, or NULL */
	gint64 over_s;	 /* rates are of so many last days */
	guint min_sent;	 /* fewer say nothing */
	double opt_outs; /* of sends, at least */
	double opt_out_rise; /* against the time before, at least */
	double delivery;     /* delivered of sent, less */
	double gap;	     /* not delivered of sent, more */
	double taps;	     /* of pushes, less */
	double budget;	     /* of what may be spent, at least */
	gint64 idle_s;	     /* a command has not run for more than it */
	char **commands; /* must run, even if they never did; NULL: those that
			  * ever ran */
	guint unknown, reviews; /* more wait */
} JrAlarms;

typedef struct {
	char *host;	  /* "go.example.com"; NULL: no short links */
	char *prefix;	  /* path before the token, "/" */
	gint64 expires_s; /* a link stops to lead anywhere */
	gboolean on;	  /* shorten unless a message says otherwise */
	char **params;	  /* "utm_source=sms": added; NULL-terminated */
	char **hosts;	  /* links in messages may lead here; empty: anywhere */
} JrLinks;

/* What one segment to numbers that begin so costs. */
typedef struct {
	JrChannel channel;
	char *prefix; /* "+1", "+44"; "": all others */
	gint64 segment_micros, fee_micros;
	guint line;
} JrPrice;

typedef struct {
	gboolean on;
	char *approved_by;
} JrRePermission;

/* Which provider takes a channel's messages. */
typedef struct {
	char *provider; /* NULL: none configured */
	char *fallback; /* or NULL */
} JrRoute;

typedef enum {
	JR_DEVICES_ALL,
	JR_DEVICES_LAST,
} JrDevices;

typedef struct _JrPolicy {
	char *file;	  /* for messages */
	const JrVal *doc; /* all of jr.yaml, borrowed; other layers' keys */

	/* places, relative to the folder of the file; NULL: not said */
	char *state, *workflows, *segments, *snippets, *rejects;

	/* time */
	char *timezone;	       /* of people whose zone is unknown; NULL: hold */
	gint64 max_age_s;      /* older events trigger nothing */
	gint64 lease_s;	       /* an offer is made again after it */
	gint64 claim_s;	       /* a claim without outcome is unknown then */
	gint64 reply_within_s; /* an answer belongs to a message this old */
	JrQuiet quiet;
	guint quiet_channels; /* bits 1 << JR_CHANNEL_… */

	/* people */
	char *default_country; /* "US"; NULL: numbers must be E.164 */
	JrWords *words;
	char *brand;
	char **test_recipients; /* numbers, tokens, addresses; NULL at the end
				 */
	JrRePermission re_permission;

	/* limits */
	JrPolicyCap *caps;
	guint n_caps;
	guint caps_exempt; /* bits 1 << JR_PURPOSE_…: not held by caps */
	JrBudget budget;
	JrBrake brake;
	JrAlarms alarms;
	char *currency; /* "USD" */
	JrPrice *prices;
	guint n_prices;

	/* channels */
	JrRoute routes[JR_CHANNEL_LAST + 1];
	char *push_android, *push_ios, *push_web; /* providers, or NULL */
	JrDevices devices;
	gboolean resend_unknown_push;
	JrPushLimits push;
	gboolean push_cut;	/* cut what is too long instead of refusing */
	guint sms_max_segments; /* more is refused */
	gboolean sms_smart;	/* apply smart encoding */
	char *opt_out_line;	/* added to the first SMS; NULL: none */
	JrPolicySender *senders;
	guint n_senders;
	JrLinks links;
} JrPolicy;

/*
 * Read @doc, the map of jr.yaml as parsed (borrowed while the policy lives; an
 * empty map gives all defaults).  @file names it in messages; NULL: none.
 * NULL and JR_ERROR_CONFIG "FILE:LINE:COLUMN: unknown key 'x': …".  Owned.
 */
JrPolicy *jr_policy_new(const JrVal *doc, const char *file, GError **error);
void jr_policy_free(JrPolicy *policy);

/* The names of the alarms, as `alarms: off` takes them; NULL ends them. */
extern const char *const jr_alarm_names[];

/* Settings of provider @name, a map; an empty one when there are none. */
const JrVal *jr_policy_provider(const JrPolicy *policy, const char *name);

/* The sender @name (or its `from` or `service`); NULL name: the first of
 * @channel. */
const JrPolicySender *jr_policy_sender(const JrPolicy *policy,
				       JrChannel channel, const char *name);

/* The first of @channel that is at @provider and no other; NULL: none. */
const JrPolicySender *jr_policy_sender_at(const JrPolicy *policy,
					  JrChannel channel,
					  const char *provider);

/* What a provider is told to send @sender's messages from: its service, else
 * its number or name; NULL: the provider's own. */
const char *jr_policy_sender_id(const JrPolicySender *sender);

/*
 * What @segments to @number cost, by the longest prefix, with fees.  FALSE
 * when no price is configured for it.
 */
gboolean jr_policy_cost(const JrPolicy *policy, JrChannel channel,
			const char *number, guint segments, gint64 *micros);

/* Whether @recipient is one that test sends may go to. */
gboolean jr_policy_is_test_recipient(const JrPolicy *policy,
				     const char *recipient);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrPolicy, jr_policy_free)
