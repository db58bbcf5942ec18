/*
 * replay_impl.h - the parts of a replay; for replay*.c alone.
 */
#pragma once

#include "flow/ingest/keep.h"
#include "flow/simulate/replay.h"
#include "store/log.h"

/* Where a record is told anew from.  Of one second, in this order. */
typedef enum {
	JR_REPLAY_LOG,
	JR_REPLAY_DEVICE,      /* it was registered */
	JR_REPLAY_DEVICE_GONE, /* the provider knew it no longer */
	JR_REPLAY_ANSWER,      /* a row of the ledger that no identify made */
} JrReplayFrom;

typedef struct {
	gint64 at_s;
	gint64 number; /* seq; or place among devices or answers */
	gint64 makes;  /* the person whom it makes if nobody has yet; or 0 */
	JrReplayFrom from;
	const char *event; /* what it is called, for ever; NULL: no event */
} JrReplayEntry;

/* A device, and an answer, as records have them. */
typedef struct {
	gint64 person, registered_ms, gone_ms;
	JrIngestDevice device;
} JrReplayDevice;

typedef struct {
	gint64 person, row;
	JrChannel channel;
	const char *number;
	gboolean in;
} JrReplayAnswer;

struct _JrReplay {
	const JrFlow *source;
	JrFlow *world;
	JrArena *kept;	 /* of devices, answers and people's ids */
	GArray *entries; /* JrReplayEntry, in order */
	guint next;	 /* of them */
	GArray *devices; /* JrReplayDevice */
	GArray *answers; /* JrReplayAnswer */
	GHashTable *ids; /* person to their id, of those there are */
	JrArena *arena;	 /* of what is kept together */
	GArray *recs;	 /* JrIngestRec: likewise */
	JrRoster *roster;
	JrRefusals refusals;
	JrKeep keep;
};

/* Kinds of rows that are records that came in, and what they were; 0: none. */
extern const JrIngestAction jr_replay_actions[JR_LOG_LAST + 1];

/* Fill entries, devices, answers and ids. */
gboolean jr_replay_list(JrReplay *replay, GError **error);
