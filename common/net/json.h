/*
 * json.h - what requests in JSON are built with.
 */
#pragma once

#include "base/val.h"

#include <jansson.h>

/* Bytes that are set aside for a body at first: most fit, and with its end it
 * is no more than what malloc() has at hand. */
#define JR_JSON_ROOM 1000

/*
 * Put @value, which is taken over, at @path ("aps.alert.title") below @object,
 * making the objects on the way.  NULL @value: nothing is put.
 */
void jr_json_put(json_t *object, const char *path, json_t *value);

/* jr_json_put() of @text, which is UTF-8; NULL: nothing is put. */
void jr_json_put_text(json_t *object, const char *path, const char *text);

/* @value as compact JSON. */
GBytes *jr_json_bytes(const json_t *value);
