/*
 * quiet.h - the hours of the recipient's day in which no one is messaged.
 *
 * Source: 47 CFR 64.1200(c)(1), no solicitation "before the hour of 8 a.m. or
 * after 9 p.m. (local time at the called party's location)"; states are
 * stricter, hence rules.  Pure: the instant and the places are arguments.
 *
 * What is allowed at an instant is what the clocks of each place show then; so
 * a night on which clocks are turned needs no rule of its own.
 */
#pragma once

#include "base/zone.h"

#define JR_DAY_MINUTES 1440

/* A stretch of the local day, [from, until); from > until spans midnight. */
typedef struct {
	gint16 from, until; /* minute of the day, 0..1440; equal: none of it */
} JrWindow;

/* Every weekday: bits 1 << JrLocal.weekday. */
#define JR_WEEKDAYS_ALL 0xfe

/*
 * A row: where and when it matches, this window is what is allowed.  A window
 * that spans midnight belongs, after midnight, to the day it began on.
 */
typedef struct {
	char country[3]; /* ISO 3166-1 alpha-2; "": any */
	char region[4];	 /* state or province, "TX"; "": any */
	guint8 weekdays; /* bits 1 << JrLocal.weekday */
	JrWindow allowed;
	guint line; /* of the configuration; 0: built in */
} JrQuietRule;

typedef struct {
	JrQuietRule *rules; /* the first that matches decides */
	guint n_rules;	    /* the last matches everything */
} JrQuiet;

/* 21:00-08:00 is quiet everywhere and always.  Static. */
extern const JrQuiet jr_quiet_default;

/* A place where the recipient may be. */
typedef struct {
	JrZone *zone;
	const char *country, *region; /* "" or NULL: not known */
} JrQuietPlace;

typedef struct {
	gint64 opens_s;		 /* first instant, the asked one or later, at
				  * which every place is inside its window;
				  * G_MAXINT64: none in the next 15 days */
	guint place;		 /* if later: the first place that was quiet */
	const JrQuietRule *rule; /* and the rule that said so; else NULL */
} JrQuietAnswer;

/* When a message may go to someone who may be at any of @n >= 1 @places. */
JrQuietAnswer jr_quiet_ask(const JrQuiet *quiet, const JrQuietPlace *places,
			   guint n, gint64 at_s);

/* Whether @window on @weekdays, by the clocks of @zone, holds @at_s. */
gboolean jr_window_holds(const JrWindow *window, guint8 weekdays, JrZone *zone,
			 gint64 at_s);

/* The first instant, @at_s or later, that it holds; G_MAXINT64: never. */
gint64 jr_window_next(const JrWindow *window, guint8 weekdays, JrZone *zone,
		      gint64 at_s);
