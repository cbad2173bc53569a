# herald_embed_texts(TARGET FILES …): for each FILE a FILE.inc beside the target's generated headers that holds the file's
# text as a C++ string literal: constexpr char kText[] =
# #include "path/from/the/source/tree/FILE.inc"
# ;
function(herald_embed_texts target)
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(READ "${file}" text)
    cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY "${CMAKE_SOURCE_DIR}" OUTPUT_VARIABLE folder)
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/embedded/${folder}/${file}.inc" CONTENT "R\"text(${text})text\"\n" @ONLY)
  endforeach()
  target_include_directories(${target} PRIVATE "${CMAKE_BINARY_DIR}/embedded")
endfunction()
