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
  set_tests_properties(unit_${share} PROPERTIES LABELS unit TIMEOUT 600
                       ENVIRONMENT "GTEST_TOTAL_SHARDS=${unit_shares};GTEST_SHARD_INDEX=${share}")
endforeach()

add_test(NAME tidy COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/tidy.py)
set_tests_properties(tidy PROPERTIES LABELS tidy TIMEOUT 60)

if(NODE)
  foreach(folder integration hostile)
    add_test(NAME ${folder}
             COMMAND ${CMAKE_SOURCE_DIR}/test/run ${folder} ${CMAKE_BINARY_DIR}/results/${folder}.tap)
    set_tests_properties(${folder} PROPERTIES LABELS ${folder} TIMEOUT 900)
  endforeach()
  add_test(NAME crash COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/test/crash/crash.mjs)
  set_tests_properties(integration hostile crash PROPERTIES RUN_SERIAL TRUE
                       ENVIRONMENT TIDINGS=$<TARGET_FILE:tidings>)
  set_tests_properties(crash PROPERTIES LABELS crash TIMEOUT 600)
else()
  message(WARNING "No node: the integration and crash tests are left out. tools/setup test installs it.")
endif()
