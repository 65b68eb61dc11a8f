# SPDX-License-Identifier: Apache-2.0
# Unit tests stand beside their source; what needs a socket is in test/, with a stub server on 127.0.0.1. The examples
# are run against the built gateway by test/integration/client.test.mjs.
find_package(GTest REQUIRED)
include(GoogleTest)

function(client_tests name)
  add_executable(${name} ${ARGN})
  target_compile_options(${name} PRIVATE ${FOR_TESTS})
  target_compile_definitions(${name} PRIVATE VECTORS="${CMAKE_SOURCE_DIR}/test/vectors")
  target_include_directories(${name} PRIVATE src)
  target_link_libraries(${name} PRIVATE tidings_client OpenSSL::SSL GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${name})
endfunction()

file(GLOB unit_sources CONFIGURE_DEPENDS src/*_test.cpp)
client_tests(client_unit_tests ${unit_sources})
joined(client_unit_tests)
target_precompile_headers(client_unit_tests PRIVATE ${CMAKE_SOURCE_DIR}/src/pch_asio.hpp <gtest/gtest.h>)
file(GLOB stub_sources CONFIGURE_DEPENDS test/*.cpp)
client_tests(client_stub_tests ${stub_sources})
target_precompile_headers(client_stub_tests REUSE_FROM client_unit_tests)

# The first of the programs, with whose header the others are compiled.
add_executable(client_all_calls test/gateway/all_calls.cpp)
target_compile_options(client_all_calls PRIVATE ${FOR_TESTS})
target_precompile_headers(client_all_calls PRIVATE ${CMAKE_SOURCE_DIR}/src/pch_asio.hpp)
target_link_libraries(client_all_calls PRIVATE tidings::client)
set_target_properties(client_all_calls PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/example
                                                  OUTPUT_NAME all_calls)

file(GLOB examples CONFIGURE_DEPENDS example/*.cpp)
foreach(example ${examples})
  get_filename_component(name ${example} NAME_WE)
  add_executable(example_${name} ${example})
  target_compile_options(example_${name} PRIVATE ${FOR_TESTS})
  target_precompile_headers(example_${name} REUSE_FROM client_all_calls)
  target_link_libraries(example_${name} PRIVATE tidings::client)
  set_target_properties(example_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/example
                                                   OUTPUT_NAME ${name})
endforeach()

add_executable(client_plain_c test/plain_c.c)
set_target_properties(client_plain_c PROPERTIES C_STANDARD 99 LINKER_LANGUAGE CXX)
target_link_libraries(client_plain_c PRIVATE tidings::client)
set_target_properties(client_plain_c PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/example
                                                OUTPUT_NAME plain_c)

add_test(NAME client_package COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/test/package/run ${CMAKE_BINARY_DIR}/client-package)
# The first to start: it takes as long as the unit tests beside it.
set_tests_properties(client_package PROPERTIES LABELS integration TIMEOUT 900 COST 1000)
if(CMAKE_CXX_COMPILER_LAUNCHER)
  set_tests_properties(client_package PROPERTIES ENVIRONMENT CMAKE_CXX_COMPILER_LAUNCHER=ccache)
endif()
