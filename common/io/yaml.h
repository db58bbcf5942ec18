/*
 * yaml.h - YAML text as values: workflows, segments, settings.
 *
 * The part of YAML 1.2 (yaml.org/spec/1.2.2) that reads the same to everyone:
 * one document of maps, lists and scalars.  Plain scalars are typed by the core
 * schema (10.3.2): null and ~, true and false, whole and real numbers; all else
 * is text, also yes, no, on, off, 21:00 and 2026-11-23, and whatever stands in
 * quotes.  Anchors, aliases, tags, merge keys, .inf, .nan and further documents
 * are refused, and so is a key that comes twice.
 */
#pragma once

#include "base/val.h"

#define JR_YAML_MAX_BYTES ((gsize)1024 * 1024)
#define JR_YAML_MAX_DEPTH 32 /* maps and lists within each other */

/*
 * The value of @len bytes of @text, which a NUL follows, made in @arena;
 * nothing at all is a null.
 * @file is for messages.  NULL and JR_ERROR_CONFIG "FILE:LINE:COLUMN: what:
 * what to write instead".
 *
 * Each value says where it stood, both from 1, columns in characters: a text
 * where its first character is, behind a quote, and for a block (| or >) in
 * the line after the indicator, whose indentation all of its lines share.
 */
const JrVal *jr_yaml_parse(JrArena *arena, const char *text, gsize len,
			   const char *file, GError **error);

/* The same from the file at @path. */
const JrVal *jr_yaml_load(JrArena *arena, const char *path, GError **error);
