/*
 * aside.h - what many messages count for, and the news of them, put aside and
 * written at once; for the files of store/.
 *
 * A thousand messages of one step count in one row, and their news are rows
 * side by side.
 */
#pragma once

#include "store/log.h"
#include "store/messages.h"
#include "store/report.h"

typedef struct _JrAside JrAside;

JrAside *jr_aside_new(void);
void jr_aside_free(JrAside *aside);

/* As jr_counter_add(). */
void jr_aside_count(JrAside *aside, const JrCounter *counter);

/* How long @message, just accepted, took since its trigger, if it has one; its
 * texts are borrowed until jr_aside_write(). */
void jr_aside_latency(JrAside *aside, const JrMessage *message, gint64 day);

/* The record @note, which has no id; its data is copied, its name borrowed. */
void jr_aside_note(JrAside *aside, const JrLogRow *note);

/* Write all of it, and begin anew. */
gboolean jr_aside_write(JrAside *aside, JrDb *db, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrAside, jr_aside_free)
