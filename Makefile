# Build, test and install the jr- commands.  Needs GNU make.
#
#   make            build/jr-*            make demo     a whole run, to look at
#   make deps       what Debian has       make test     every test, from nothing
#   make install    PREFIX, DESTDIR       make check    every test, as built
#   make uninstall                        make asan     the same, sanitized
#   make dist       jr-VERSION.tar.gz     make valgrind the units, slowly
#   make bench      ratios, minutes       make fuzz     FUZZ_SECONDS a fuzzer
#   make format     lays the C out        make lint     layout, layers, manuals
#   make clean
#
# A new file under cmd/, common/, man/ or tests/ is found by its place: there
# is no list to extend.  CFLAGS, CPPFLAGS and LDFLAGS are the builder's own.

VERSION := 0.1.0
PKGS    := glib-2.0 jansson yajl yaml-0.1 sqlite3 libcurl libjwt libcrypto

PREFIX  ?= /usr/local
BIN      = $(DESTDIR)$(PREFIX)/bin
MAN      = $(DESTDIR)$(PREFIX)/share/man
SHARE    = $(DESTDIR)$(PREFIX)/share/jr
CFLAGS  ?= -O2 -g
B       ?= build

FUZZ_SECONDS ?= 30
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j2) # of a make within this one

PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS       := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm
ALL_CFLAGS  = -std=gnu11 -Icommon -DJR_VERSION='"$(VERSION)"' \
	-DGLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_74 \
	-Wall -Wextra -Wpedantic -Wshadow -Wvla -Wwrite-strings \
	-Wstrict-prototypes -Wmissing-prototypes -Werror=implicit \
	$(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS)

CMDS     := $(basename $(notdir $(wildcard cmd/jr-*.c)))
LIB_SRCS := $(wildcard common/*/*.c common/*/*/*.c)
LIB_OBJS := $(LIB_SRCS:%.c=$(B)/%.o)
UNITS    := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
TOOLS    := $(patsubst %.c,$(B)/%,$(wildcard tests/tools/*.c))
FUZZERS  := $(patsubst %.c,%,$(notdir $(wildcard tests/fuzz/fuzz_*.c)))
HEADERS  := $(wildcard common/*/*.h common/*/*/*.h)
SOURCES  := $(HEADERS) $(LIB_SRCS) $(wildcard cmd/*.c tests/*/*.[ch])
SCRIPTS  := $(wildcard tests/*.sh tests/*/*.sh workflows.example/*.sh)
MANS     := $(wildcard man/*.[1-9])

.PHONY: all units tools deps check test demo asan valgrind fuzz bench lint \
	format install uninstall dist clean ready FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(B)/libjr.a $(CMDS:%=$(B)/%)

units: $(UNITS)
tools: $(TOOLS)

# One line that helps, rather than a hundred of the compiler's.
ready:
	@pkg-config --exists $(PKGS) 2>/dev/null || \
		{ echo 'a library or pkg-config is missing: run "make deps"' >&2; \
		exit 1; }

deps:
	@sh tests/tools/deps.sh test

# Objects depend on the flags they were made with, and on their headers (-MMD).
$(B)/flags: FORCE | ready
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

$(B)/tests/tools/%: $(B)/tests/tools/%.o $(B)/libjr.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# The packages may just have come: make anew, so that pkg-config is asked again.
test: deps
	@$(MAKE) --no-print-directory $(JOBS) check

check: all units tools
	@sh tests/run.sh $(B) $(TESTS)

demo:
	@sh tests/tools/deps.sh product
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@sh workflows.example/demo.sh $(B)

# GLib 2.74 keeps small objects in slices, where the leak checker is blind.
ASAN := -fsanitize=address,undefined -fno-sanitize-recover=all
asan:
	@SANITIZED=1 G_SLICE=always-malloc ASAN_OPTIONS=detect_leaks=1 \
		UBSAN_OPTIONS=print_stacktrace=1 $(MAKE) --no-print-directory \
		$(JOBS) B=$(B)/asan check CFLAGS='-O1 -g $(ASAN)'

valgrind: units
	@command -v valgrind >/dev/null || \
		{ echo 'valgrind is missing: apt-get install valgrind' >&2; \
		exit 1; }
	@for t in $(UNITS); do echo $$t; CK_TIMEOUT_MULTIPLIER=20 \
		JR_HISTORIES=40 \
		G_SLICE=always-malloc valgrind -q --error-exitcode=99 \
		--leak-check=full --errors-for-leak-kinds=definite \
		$$t || exit 1; done

# Fuzzers are clang's (libFuzzer).  Their findings, were there any, stay in
# build/fuzz; what a fuzzer begins with is in tests/fuzz/corpus.
FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
fuzz: ready
	@$(MAKE) --no-print-directory -s $(JOBS) B=$(B)/fuzz CC=clang \
		CFLAGS='$(FUZZ_CFLAGS)' $(FUZZERS:%=$(B)/fuzz/%)
	@for f in $(FUZZERS); do sh tests/fuzz/run.sh $(B)/fuzz $$f \
		$(FUZZ_SECONDS) || exit 1; done

$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/libjr.a
	$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LIBS)

bench: all tools
	@for b in tests/bench/[0-9]*.sh; do \
		PATH='$(abspath $(B))':"$$PATH" B='$(abspath $(B))' \
		sh $$b || exit 1; done

format:
	clang-format -i $(SOURCES)

lint: ready
	clang-format --dry-run -Werror $(SOURCES)
	sh tests/lint/layers.sh
	sh tests/lint/banned.sh
	@echo 'each header compiles alone'
	@for h in $(HEADERS:common/%=%); do \
		printf '#include "%s"\ntypedef int one;\n' "$$h" | $(CC) $(ALL_CFLAGS) -Werror -fsyntax-only -x c - || \
		{ echo "$$h does not compile alone"; exit 1; }; done
	mandoc -Tlint -Wwarning $(MANS)
	shellcheck -S warning -s sh $(SCRIPTS)
	shellcheck -S warning .ci/run
	$(MAKE) --no-print-directory -s $(JOBS) B=$(B)/lint-gcc CC=gcc \
		CFLAGS='-O2 -Werror' all units tools
	$(MAKE) --no-print-directory -s $(JOBS) B=$(B)/lint-clang CC=clang \
		CFLAGS='-O2 -Werror' all units tools

install: all
	install -d $(BIN) $(SHARE)
	install -m 755 $(CMDS:%=$(B)/%) $(BIN)
	@for m in $(MANS); do d=$(MAN)/man$${m##*.}; \
		install -d $$d && install -m 644 $$m $$d || exit 1; done
	cp -R workflows.example $(SHARE)

uninstall:
	rm -f $(CMDS:%=$(BIN)/%)
	@for m in $(MANS); do rm -f $(MAN)/man$${m##*.}/$${m##*/}; done
	rm -rf $(SHARE)

dist:
	git archive --prefix=jr-$(VERSION)/ -o jr-$(VERSION).tar.gz HEAD

clean:
	rm -rf $(B)

-include $(LIB_OBJS:.o=.d) $(CMDS:%=$(B)/cmd/%.d) $(UNITS:%=%.d) \
	$(TOOLS:%=%.d) $(FUZZERS:%=$(B)/tests/fuzz/%.d)
