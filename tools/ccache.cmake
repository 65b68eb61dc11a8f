# SPDX-License-Identifier: Apache-2.0
# Compiles through ccache where that pays. To fill the cache makes each first compilation up to a second dearer: the
# precompiled header is hashed, and the source preprocessed by itself. So a first build goes without it, unless it is
# asked for, by -DTIDINGS_CCACHE=ON or the same name in the environment; whoever has something in the cache uses it.
find_program(CCACHE ccache)
set(use ${TIDINGS_CCACHE})
if(use STREQUAL AUTO AND DEFINED ENV{TIDINGS_CCACHE})
  set(use $ENV{TIDINGS_CCACHE})
endif()
if(use STREQUAL AUTO)
  set(use OFF)
  if(CCACHE)
    execute_process(COMMAND ${CCACHE} --print-stats OUTPUT_VARIABLE statistics ERROR_QUIET)
    if(statistics MATCHES "files_in_cache\t[1-9]")
      set(use ON)
    endif()
  endif()
endif()
if(use AND CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)  # else it caches nothing that has such a header
  endif()
endif()
