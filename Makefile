# Build, test and install the jr- commands.  Needs GNU make and pkg-config.
#
#   make            build/jr-*            make demo     a whole run, to look at
#   make deps       what Debian has       make test     every test, from nothing
#   make install    PREFIX, DESTDIR       make check    every test, as built
#   make uninstall                        make asan     the same, sanitized
#   make dist       jr-VERSION.tar.gz     make lint     layout, layers, manuals
#   make bench      ratios, minutes       make fuzz     FUZZ_SECONDS a fuzzer
#   make format     lays the C out        make clean
#
# A new file under cmd/, common/, man/ or tests/ is found by its place: there
# is no list to extend.  CFLAGS, CPPFLAGS and LDFLAGS are the builder's own.

VERSION := 0.1.0
PKGS    := glib-2.0 jansson yajl yaml-0.1 sqlite3 libcurl libjwt libcrypto

PREFIX  ?= /usr/local
BIN      = $(DESTDIR)$(PREFIX)/bin
MAN      = $(DESTDIR)$(PREFIX)/share/man
CFLAGS  ?= -O2 -g
B       ?= build

PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS       := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm
ALL_CFLAGS  = -std=gnu11 -Icommon -DJR_VERSION='"$(VERSION)"' \
	-DGLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_74 \
	-Wall -Wextra -Wpedantic -Wshadow -Wvla -Wwrite-strings \
	-Wstrict-prototypes -Wmissing-prototypes -Werror=implicit \
	$(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS)

CMDS     := $(basename $(notdir $(wildcard cmd/jr-*.c)))
LIB_OBJS := $(patsubst %.c,$(B)/%.o,$(wildcard common/*/*.c))
UNITS    := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
HEADERS  := $(wildcard common/*/*.h)
SOURCES  := $(HEADERS) $(wildcard cmd/*.c common/*/*.c tests/*/*.[ch])
MANS     := $(wildcard man/*.[1-9])

.PHONY: all units check asan lint format install uninstall dist clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(CMDS:%=$(B)/%) $(B)/libjr.a

units: $(UNITS)

# Objects depend on the flags they were made with, and on their headers (-MMD).
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS) $(LDFLAGS)' | cmp -s - $@ || \
		echo '$(CC) $(ALL_CFLAGS) $(LDFLAGS)' >$@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/libjr.a: $(LIB_OBJS)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/jr-%: $(B)/cmd/jr-%.o $(B)/libjr.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libjr.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) \
		$(shell pkg-config --libs check)

check: all units
	@for t in $(UNITS); do G_DEBUG=fatal-criticals $$t || exit 1; done
	@for t in tests/cli/[0-9]*.sh; do \
		PATH='$(abspath $(B))':"$$PATH" sh $$t || exit 1; done

format:
	clang-format -i $(SOURCES)

clean:
	rm -rf $(B)

-include $(LIB_OBJS:.o=.d) $(CMDS:%=$(B)/cmd/%.d) $(UNITS:%=%.d)
