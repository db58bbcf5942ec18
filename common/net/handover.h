/*
 * handover.h - a hand-over as a document: for programs and for the outbox.
 */
#pragma once

#include "net/provider.h"

/*
 * @handover as a JSON object, without what it does not have: id, channel, to,
 * kind, platform, environment, app, keys, sender, title, body, link, image,
 * media, template, data, options, segments, now, deadline.  New reference. NULL
 * when a text is not UTF-8.
 */
json_t *jr_handover_json(const JrHandover *handover);

/* Set @answer to an outcome of ours, with a literal @code and @reason. */
void jr_answer_say(JrAnswer *answer, JrOutcome outcome, const char *code,
		   const char *reason);
