/*
 * lost.h - hand-overs of ours whose answer was lost, and which of them a
 * message is that a provider has on record; for this folder alone.
 *
 * A provider may change what it is given: shorten links, put words around it,
 * render a template, forget the text.  So there are three answers, and only the
 * one that is sure settles anything.
 */
#pragma once

#include "flow/send/impl.h"

typedef struct {
	JrMessage message; /* in the arena of the run */
	char *plain;	   /* its text after smart encoding, "" where it has
			    * media alone; NULL: a template's; owned */
	char *masked;	   /* the same without its links; owned */
	char *token;	   /* of its first short link; or NULL; owned */
	gint64 started_s;  /* its last attempt; 0: nobody knows */
	gboolean settled;
} JrLost;

/* Append to @lost (JrLost, with jr_lost_clear() for a clear function) all that
 * @way may have taken; what they say lives in @arena. */
gboolean jr_lost_load(JrSend *send, const JrSendWay *way, JrArena *arena,
		      GArray *lost, GError **error);
void jr_lost_clear(gpointer lost);

/*
 * The one of @lost that @row surely is: it has our id, our token, or in the
 * hour after the attempt the same text to the same number, of which no other of
 * @lost may be meant.  NULL: none.
 */
JrLost *jr_lost_find(const GArray *lost, const JrListed *row);

typedef enum {
	JR_LOST_NO,	/* it is not that */
	JR_LOST_LIKELY, /* but for its links it says the same */
	JR_LOST_MAYBE,	/* that cannot be ruled out */
} JrLostFit;

/* Whether @one may be @row, which no message of ours is known to be. */
JrLostFit jr_lost_fit(const JrLost *one, const JrListed *row);
