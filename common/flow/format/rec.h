/*
 * rec.h - what a line says, in one form, whatever form it came in.
 *
 * A format (format.h) reads a line and makes records of it; keeping
 * (ingest/keep.h) looks at these alone.  All that a record points to lives in
 * the arena of its batch.
 */
#pragma once

#include "base/arena.h"
#include "base/terms.h"
#include "base/val.h"
#include "store/people.h"

/* Bytes that are borrowed; text NULL is none. */
typedef struct {
	const char *text;
	gsize len;
} JrSlice;

/* To add one: a row here, in rec.c, and its case in ingest/keep.c. */
typedef enum {
	JR_INGEST_PASS, /* none of ours: goes through */
	JR_INGEST_IDENTIFY,
	JR_INGEST_EVENT,
	JR_INGEST_PAGE,
	JR_INGEST_SCREEN,
	JR_INGEST_ADD_DEVICE,
	JR_INGEST_DELETE_DEVICE,
	JR_INGEST_DELETE,
	JR_INGEST_SUPPRESS,
	JR_INGEST_UNSUPPRESS,
	JR_INGEST_MERGE,
	JR_INGEST_TRIGGER, /* starts the workflows that wait for its name */
	JR_INGEST_LIST,	   /* name: the segment they are put on the list of */
	JR_INGEST_UNLIST,  /* likewise: taken off */
	JR_INGEST_CONTROL, /* an order: name; data: who gave it, of what */
	JR_INGEST_METRIC,  /* something happened to a message */
	JR_INGEST_INBOUND, /* a person wrote to us */
	JR_INGEST_REVIEW,  /* someone read a reply: name says what it is */
} JrIngestAction;
#define JR_INGEST_LAST JR_INGEST_REVIEW

/* "add_device", as own lines have it; NULL for those they do not have. */
const char *jr_ingest_action_name(JrIngestAction action);
JrIngestAction jr_ingest_action_of(const char *name); /* 0: none */

typedef struct {
	const char *kind; /* "fcm-token", "apns" …: as in devices.h */
	const char *token, *platform;
	const char *app, *environment; /* or NULL */
	gboolean says_kind;	       /* kind is not made out of the rest */
	JrSlice attributes;	       /* JSON map, or none */
	gboolean disabled;	       /* the person does not let us */
	gint64 last_used_s;	       /* 0: not said */
} JrIngestDevice;

/* A message that another system sent, as it reports it: texts or NULL. */
typedef struct {
	const char *workflow, *step; /* "campaign_7", "action_42" */
	const char *content;	     /* JSON map */
	JrPurpose purpose;
} JrIngestReport;

typedef struct {
	const char *message;		    /* our id, or NULL */
	const char *provider, *provider_id; /* or by theirs; else NULL */
	JrChannel channel;		    /* 0: not said */
	JrMetric metric;
	const char *token;	      /* of a device; or NULL */
	const char *number;	      /* E.164 it was sent to; or NULL */
	const char *code, *reason;    /* the provider's; or NULL */
	const char *href;	      /* what was clicked; or NULL */
	const char *link;	      /* token of a short link of ours; or NULL:
				       * then it names the message */
	gboolean only_known;	      /* ignored unless the link is ours */
	const char *agent;	      /* user agent that clicked; or NULL */
	const char *address;	      /* IP address that did; or NULL */
	gboolean bot;		      /* a preview, not a person */
	gint64 cost_micros;	      /* -1: not said */
	const char *currency;	      /* or NULL */
	gint64 segments;	      /* -1: not said */
	gboolean opted_out;	      /* and this number said STOP */
	const JrIngestReport *report; /* of what others sent; or NULL: ours */
} JrIngestMetric;

typedef struct {
	const char *provider, *provider_id;
	JrChannel channel;
	const char *from; /* E.164: the person's */
	const char *to;	  /* ours */
	const char *text; /* UTF-8 */
	const char *word; /* what the provider took it for: "STOP" …; or NULL */
} JrIngestInbound;

typedef struct {
	gint64 review;	/* its number on the list */
	gboolean out;	/* the reply opts out; else it means nothing */
	const char *by; /* who says so */
} JrIngestReview;

/* What came of a record. */
typedef enum {
	JR_KEPT_NOT,	   /* not yet looked at, or none of ours */
	JR_KEPT_NEW,	   /* it is in the store now */
	JR_KEPT_DUPLICATE, /* it was there; nothing changed */
	JR_KEPT_IGNORED,   /* it is about someone we must not know */
} JrKept;

typedef struct {
	JrIngestAction action;
	guint64 line;	  /* in its input, for messages */
	JrSlice raw;	  /* as it came */
	gboolean own;	  /* raw is an own line: it goes out as it is */
	gboolean timed;	  /* the record itself said when */
	gint64 at_ms;	  /* when it happened; untimed: now */
	JrIdentity who;	  /* kind 0: nobody */
	JrIdentity other; /* merge: who is taken over; identify: the anonymous
			   * name they had; kind 0: nobody */
	/* Whose names those were when the batch was read; 0: nobody's, or not
	 * asked. */
	gint64 found, other_found;
	gboolean update_only; /* whoever is not known is not made */
	const char *id;	      /* its own, or made of its content */
	const char *name;     /* of an event */
	JrSlice data;	      /* JSON map: attributes or properties; or none */
	const JrVal *attributes; /* data as values; while it is kept only */
	union {			 /* by action */
		const JrIngestDevice *device;
		const JrIngestMetric *metric;
		const JrIngestInbound *inbound;
		const JrIngestReview *review;
	};
	JrKept kept; /* set by keeping */
	/* What keeping found out; NULL: nothing. */
	const char *person_id, *message_id, *word;
	JrChannel channel; /* of the message; 0: not known */
} JrIngestRec;

/* @rec as a line of own form, or as delivery record, at the end of @out. */
void jr_ingest_rec_write(const JrIngestRec *rec, GString *out);
