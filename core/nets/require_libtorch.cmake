if(NOT EXISTS "${FOLDER}/torch/lib/libtorch_cpu.so")
  message(FATAL_ERROR "libtorch is not in ${FOLDER}. Run packaging/setup first.")
endif()
