# SPDX-License-Identifier: Apache-2.0
# Unit tests, a share of them on each core, and those that need a process, a peer or the whole tree. Their own results
# land beside ctest's, so that .ci/run can count the single tests.
find_program(NODE node)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

set(unit_shares 2)
math(EXPR last_share "${unit_shares} - 1")
foreach(share RANGE ${last_share})
  add_test(NAME unit_${share} COMMAND unit_tests --gtest_brief=1
           --gtest_output=xml:${CMAKE_BINARY_DIR}/results/unit_${share}.xml)
  set_tests_properties(unit_${share} PROPERTIES LABELS unit TIMEOUT 600 COST 800
                       ENVIRONMENT "GTEST_TOTAL_SHARDS=${unit_shares};GTEST_SHARD_INDEX=${share}")
endforeach()

add_test(NAME tidy COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/tidy.py)
set_tests_properties(tidy PROPERTIES LABELS tidy TIMEOUT 60)

# Each file of these has processes and ports of its own, and waits for them most of the time: two at once take half as
# long as one after the other. Those that take longest come first.
if(NODE)
  file(GLOB scripts CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/test
       test/integration/*.test.mjs test/hostile/*.test.mjs)
  foreach(script ${scripts})
    string(REPLACE .test.mjs "" name ${script})
    cmake_path(GET name PARENT_PATH folder)
    add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/test/run ${name} ${CMAKE_BINARY_DIR}/results/${name}.tap)
    set_tests_properties(${name} PROPERTIES LABELS ${folder} TIMEOUT 600 ENVIRONMENT TIDINGS=$<TARGET_FILE:tidings>)
  endforeach()
  add_test(NAME crash COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/test/crash/crash.mjs)
  set_tests_properties(crash PROPERTIES LABELS crash TIMEOUT 600 COST 900 ENVIRONMENT TIDINGS=$<TARGET_FILE:tidings>)
else()
  message(WARNING "No node: the integration and crash tests are left out. tools/setup test installs it.")
endif()
