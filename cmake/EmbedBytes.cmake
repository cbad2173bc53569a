# cmake -DFROM=FILE -DTO=FILE.inc -P EmbedBytes.cmake: the bytes of a file as the initializers of a C++ array.
file(READ "${FROM}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${TO}" "${bytes}\n")
