/*
 * replay.h - stored history, to be taken in once more.
 *
 * What people told us (records that came in: who they are, what they did) is
 * read from the log in the order in which it happened, as if each record had
 * come at its own instant: what was imported later, too.  What jr made of it
 * (segments entered, messages, what journeys tracked or set) is left out.
 * Devices and answers by SMS, of which the log keeps less than they said, come
 * from their own tables.  People who were merged since are one from the
 * beginning, those who were erased are not there.
 */
#pragma once

#include "flow/flow.h"
#include "flow/simulate/heed.h"

typedef struct _JrReplay JrReplay;

/*
 * The history of @source's state, read only, for @world, whose state it will be
 * kept in; both borrowed.  NULL and JR_ERROR_IO or JR_ERROR_BUSY.  Owned.
 */
JrReplay *jr_replay_new(const JrFlow *source, JrFlow *world, GError **error);
void jr_replay_free(JrReplay *replay);

/*
 * Leave out the events after @after_s to which @heed does not listen, but for
 * those by which somebody comes into being: that is news to everybody.
 */
void jr_replay_heed(JrReplay *replay, const JrHeed *heed, gint64 after_s);

/* When the next record happened; G_MAXINT64: there is no other. */
gint64 jr_replay_next(const JrReplay *replay);

/*
 * Keep all that happened until @until_s in the world's state, by the clock of
 * the world; as old news, which changes people and triggers nothing, when
 * @history.  FALSE as jr_keep_batch().
 */
gboolean jr_replay_take(JrReplay *replay, gint64 until_s, gboolean history,
			GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrReplay, jr_replay_free)
