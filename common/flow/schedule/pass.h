/*
 * pass.h - a stage's input, passed on byte for byte.
 */
#pragma once

#include "flow/flow.h"

/*
 * Pass every line of @reader on to flow->out until its end; with a terminal
 * nobody waits.  *@cut is how many lines were longer than a record may be, and
 * left out.  No transaction may be open.  FALSE and JR_ERROR_IO.
 */
gboolean jr_pass_on(const JrFlow *flow, JrReader *reader, guint *cut,
		    GError **error);
