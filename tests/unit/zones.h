/*
 * zones.h - the fixture of tests that ask for zones by name.
 */
#pragma once

#include "base/zone.h"

static JrZones *zones;

static inline void zones_setup(void)
{
	zones = jr_zones_new();
}

static inline void zones_teardown(void)
{
	jr_zones_free(zones);
}
