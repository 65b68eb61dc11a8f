# SPDX-License-Identifier: Apache-2.0
# The commands of every day. What they do in detail is in CMakePresets.json, tools/ and test/.
.DEFAULT_GOAL := release
.PHONY: release dev run test quick night bench clean

# Sources are globbed with CONFIGURE_DEPENDS, so that ninja itself notices new files.
build/%/build.ninja: CMakeLists.txt CMakePresets.json
	@command -v cmake >/dev/null && command -v ninja >/dev/null && command -v g++ >/dev/null || \
	    { echo "No compiler here yet: run tools/setup first." >&2; exit 1; }
	cmake --preset $*

release: build/release/build.ninja
	cmake --build --preset release --target tidings

dev: build/dev/build.ninja
	cmake --build --preset dev

# Set-up, build, and a gateway with a simulated carrier that shows what it does.
run:
	@tools/setup
	@$(MAKE) --no-print-directory release
	@tools/run

# Everything but the long rest, under ASan and UBSan. .ci/run counts from the files in build/dev/results.
test:
	@tools/setup test
	@$(MAKE) --no-print-directory dev
	@rm -rf build/dev/results && mkdir -p build/dev/results
	ctest --preset dev --output-junit results/ctest.xml

# Unit tests and tidy: seconds, before each commit.
quick: build/dev/build.ninja
	cmake --build --preset dev --target unit_tests client_unit_tests
	build/dev/unit_tests --gtest_brief=1
	build/dev/sdk/client_unit_tests --gtest_brief=1
	python3 tools/tidy.py

# The long rest: a night's worth of kills on the build that is shipped, a million messages due in one second, whether
# the gateway is in the tenth minute what it was in the second, also with five million messages behind it (which take
# 5 GB, and a machine with nothing else to do), and an hour for each fuzzer.
# What takes that long, or that much at once (MiB), is a finding, too: an input is no longer than a request.
fuzz_limits := -timeout=10 -malloc_limit_mb=256
fuzz_seconds := 3600
fuzzers := answer authorization date http json pdu receipt template text url
night: release
	@tools/setup night
	@$(MAKE) --no-print-directory build/fuzz/build.ninja
	TIDINGS=build/release/tidings KILLS=2000 node test/crash/crash.mjs
	cmake --build --preset release --target unit_tests
	TIDINGS_LONG_TESTS=1 build/release/unit_tests --gtest_filter='*ReleasesAnyNumber*'
	cmake --build --preset fuzz --target $(addprefix fuzz_,$(fuzzers))
	@for name in $(fuzzers); do \
	    mkdir -p build/fuzz/corpus/$$name && \
	    build/fuzz/fuzz_$$name -max_total_time=$(fuzz_seconds) $(fuzz_limits) \
	        $$(ls test/fuzz/$$name.dict 2>/dev/null | sed s/^/-dict=/) \
	        build/fuzz/corpus/$$name test/fuzz/corpus/$$name || exit 1; \
	done
	cmake --build --preset release --target bench_end_to_end
	build/release/bench_end_to_end --gateway build/release/tidings --only tu --minutes 10 --stored 5000000

# What a gateway of this build does on this machine; doc/performance.md says how to read it. Fails if the gateway is
# after a minute not what it was after some seconds.
bench: release
	cmake --build --preset release --target bench_end_to_end bench_micro bench_client
	@mkdir -p build/bench
	build/release/bench_micro
	tools/setup test
	build/release/bench_client
	build/release/bench_end_to_end --gateway build/release/tidings

clean:
	rm -rf build
