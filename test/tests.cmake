# SPDX-License-Identifier: Apache-2.0
# Tests that need a process, a peer or the whole tree; unit tests are found in unit_tests by CMakeLists.txt.
# TAP files land beside ctest's own results, so that .ci/run can count the single tests within `integration`.
find_program(NODE node)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

add_test(NAME tidy COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/tidy.py)
set_tests_properties(tidy PROPERTIES LABELS tidy TIMEOUT 60)

if(NODE)
  add_test(NAME integration
           COMMAND ${CMAKE_SOURCE_DIR}/test/integration/run ${CMAKE_BINARY_DIR}/results/integration.tap)
  add_test(NAME crash COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/test/crash/crash.mjs)
  set_tests_properties(integration crash PROPERTIES RUN_SERIAL TRUE
                       ENVIRONMENT TIDINGS=$<TARGET_FILE:tidings>)
  set_tests_properties(integration PROPERTIES LABELS integration TIMEOUT 900)
  set_tests_properties(crash PROPERTIES LABELS crash TIMEOUT 600)
else()
  message(WARNING "No node: the integration and crash tests are left out. tools/setup test installs it.")
endif()
