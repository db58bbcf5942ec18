/*
 * segments.h - who is in which segment, and when that must be looked at again;
 * and whatever else falls due for a person without an event.
 */
#pragma once

#include "store/db.h"

typedef struct {
	gint64 segment;	  /* the store's number for it */
	const char *name; /* unique */
	const char *hash; /* of the definition that members were found by; NULL:
			   * by none yet */
	const char *text; /* that definition; NULL for a manual one */
	gboolean manual;  /* members by list, not by definition */
	gint64 built_s;	  /* when it was last built from nothing; 0: never */
	gint64 size;	  /* members now */
} JrSegment;

/* Append to @segments (JrSegment) all there are, by name. */
gboolean jr_segments_load(JrDb *db, JrArena *arena, GArray *segments,
			  GError **error);

/* Make or change the one of @segment's name; sets @segment->segment.  @size is
 * not looked at. */
gboolean jr_segment_put(JrDb *db, JrSegment *segment, GError **error);

/* Forget a segment and its members; *@was is FALSE when there is none such.
 * It looks at everyone's memberships. */
gboolean jr_segment_drop(JrDb *db, gint64 segment, gboolean *was,
			 GError **error);

typedef struct {
	gint64 person, segment;
	gboolean in; /* becomes a member, who is none; else the opposite */
} JrMemberChange;

/*
 * Make people members, or not, since @at_s; sizes and growth follow.  Best in
 * rising order of person, as the store keeps them: what one person is in stands
 * side by side.  That they are none, or are, was asked in the same transaction:
 * who enters twice is JR_ERROR_IO.
 */
gboolean jr_members_change(JrDb *db, gint64 at_s, const JrMemberChange *changes,
			   gsize n, GError **error);

/* How many entered and left, in whole hours of UTC, since that of @since_s. */
gboolean jr_segment_growth(JrDb *db, gint64 segment, gint64 since_s,
			   gint64 *entered, gint64 *left, GError **error);

/*
 * How far the building of a segment is, in the order of people; what entered
 * and left until there.  It is kept with each page, so that whoever comes after
 * a crash goes on.
 */
typedef struct {
	gint64 segment;
	const char *hash;    /* of the definition that is built */
	gint64 after_person; /* all until this one are done */
	gint64 entered, left;
} JrSegmentBuild;

/* Append to @builds (JrSegmentBuild) all that are under way, by segment. */
gboolean jr_segment_builds(JrDb *db, JrArena *arena, GArray *builds,
			   GError **error);
/* That of @segment alone; *@found is FALSE when it is not being built. */
gboolean jr_segment_build_get(JrDb *db, gint64 segment, JrArena *arena,
			      JrSegmentBuild *build, gboolean *found,
			      GError **error);
gboolean jr_segment_build_put(JrDb *db, const JrSegmentBuild *build,
			      GError **error);
/* It is done, or given up. */
gboolean jr_segment_build_drop(JrDb *db, gint64 segment, GError **error);

/* Whether @person is a member; *@since_s, which may be NULL, is 0 if not. */
gboolean jr_segment_has(JrDb *db, gint64 segment, gint64 person, gboolean *yes,
			gint64 *since_s, GError **error);

/* Append to @segments (gint64) those @person is in, in rising order; *@due_s is
 * when to look at them again, 0: nothing says so. */
gboolean jr_segments_of(JrDb *db, gint64 person, GArray *segments,
			gint64 *due_s, GError **error);

typedef struct {
	gint64 person;
	gint64 since_s;
} JrSegmentMember;

/* Append to @all (JrMembership) what people from @first to @last are in, and
 * when to look at them again, in rising order of person. */
typedef struct {
	gint64 person, segment; /* 0: no segment, but the look */
	gint64 since_s;		/* of the look: when it is due */
} JrMembership;
gboolean jr_segments_among(JrDb *db, gint64 first, gint64 last, GArray *all,
			   GError **error);

/* Append to @members (JrSegmentMember) at most @limit behind person @after, in
 * rising order of person.  It looks at the memberships of all until the last
 * of them: some millions in half a second. */
gboolean jr_segment_page(JrDb *db, gint64 segment, gint64 after, guint limit,
			 GArray *members, GError **error);

/*
 * When a person's place in segments could change by time alone.  It stands with
 * their memberships, so that who looks at a person finds both in one place.
 */
typedef struct {
	gint64 person;
	gint64 due_s; /* 0: never */
} JrLook;

/* Set @n looks, one for each person, in place of those before. */
gboolean jr_looks_set(JrDb *db, const JrLook *looks, gsize n, GError **error);

/* Append to @looks (JrLook) at most @limit due at @now_s or before, by due and
 * person.  They stay until they are set. */
gboolean jr_looks_due(JrDb *db, gint64 now_s, guint limit, GArray *looks,
		      GError **error);

/* Whose clock it is.  Stored: add at the end.  1 was of looks, once. */
typedef enum {
	JR_TIMER_TRIGGER = 2, /* owner: a workflow with a date trigger */
	JR_TIMER_BROADCAST,   /* owner: a workflow with a schedule; person 0 */
} JrTimerKind;

typedef struct {
	JrTimerKind kind;
	const char *owner;
	gint64 person;
	gint64 due_s;	  /* 0: none */
	const char *note; /* the reader's own, as what it is due for; or NULL */
} JrTimer;

/* Set @n timers, one each for kind, owner and person, in place of those
 * before; @due_s 0 takes one away. */
gboolean jr_timers_set(JrDb *db, const JrTimer *timers, gsize n,
		       GError **error);

/* Append to @timers (JrTimer) at most @limit of @kind due at @now_s or before,
 * by due, owner, person.  They stay until they are set. */
gboolean jr_timers_due(JrDb *db, JrTimerKind kind, gint64 now_s, guint limit,
		       JrArena *arena, GArray *timers, GError **error);

/* Take away all of @kind's @owner, because it is there no longer. */
gboolean jr_timers_drop(JrDb *db, JrTimerKind kind, const char *owner,
			GError **error);
