# herald_test(NAME SOURCES … DEPENDS …): one GoogleTest program; ctest sees each test in it.
include(GoogleTest)

function(herald_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} GTest::gmock_main herald_warnings)
  herald_tidy(${name})
  gtest_discover_tests(${name}
    TEST_PREFIX "${name}."
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()

# herald_benchmark(NAME SOURCES … DEPENDS …): one Google Benchmark program, built with everything, run by hand.
function(herald_benchmark name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} benchmark::benchmark_main herald_warnings)
  herald_tidy(${name})
endfunction()

# herald_fuzzer(NAME SOURCES … DEPENDS … CORPUS …): a libFuzzer program NAME, built only with HERALD_BUILD_FUZZERS, and in
# every build a test NAME_corpus_test that runs each file of CORPUS, a folder relative to the repository, through it.
function(herald_fuzzer name)
  cmake_parse_arguments(ARG "" "CORPUS" "SOURCES;DEPENDS" ${ARGN})
  if(HERALD_BUILD_FUZZERS)
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} herald_warnings)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  endif()
  herald_test(${name}_corpus_test
    SOURCES ${ARG_SOURCES} "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus_test.cc"
    DEPENDS ${ARG_DEPENDS})
  target_compile_definitions(${name}_corpus_test PRIVATE HERALD_FUZZ_CORPUS="${ARG_CORPUS}")
endfunction()
