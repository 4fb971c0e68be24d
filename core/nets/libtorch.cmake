# Imported target `libtorch`: torch_cpu and c10 as packaging/setup unpacks them. The wheel's own TorchConfig.cmake
# asks for a CUDA toolkit, hence this. -DSTILLROOM_LIBTORCH=FOLDER names another place.
if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(default_cache "$ENV{XDG_CACHE_HOME}")
else()
  set(default_cache "$ENV{HOME}/.cache")
endif()
set(STILLROOM_LIBTORCH "${default_cache}/stillroom/libtorch-2.11.0" CACHE PATH "Folder that holds torch/ and nvidia/")

# Asked for when something is compiled with it: packaging/build downloads it while the rest compiles.
add_custom_target(libtorch_is_there COMMAND ${CMAKE_COMMAND} -DFOLDER=${STILLROOM_LIBTORCH}
  -P ${CMAKE_CURRENT_LIST_DIR}/require_libtorch.cmake)

add_library(libtorch INTERFACE)
add_dependencies(libtorch libtorch_is_there)
# -idirafter: the wheel carries its own fmt and protobuf headers, which must not hide Debian's.
target_compile_options(libtorch INTERFACE "SHELL:-idirafter ${STILLROOM_LIBTORCH}/torch/include")
target_link_libraries(libtorch INTERFACE
  "${STILLROOM_LIBTORCH}/torch/lib/libtorch_cpu.so" "${STILLROOM_LIBTORCH}/torch/lib/libc10.so")
# What libtorch_cpu.so needs in turn is found through its own RPATH at run time, and here at link time.
target_link_options(libtorch INTERFACE
  "LINKER:-rpath,${STILLROOM_LIBTORCH}/torch/lib" "LINKER:-rpath-link,${STILLROOM_LIBTORCH}/torch/lib"
  "LINKER:-rpath-link,${STILLROOM_LIBTORCH}/nvidia/cu13/lib" "LINKER:--allow-shlib-undefined")
