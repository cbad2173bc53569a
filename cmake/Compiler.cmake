# The language, the warnings, the sanitizers and the compiler cache, for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # base_dir and hash_dir=false: two checkouts of the same sources share what they compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

if(HERALD_SANITIZER STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(HERALD_SANITIZER STREQUAL "thread")
  # By clang alone: what g++ defines there changes the layout of protobuf's maps, and Debian's library has the other one.
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "HERALD_SANITIZER=thread needs clang++, the compiler is ${CMAKE_CXX_COMPILER_ID}; use the preset tsan")
  endif()
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(HERALD_SANITIZER)
  message(FATAL_ERROR "HERALD_SANITIZER is \"${HERALD_SANITIZER}\"; it may be address, thread or empty")
endif()

if(HERALD_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Our own code; generated code is compiled without it. -Wno-restrict: g++ 12 suspects its own std::string when it inlines
# (GCC bug 105651).
add_library(herald_warnings INTERFACE)
target_compile_options(herald_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>
  "$<$<CXX_COMPILER_ID:Clang>:-Wthread-safety;-Wreserved-identifier>")

# herald_library(NAME SOURCES … DEPENDS …): one floor or part of one.
function(herald_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE herald_warnings)
  herald_tidy(${name})
endfunction()

function(herald_tidy name)
  if(HERALD_CLANG_TIDY)
    find_program(CLANG_TIDY_PROGRAM NAMES clang-tidy-14 REQUIRED)
    set_target_properties(${name} PROPERTIES CXX_CLANG_TIDY "${CLANG_TIDY_PROGRAM};--quiet")
  endif()
endfunction()

# herald_compile_apart(SOURCES…): in the presets that compile in batches, each of these on its own, because its unnamed namespace has names
# that a neighbour's has too.
function(herald_compile_apart)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
