/*
 * ok.h - calls that may fail, in tests that go on only if they do not.
 */
#pragma once

#include <check.h>
#include <glib.h>

static GError *failed; /* what the last call had against it */

/* A call that succeeds; its last argument is &failed. */
#define OK(call)                                                               \
	do {                                                                   \
		gboolean ok_ = (call);                                         \
		ck_assert_msg(ok_, #call ": %s",                               \
			      failed ? failed->message : "no error");          \
	} while (0)
