/*
 * make_events - a stream of made-up records, for benchmarks: the same for the
 * same arguments.
 *
 *   make_events [-i] RECORDS PEOPLE [SEED]
 *
 * Lines are some 290 bytes long, as those of real products are: nine in ten
 * are events, the rest pages, identifies and devices; a few people make most
 * of the noise.  With -i each of PEOPLE is introduced, once, instead.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_S 1793000000

static uint64_t state;

/* SplitMix64 (public domain). */
static uint64_t draw(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static const char *pick(const char *const *words, uint64_t n)
{
	return words[draw() % n];
}

#define PICK(words) pick(words, sizeof words / sizeof *words)

static const char *const events[] = {
	"Product Viewed", "Search Performed", "Checkout Started",
	"Payment Failed", "Order Completed",  "Feature Used",
	"Report Opened",  "Invite Sent",
};
static const char *const plans[] = { "free", "trial", "pro", "team" };
static const char *const pages[] = { "/pricing", "/docs/start", "/settings" };
static const char *const zones[] = { "America/New_York", "Europe/Berlin",
				     "America/Los_Angeles", "Asia/Kolkata" };

/* Half of what happens is done by an eighth of the people. */
static uint64_t someone(uint64_t people)
{
	return draw() % 2 ? draw() % people : draw() % (people / 8 + 1);
}

static void put_head(uint64_t who, const char *action, uint64_t n)
{
	printf("{\"type\":\"person\",\"identifiers\":{\"id\":\"u_%" PRIu64
	       "\"},\"action\":\"%s\",\"timestamp\":%" PRIu64,
	       who, action, START_S + n / 20);
}

static void put_identify(uint64_t who, uint64_t n)
{
	put_head(who, "identify", n);
	printf(",\"attributes\":{\"email\":\"user%" PRIu64
	       "@example.com\",\"plan\":\"%s\",\"first_name\":\"Ana%" PRIu64
	       "\",\"timezone\":\"%s\",\"logins\":%" PRIu64
	       ",\"sms_opt_in_seen\":%s,\"score\":%" PRIu64 ".5}}\n",
	       who, PICK(plans), who % 977, PICK(zones), draw() % 400,
	       draw() % 2 ? "true" : "false", draw() % 100);
}

static void put_event(uint64_t who, uint64_t n)
{
	put_head(who, "event", n);
	printf(",\"id\":\"01J%016" PRIX64 "%07" PRIu64
	       "\",\"name\":\"%s\",\"attributes\":{\"product_id\":\"sku-%" PRIu64
	       "\",\"amount\":%" PRIu64
	       ",\"currency\":\"USD\",\"quantity\":%" PRIu64
	       ",\"referrer\":\"https://www.example.com/c/%" PRIu64
	       "\",\"device\":\"ios\",\"premium\":%s}}\n",
	       draw(), n, PICK(events), draw() % 5000, draw() % 20000,
	       draw() % 9 + 1, draw() % 300, draw() % 2 ? "true" : "false");
}

static void put_page(uint64_t who, uint64_t n)
{
	const char *page = PICK(pages);

	put_head(who, "page", n);
	printf(",\"id\":\"01P%016" PRIX64 "%07" PRIu64
	       "\",\"name\":\"%s\",\"attributes\":{\"path\":\"%s\",\"url\":"
	       "\"https://app.example.com%s\",\"title\":\"A page of the app\","
	       "\"width\":%" PRIu64 "}}\n",
	       draw(), n, page, page, page, draw() % 2000);
}

static void put_device(uint64_t who, uint64_t n)
{
	put_head(who, "add_device", n);
	printf(",\"device\":{\"token\":\"fcm-%" PRIu64
	       "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\","
	       "\"platform\":\"android\",\"last_used\":%" PRIu64
	       ",\"attributes\":{\"app_version\":\"4.2.0\",\"push_enabled\":"
	       "\"true\"}}}\n",
	       who, START_S + n / 20);
}

static void put_record(uint64_t who, uint64_t n)
{
	uint64_t kind = draw() % 100;

	if (kind < 90)
		put_event(who, n);
	else if (kind < 95)
		put_page(who, n);
	else if (kind < 99)
		put_identify(who, n);
	else
		put_device(who, n);
}

int main(int argc, char **argv)
{
	int introduce = argc > 1 && strcmp(argv[1], "-i") == 0;

	argc -= introduce;
	argv += introduce;
	if (argc < 3) {
		fprintf(stderr, "usage: make_events [-i] RECORDS PEOPLE "
				"[SEED]\n");
		return 64;
	}
	uint64_t records = strtoull(argv[1], NULL, 10);
	uint64_t people = strtoull(argv[2], NULL, 10);

	state = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
	for (uint64_t n = 0; introduce && n < people; n++)
		put_identify(n, n);
	for (uint64_t n = 0; !introduce && n < records; n++)
		put_record(someone(people), n);
	return fflush(stdout) == 0 ? 0 : 74;
}
