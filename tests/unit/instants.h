/*
 * instants.h - instants out of text, for the tests of what goes by the clock.
 */
#pragma once

#include "base/instant.h"

#include <check.h>

/* Seconds since 1970; @text says its zone. */
static inline gint64 instant(const char *text)
{
	gint64 ms = 0;

	ck_assert_msg(jr_instant_parse(text, NULL, &ms, NULL), "%s", text);
	return ms / 1000;
}
