# SPDX-License-Identifier: Apache-2.0
# Measurements; see doc/performance.md. Not built unless asked for: `make bench`.
add_executable(bench_end_to_end EXCLUDE_FROM_ALL bench/end_to_end.cpp bench/callback_latency.cpp bench/carrier.cpp
               bench/dead_endpoint.cpp bench/endurance.cpp bench/gateway.cpp bench/http_bytes.cpp bench/load.cpp
               bench/machine.cpp bench/neighbours.cpp bench/probe.cpp bench/receiver.cpp bench/scenarios.cpp
               bench/troubles.cpp bench/workload.cpp bench/world.cpp)
target_precompile_headers(bench_end_to_end REUSE_FROM boost_once)
target_link_libraries(bench_end_to_end PRIVATE smpp base CLI11::CLI11 SQLite::SQLite3)

find_package(benchmark QUIET)
if(benchmark_FOUND)
  add_executable(bench_micro EXCLUDE_FROM_ALL bench/micro.cpp)
  target_precompile_headers(bench_micro REUSE_FROM boost_once)
  target_link_libraries(bench_micro PRIVATE store relay webhook smpp wire message text base benchmark::benchmark)
endif()

add_executable(bench_client EXCLUDE_FROM_ALL bench/bench_client.cpp)
target_precompile_headers(bench_client REUSE_FROM boost_once)
target_link_libraries(bench_client PRIVATE tidings::client http base CLI11::CLI11)
